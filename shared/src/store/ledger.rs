//! The Ledger: what was done, to be added to and never changed.
//!
//! An entry is written in one transaction with its event and with the head of its
//! chain. The event's key is the change's name, so that a change is kept once. The
//! head lies in Core, so that who may write the Ledger alone cannot shorten it unseen.

use aws_sdk_dynamodb::{operation::put_item::PutItemError, types::AttributeValue};

use super::{
    core::{Core, Paging},
    cursor::{Cursor, Listed},
    error::{Error, Result},
    item::{Item, attribute, body, item, s, text},
    keys::{ENTRY, Key, owner_partition, place},
    transaction::{Committed, Transaction},
};
use crate::domain::{
    ChangeId,
    audit::{Entry, Hash, Sealed, Tip, Walk},
    event::Event,
    order::Owner,
};

/// How often an entry is tried again after others were written in its place.
const APPEND_TRIES: u32 = 8;

/// The place of the event among the writes of an entry.
const EVENT_WRITE: usize = 0;

/// The Ledger, with the heads of its chains in Core.
#[derive(Clone, Debug)]
pub struct Ledger {
    heads: Core,
    rows: Core,
}

/// What came of keeping something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept since now.
    Now,
    /// It was kept before.
    Before,
}

/// How far a walk along a chain came.
#[derive(Debug)]
pub struct Walked {
    /// The walk.
    pub walk: Walk,
    /// How far the chain is known to have come; absent where the walk is not at its end.
    pub head: Option<Tip>,
    /// Where to go on.
    pub next: Option<Cursor>,
}

impl Ledger {
    /// The Ledger in `table`, whose heads are in `core`.
    #[must_use]
    pub fn new(core: Core, table: impl Into<String>) -> Self {
        let rows = Core {
            table: table.into(),
            ..core.clone()
        };
        Self { heads: core, rows }
    }

    /// Whether a change of `owner`'s is kept already.
    pub async fn knows(&self, owner: &Owner, change: &ChangeId) -> Result<bool> {
        Ok(self.rows.get(&Key::event(owner, change)).await?.is_some())
    }

    /// Adds an entry to its owner's chain, with its event, once per change.
    ///
    /// Each continues the head. Where something lies beyond the head, which only
    /// happens when somebody put it there or Core was restored, the entry takes the
    /// next free place and still continues the head: the break stays to be seen.
    pub async fn append(&self, entry: &Entry) -> Result<Kept> {
        let mut head = self.head(&entry.owner).await?;
        let mut last = head.sequence;
        for _ in 0..APPEND_TRIES {
            let sealed = Sealed::new(entry, last + 1, &head.hash)
                .map_err(|error| Error::corrupt("entry", error))?;
            match self.write(entry, &sealed).await? {
                Committed::Yes => return Ok(Kept::Now),
                Committed::Refused(EVENT_WRITE, _) => return Ok(Kept::Before),
                Committed::Refused(..) => {}
            }
            let newest;
            (head, newest) = tokio::try_join!(self.head(&entry.owner), self.newest(&entry.owner))?;
            last = head.sequence.max(newest);
        }
        Err(Error::Contended {
            operation: "append",
            tries: APPEND_TRIES,
        })
    }

    async fn write(&self, entry: &Entry, sealed: &Sealed) -> Result<Committed> {
        let tip = sealed.tip();
        let event = Event::of_entry(entry, tip.clone());
        let event = event.ok_or_else(|| Error::corrupt("entry", "about nothing"))?;
        let mut transaction = Transaction::default();
        for item in [event_item(&event)?, entry_item(entry, sealed)] {
            transaction.put(
                self.rows
                    .put()
                    .set_item(Some(item))
                    .condition_expression("attribute_not_exists(pk)"),
            )?;
        }
        transaction.update(
            self.heads
                .update(&Key::record_head(&entry.owner))
                .update_expression("SET body = :tip")
                .condition_expression("attribute_not_exists(pk) OR body.#sequence < :sequence")
                .expression_attribute_names("#sequence", "sequence")
                .expression_attribute_values(":sequence", super::item::n(tip.sequence))
                .expression_attribute_values(":tip", attribute("head", &tip)?),
        )?;
        self.heads.commit("append", transaction).await
    }

