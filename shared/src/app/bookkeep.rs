//! Deriving from the streams what no hot path writes: conversations' heads, the record
//! of what was done, and the events that others are told.

use crate::{
    domain::{
        Message,
        audit::{Action, Change, Changed},
        event::Event,
    },
    store::{Ledger, Result, Threads},
};

/// What the bookkeeper keeps.
#[derive(Clone, Debug)]
pub struct Books {
    /// Conversations' heads.
    pub threads: Threads,
    /// The record.
    pub ledger: Ledger,
}

/// Keeps what follows from a change. Told of it again, it changes nothing.
pub async fn keep(books: &Books, change: &Change) -> Result<()> {
    if let Changed::Message(versions) = &change.what
        && let (None, Some(message)) = (&versions.before, &versions.after)
    {
        message_written(&books.threads, message).await?;
    }
    if let Some(entry) = change.entry() {
        Box::pin(books.ledger.append(&entry)).await?;
    } else if let Some(event) = Event::of_message(change) {
        books.ledger.keep_event(&event).await?;
    }
    Ok(())
}

/// Whether a change is news of an order that needs a person. Asked before the change is
/// kept, so that who dies in between is asked again and nobody is missed.
pub async fn asks_for_a_person(books: &Books, change: &Change) -> Result<bool> {
    match change.entry() {
        Some(entry) if entry.action == Action::OrderNeedsAttention => {
            Ok(!books.ledger.knows(&entry.owner, &entry.id).await?)
        }
        Some(_) | None => Ok(false),
    }
}

/// Brings a conversation's head up to a message that was just written down. Told of
/// the same message again, or of an older one late, it changes nothing.
pub async fn message_written(threads: &Threads, message: &Message) -> Result<()> {
    threads.count(message).await?;
    threads.advance(message).await
}
