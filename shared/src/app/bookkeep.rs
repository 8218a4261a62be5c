//! Deriving from the streams what no hot path writes.

use crate::{
    domain::Message,
    store::{Result, Threads},
};

/// Brings a conversation's head up to a message that was just written down. Told of
/// the same message again, or of an older one late, it changes nothing.
pub async fn message_written(threads: &Threads, message: &Message) -> Result<()> {
    threads.count(message).await?;
    threads.advance(message).await
}
