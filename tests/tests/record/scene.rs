//! A world whose streams are read, and delivered as Lambda does.

use std::sync::Arc;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use numberline::{
    app::{bookkeep::keep, publish::publish},
    domain::{
        WorkspaceId,
        audit::{Entry, Walk},
        order::Owner,
    },
    edge::{change_of, for_each_record, for_records_together, kept_event},
};
use numberline_tests::lab::{CORE, LEDGER, Lab, MESSAGES, Setup, Stream};

/// A world and its three streams.
pub(crate) struct Scene {
    pub(crate) lab: Arc<Lab>,
    core: Stream,
    messages: Stream,
    ledger: Stream,
}

impl Scene {
    /// A new world.
    pub(crate) fn new() -> Self {
        let lab = Lab::new(&Setup::default()).unwrap();
        let stream = |table| Stream::of(&lab.tables, table).unwrap();
        Self {
            core: stream(CORE),
            messages: stream(MESSAGES),
            ledger: stream(LEDGER),
            lab,
        }
    }

    /// What the streams of Core and Messages tell since the last time.
    pub(crate) fn news(&mut self) -> Vec<EventRecord> {
        let mut records = self.core.next(&self.lab).unwrap();
        records.extend(self.messages.next(&self.lab).unwrap());
        records
    }

    /// What the stream of the Ledger tells since the last time.
    pub(crate) fn kept(&mut self) -> Vec<EventRecord> {
        self.ledger.next(&self.lab).unwrap()
    }

    /// Delivers everything there is to `bookkeeper` and then to `publish`, each batch
    /// twice, until the streams are quiet: heads are written to Core, too.
    pub(crate) async fn catch_up(&mut self) {
        loop {
            let news = self.news();
            if news.is_empty() {
                break;
            }
            for _ in 0..2 {
                assert_eq!(bookkeep(&self.lab, news.clone()).await, None);
            }
        }
        let kept = self.kept();
        for _ in 0..2 {
            assert_eq!(tell(&self.lab, kept.clone()).await, None);
        }
    }

    /// A workspace's record, in its order.
    pub(crate) async fn record(&self, workspace: &WorkspaceId) -> Vec<Entry> {
        self.record_of(&Owner::Workspace(workspace.clone())).await
    }

    /// Somebody's record, in its order.
    pub(crate) async fn record_of(&self, owner: &Owner) -> Vec<Entry> {
        let (ledger, mut cursor) = (self.lab.ledger(), None);
        let mut entries = Vec::new();
        loop {
            let page = ledger.entries(owner, cursor.as_ref(), 100).await.unwrap();
            entries.extend(page.items.iter().map(|sealed| sealed.entry().unwrap()));
            cursor = page.next;
            if cursor.is_none() {
                entries.reverse();
                return entries;
            }
        }
    }

    /// A walk along all of somebody's record.
    pub(crate) async fn walk(&self, owner: &Owner) -> Walk {
        let walked = self.lab.ledger().walk(owner, None, 500).await.unwrap();
        assert!(walked.next.is_none(), "the record is longer than a walk");
        walked.walk
    }
}

fn batch(records: Vec<EventRecord>) -> Event {
    let mut event = Event::default();
    event.records = records;
    event
}

/// Delivers records to `bookkeeper`: where the stream has to begin again.
pub(crate) async fn bookkeep(lab: &Lab, records: Vec<EventRecord>) -> Option<String> {
    let books = lab.bookkeeping();
    let derive = async |record| match change_of(record)? {
        Some(change) => keep(&books, &change).await,
        None => Ok(()),
    };
    let response = for_each_record(batch(records), derive).await;
    let first = response.batch_item_failures.into_iter().next();
    first.and_then(|failure| failure.item_identifier)
}

/// Delivers records to `publish`: where the stream has to begin again.
pub(crate) async fn tell(lab: &Lab, records: Vec<EventRecord>) -> Option<String> {
    let (bus, clock) = (lab.event_bus(), lab.clock());
    let send = async |events: Vec<_>| publish(&bus, &clock, &events).await;
    let response = for_records_together(batch(records), kept_event, send).await;
    let first = response.batch_item_failures.into_iter().next();
    first.and_then(|failure| failure.item_identifier)
}

/// The records from `sequence` on: what is delivered again.
pub(crate) fn from(records: &[EventRecord], sequence: &str) -> Vec<EventRecord> {
    let begins = |record: &&EventRecord| record.change.sequence_number.as_deref() == Some(sequence);
    let start = records.iter().position(|record| begins(&record)).unwrap();
    records[start..].to_vec()
}
