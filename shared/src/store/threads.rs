//! Thread heads: one item per conversation, written from the stream by one writer.

use aws_sdk_dynamodb::types::Update;
use serde::{Deserialize, Serialize};

use super::{
    cursor::Listed,
    error::{Error, Result},
    item::{BODY, attribute, body, n, s},
    keys::{Key, threads},
    messages::{Messages, Window},
    transaction::Transaction,
};
use crate::domain::{ConversationId, Direction, E164, Message, Timestamp, WorkspaceId};

/// A conversation's head: what a list of conversations shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The conversation.
    pub id: ConversationId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// The workspace's number.
    pub ours: E164,
    /// The other party.
    pub theirs: String,
    /// The newest message's text.
    pub last_body: String,
    /// Which way it went.
    pub last_direction: Direction,
    /// When.
    pub last_at: Timestamp,
}

impl From<&Message> for Thread {
    /// The head of a conversation whose newest message this is.
    fn from(message: &Message) -> Self {
        Self {
            id: message.conversation.clone(),
            workspace: message.workspace.clone(),
            ours: message.ours.clone(),
            theirs: message.theirs.clone(),
            last_body: message.body.clone(),
            last_direction: message.direction,
            last_at: message.at,
        }
    }
}

/// A thread with its count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedThread {
    /// The head.
    pub thread: Thread,
    /// Messages in it.
    pub messages: u64,
}

/// The one writer of thread heads.
#[derive(Clone, Debug)]
pub struct Threads(Messages);

impl Threads {
    /// The heads kept beside `messages`.
    #[must_use]
    pub fn new(messages: Messages) -> Self {
        Self(messages)
    }

    /// Counts a message in its thread, once however often the stream says so: the
    /// message itself is marked in the same transaction. Others that write either at the
    /// same moment are waited out: what fails here holds up a whole shard of the stream.
    pub async fn count(&self, message: &Message) -> Result<()> {
        let table = &self.0.table;
        let mark = Update::builder()
            .table_name(table)
            .set_key(Some(super::messages::key_of(message).attributes()))
            .update_expression("SET counted = :yes")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(counted)")
            .expression_attribute_values(":yes", s("yes"));
        let head = Update::builder()
            .table_name(table)
            .set_key(Some(
                Key::thread(&message.workspace, &message.conversation).attributes(),
            ))
            .update_expression("ADD messages :one")
            .expression_attribute_values(":one", n(1));
        let mut transaction = Transaction::default();
        transaction.update(mark)?;
        transaction.update(head)?;
        // Refused is what was counted before, or is gone.
        self.0.commit("count message", transaction).await.map(drop)
    }

    /// Puts a message at the head of its thread, unless a newer one is there.
    pub async fn advance(&self, message: &Message) -> Result<()> {
        let thread = Thread::from(message);
        let at = format!("{}#{}", message.at, message.id);
        let sent = self
            .0
            .client
            .update_item()
            .table_name(&self.0.table)
            .set_key(Some(
                Key::thread(&message.workspace, &message.conversation).attributes(),
            ))
            .update_expression("SET #body = :head, thread = :thread, #at = :at")
            .condition_expression("attribute_not_exists(#at) OR #at < :at")
            .expression_attribute_names("#body", BODY)
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":head", attribute("thread", &thread)?)
            .expression_attribute_values(":thread", s(threads(&message.workspace)))
            .expression_attribute_values(":at", s(at))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) if super::orders::condition_failed(&error).is_some() => Ok(()),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}

impl Messages {
    /// One page of a workspace's conversations, by their newest message.
    pub async fn threads(
        &self,
        workspace: &WorkspaceId,
        window: Window<'_>,
    ) -> Result<Listed<CountedThread>> {
        let listed = self.by_time(threads(workspace), "THREADS", window).await?;
        listed.try_map(|item| {
            let messages = item.get("messages").and_then(|count| count.as_n().ok());
            Ok(CountedThread {
                thread: body("thread", item)?,
                messages: messages
                    .and_then(|count| count.parse().ok())
                    .unwrap_or_default(),
            })
        })
    }

    /// The conversation's head, if it is the workspace's.
    pub async fn thread(
        &self,
        workspace: &WorkspaceId,
        conversation: &ConversationId,
    ) -> Result<Option<Thread>> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(Key::thread(workspace, conversation).attributes()))
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        // A head that was counted and not yet written has no body.
        let head = answer.item.filter(|item| item.contains_key(BODY));
        head.as_ref().map(|item| body("thread", item)).transpose()
    }
}
