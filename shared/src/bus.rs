//! The bus that others listen to. An event carries its own id: what is published twice
//! is known by it.

use std::{collections::BTreeSet, fmt};

use aws_sdk_eventbridge::{
    Client, operation::put_events::PutEventsOutput, primitives::DateTime,
    types::PutEventsRequestEntry,
};

use crate::{domain::event::Event, store::error::said};

/// Events that the bus takes in one request.
pub const EVENTS_MAX: usize = 10;

/// Who says it: the `source` of every event.
const SOURCE: &str = "numberline";

/// The event bus.
#[derive(Clone)]
pub struct EventBus {
    client: Client,
    name: String,
}

/// Events that were not accepted, or perhaps were.
#[derive(Debug, thiserror::Error)]
#[error("the event bus did not answer: {0}")]
pub struct NotPublished(String);

impl fmt::Debug for EventBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBus")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl EventBus {
    /// The bus called `name`.
    #[must_use]
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            client,
            name: name.into(),
        }
    }

    /// Offers up to [`EVENTS_MAX`] events; answers the places of those it refused.
    pub async fn put(&self, events: &[&Event]) -> Result<BTreeSet<usize>, NotPublished> {
        let entries = events.iter().map(|event| self.entry(event));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let sent = self.client.put_events().set_entries(Some(entries)).send();
        let answer = sent.await.map_err(|error| NotPublished(said(&error)))?;
        refused(&answer, events.len())
    }

    fn entry(&self, event: &Event) -> Result<PutEventsRequestEntry, NotPublished> {
        let detail = serde_json::to_string(event);
        let detail = detail.map_err(|error| NotPublished(error.to_string()))?;
        Ok(PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(event.kind.name())
            .time(DateTime::from_millis(event.at.as_millis()))
            .detail(detail)
            .build())
    }
}

/// The answer has one part for each event, in their order.
fn refused(answer: &PutEventsOutput, asked: usize) -> Result<BTreeSet<usize>, NotPublished> {
    let parts = answer.entries();
    if parts.len() != asked {
        let said = format!("{} answers for {asked} events", parts.len());
        return Err(NotPublished(said));
    }
    let refused = parts.iter().enumerate().filter_map(|(place, part)| {
        let code = part.error_code()?;
        tracing::warn!(code, "the bus refused an event");
        Some(place)
    });
    Ok(refused.collect())
}
