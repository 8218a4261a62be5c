//! What other systems are told: one event for every entry of the record, and one for
//! every step of a message's way. `docs/events.md` is their catalogue.
//!
//! An event says what changed and never what a message says. Its id is the change's, so
//! that whoever is told twice knows it.

use serde::{Deserialize, Serialize};

use super::{
    audit::{Action, Change, Changed, Entry, Facts, Tip, Versions},
    id::{ChangeId, WorkspaceId},
    message::{Direction, Message, MessageStatus},
    named::named,
    order::Owner,
    time::Timestamp,
};

/// The form of every event. Fields may be added under the same number.
pub const VERSION: u8 = 1;

named! {
    /// A step of a message's way. The names are part of the public contract.
    MessageStep {
        /// It came in.
        Received = "message.received",
        /// The carrier has it.
        Sent = "message.sent",
        /// It arrived.
        Delivered = "message.delivered",
        /// It did not arrive.
        Failed = "message.failed",
    }
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EventKind {
    /// Something that is on the record.
    Recorded(Action),
    /// A message.
    Message(MessageStep),
}

/// An event, as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The same however often it is published.
    pub id: ChangeId,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// The form it has.
    pub version: u8,
    /// When it happened, to the second.
    pub at: Timestamp,
    /// Whose it is; absent for the platform's own.
    pub workspace_id: Option<WorkspaceId>,
    /// Its place on the record: with it a later look shows whether the record up to
    /// here is still what it was. Absent for messages, which are on no record.
    pub audit: Option<Tip>,
    /// The thing as it is since, or as it was at last.
    pub data: Facts,
}

impl EventKind {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recorded(action) => action.name(),
            Self::Message(step) => step.name(),
        }
    }
}

impl Event {
    /// The event of an entry with its place on the record. None for an entry about
    /// nothing, which no change makes.
    #[must_use]
    pub fn of_entry(entry: &Entry, place: Tip) -> Option<Self> {
        let data = entry.after.as_ref().or(entry.before.as_ref())?;
        Some(Self {
            id: entry.id.clone(),
            kind: EventKind::Recorded(entry.action),
            version: VERSION,
            at: entry.at,
            workspace_id: workspace_of(&entry.owner),
            audit: Some(place),
            data: data.clone(),
        })
    }

    /// The event of a message's change, if it is a step of its way.
    #[must_use]
    pub fn of_message(change: &Change) -> Option<Self> {
        let Changed::Message(versions) = &change.what else {
            return None;
        };
        let step = step_of(versions)?;
        let message = versions.after.as_deref()?;
        Some(Self {
            id: change.id.clone(),
            kind: EventKind::Message(step),
            version: VERSION,
            at: change.at,
            workspace_id: Some(message.workspace.clone()),
            audit: None,
            data: Facts::from(message),
        })
    }

    /// Whose record or messages it belongs to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        self.workspace_id
            .clone()
            .map_or(Owner::Stock, Owner::Workspace)
    }
}

fn workspace_of(owner: &Owner) -> Option<WorkspaceId> {
    match owner {
        Owner::Workspace(workspace) => Some(workspace.clone()),
        Owner::Stock => None,
    }
}

/// The step that a message has come to. A status that only says how its handing over
/// stands is none, and nothing is told twice: the carrier has it from `queued` on.
fn step_of(versions: &Versions<Message>) -> Option<MessageStep> {
    let reached = |message: &Message| match (message.direction, message.status) {
        (Direction::Inbound, _) | (_, MessageStatus::Received) => Some(MessageStep::Received),
        (_, MessageStatus::Sending | MessageStatus::Unknown) => None,
        (_, MessageStatus::Queued | MessageStatus::Sent) => Some(MessageStep::Sent),
        (_, MessageStatus::Delivered) => Some(MessageStep::Delivered),
        (_, MessageStatus::Undelivered | MessageStatus::Failed) => Some(MessageStep::Failed),
    };
    let before = versions.before.as_deref().and_then(reached);
    let after = reached(versions.after.as_deref()?);
    after.filter(|_| after != before)
}
