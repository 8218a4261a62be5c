//! Messages and conversations, as clients see them.

use serde::Serialize;

use super::NumberText;
use crate::{
    domain::{ConversationId, Direction, Message, MessageId, MessageStatus, Timestamp},
    store::{CountedThread, Thread},
};

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    id: MessageId,
    conversation_id: ConversationId,
    direction: Direction,
    from: String,
    to: String,
    body: String,
    status: MessageStatus,
    failure: Option<String>,
    segments: u32,
    at: Timestamp,
}

impl From<&Message> for MessageView {
    fn from(message: &Message) -> Self {
        let (ours, theirs) = (message.ours.to_string(), message.theirs.clone());
        let (from, to) = match message.direction {
            Direction::Inbound => (theirs, ours),
            Direction::Outbound => (ours, theirs),
        };
        Self {
            id: message.id.clone(),
            conversation_id: message.conversation.clone(),
            direction: message.direction,
            from,
            to,
            body: message.body.clone(),
            status: message.status,
            failure: message.failure.clone(),
            segments: message.segments,
            at: message.at,
        }
    }
}

/// A conversation's head: the workspace's number, the other party, the newest message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    id: ConversationId,
    #[serde(flatten)]
    number: NumberText,
    customer: String,
    last_message: String,
    last_direction: Direction,
    last_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<u64>,
}

impl From<&Thread> for ConversationView {
    fn from(thread: &Thread) -> Self {
        Self {
            id: thread.id.clone(),
            number: NumberText::from(&thread.ours),
            customer: thread.theirs.clone(),
            last_message: thread.last_body.clone(),
            last_direction: thread.last_direction,
            last_at: thread.last_at,
            messages: None,
        }
    }
}

impl From<&CountedThread> for ConversationView {
    fn from(counted: &CountedThread) -> Self {
        Self {
            messages: Some(counted.messages),
            ..Self::from(&counted.thread)
        }
    }
}