    /// Keeps an event of something that is on no record, once per change.
    pub async fn keep_event(&self, event: &Event) -> Result<Kept> {
        let sent = self
            .rows
            .client
            .put_item()
            .table_name(&self.rows.table)
            .set_item(Some(event_item(event)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Kept::Now),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(Kept::Before),
                Some(_) | None => Err(Error::unavailable("PutItem", &error)),
            },
        }
    }

    /// How far the owner's chain is known to have come.
    async fn head(&self, owner: &Owner) -> Result<Tip> {
        let item = self.heads.get(&Key::record_head(owner)).await?;
        let head = item.as_ref().map(|item| body("head", item)).transpose()?;
        Ok(head.unwrap_or_default())
    }

    /// The place of the newest entry there is; 0 where there is none.
    async fn newest(&self, owner: &Owner) -> Result<u64> {
        let newest = self.rows.list(owner_partition(owner), ENTRY, page(None, 1));
        let newest = newest.await?.items;
        Ok(newest.first().and_then(sequence).unwrap_or_default())
    }

    /// One page of the owner's entries, the newest first. What has not the form of an
    /// entry is left to the walk, which finds it.
    pub async fn entries(
        &self,
        owner: &Owner,
        cursor: Option<&Cursor>,
        limit: u8,
    ) -> Result<Listed<Sealed>> {
        let page = page(cursor, limit.into());
        let listed = self.rows.list(owner_partition(owner), ENTRY, page).await?;
        Ok(Listed {
            items: listed.items.iter().filter_map(sealed).collect(),
            next: listed.next,
            latest: None,
        })
    }

    /// Walks along the owner's chain from the entry at `from`, over `limit` entries at
    /// most, but two at least: a walk begins where the last one ended. At the end it is compared with the head, which is read afterwards: what
    /// was added meanwhile is walked, too.
    pub async fn walk(&self, owner: &Owner, from: Option<&Cursor>, limit: u32) -> Result<Walked> {
        let first = match from {
            Some(cursor) => {
                let [sequence] = cursor.place("WALK")?;
                let sequence = sequence.parse();
                sequence.map_err(|_| super::cursor::InvalidCursor)?
            }
            None => 1,
        };
        let mut walk = Walk::from(first);
        loop {
            let before = walk.next();
            let left = u64::from(limit.max(2)).saturating_sub(walk.checked());
            let items = self.entries_from(owner, walk.next(), left).await?;
            let read = u64::try_from(items.len()).unwrap_or(u64::MAX);
            for item in &items {
                match sealed(item) {
                    Some(sealed) => walk.step(&sealed),
                    None => walk.stray(),
                }
            }
            let goes_on = walk.next() > before;
            if read >= left && goes_on {
                // The next walk begins at the last entry of this one: their link counts.
                let last = walk.next().saturating_sub(1);
                let next = Some(Cursor::new("WALK", vec![last.to_string()]));
                let head = None;
                return Ok(Walked { walk, head, next });
            }
            let head = self.head(owner).await?;
            if head.sequence < walk.next() || !goes_on {
                walk.end(&head);
                let head = Some(head);
                let next = None;
                return Ok(Walked { walk, head, next });
            }
        }
    }

    /// Entries in their order, from the place `from` on.
    async fn entries_from(&self, owner: &Owner, from: u64, limit: u64) -> Result<Vec<Item>> {
        let answer = self
            .rows
            .client
            .query()
            .table_name(&self.rows.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(owner_partition(owner)))
            .expression_attribute_values(":from", s(Key::entry(owner, from).sk))
            .expression_attribute_values(":to", s(format!("{ENTRY}~")))
            .consistent_read(true)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| Error::unavailable("Query", &error))?;
        Ok(answer.items.unwrap_or_default())
    }
}

/// The event in an item of the Ledger's stream, if it is one.
pub fn event_of(item: &Item) -> Result<Option<Event>> {
    let is_event = text(item, "sk").is_some_and(|sk| sk.starts_with(super::keys::EVENT));
    is_event.then(|| body("event", item)).transpose()
}

const fn page(cursor: Option<&Cursor>, limit: i32) -> Paging<'_> {
    Paging {
        cursor,
        limit,
        oldest_first: false,
    }
}

fn event_item(event: &Event) -> Result<Item> {
    item(&Key::event(&event.owner(), &event.id), "event", event)
}

fn entry_item(entry: &Entry, sealed: &Sealed) -> Item {
    let mut item = Key::entry(&entry.owner, sealed.sequence).attributes();
    for (name, value) in [
        ("content", sealed.content.as_str()),
        ("previous", sealed.previous.as_str()),
        ("hash", sealed.hash.as_str()),
    ] {
        item.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
    }
    item
}

/// The place in an item's key, if it is one that entries have.
fn sequence(item: &Item) -> Option<u64> {
    let digits = text(item, "sk")?.strip_prefix(ENTRY)?;
    let sequence = digits.parse().ok()?;
    (digits == place(sequence)).then_some(sequence)
}

fn sealed(item: &Item) -> Option<Sealed> {
    Some(Sealed {
        sequence: sequence(item)?,
        previous: Hash::kept(text(item, "previous")?),
        hash: Hash::kept(text(item, "hash")?),
        content: text(item, "content")?.to_owned(),
    })
}
