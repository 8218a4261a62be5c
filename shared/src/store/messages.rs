//! Messages: one item each, whose key is its own deduplication.

use std::{fmt, sync::Arc};

use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};

use super::{
    cursor::{Cursor, Listed},
    error::{Error, Result},
    item::{Item, attribute, body, item, n, s, text},
    keys::{Key, MESSAGE, thread_messages},
    orders::condition_failed,
};
use crate::{
    chance::Chance,
    domain::{
        AccountId, Actor, ConversationId, Direction, Message, MessageId, MessageStatus,
        WorkspaceId, carrier::CarrierMessageId,
    },
};

/// The Messages table.
#[derive(Clone)]
pub struct Messages {
    pub(super) client: Client,
    pub(super) table: String,
    chance: Arc<dyn Chance>,
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

/// What came of writing a message down.
#[derive(Debug)]
pub enum Inserted {
    /// It is new.
    Yes,
    /// It was there already, as it is.
    Before(Box<Message>),
}

/// What the carrier said about a message.
#[derive(Clone, Debug)]
pub struct News<'a> {
    /// How far it got.
    pub status: MessageStatus,
    /// The carrier's name for it, if this is where it is learnt.
    pub carrier_message: Option<&'a CarrierMessageId>,
    /// Our code for why it failed.
    pub failure: Option<&'a str>,
    /// Parts it is charged as, if this is where they are learnt.
    pub segments: Option<u32>,
}

impl Messages {
    /// The table called `table`.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>, chance: Arc<dyn Chance>) -> Self {
        Self {
            client,
            table: table.into(),
            chance,
        }
    }

    /// Writes a message down, once. A message that came in is known by the
    /// carrier's name for it, one that goes out by ours.
    pub async fn insert(&self, message: &Message) -> Result<Inserted> {
        let mark = format!("{:032x}", self.chance.draw());
        let mut item = new_item(message)?;
        item.insert("write_id".to_owned(), s(&mark));
        let sent = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(Inserted::Yes);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                let old = failed.item().cloned().unwrap_or_default();
                // The first try was written and only its answer was lost.
                if text(&old, "write_id") == Some(&mark) {
                    return Ok(Inserted::Yes);
                }
                Ok(Inserted::Before(Box::new(body("message", &old)?)))
            }
            Some(_) | None => Err(Error::unavailable("PutItem", &error)),
        }
    }

    /// Records news of an outgoing message, if it says more than what is known and
    /// comes from the account the message went through. Answers whether it counted.
    pub async fn record(
        &self,
        message: &MessageId,
        account: &AccountId,
        news: &News<'_>,
        by: &Actor,
    ) -> Result<bool> {
        let mut parts = vec![
            "body.#status = :status",
            "#rank = :rank",
            "body.changed_by = :by",
        ];
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::outbound(message).attributes()))
            .condition_expression("#rank < :rank AND body.#account = :account")
            .expression_attribute_names("#status", "status")
            .expression_attribute_names("#rank", "rank")
            .expression_attribute_names("#account", "account")
            .expression_attribute_values(":status", attribute("status", &news.status)?)
            .expression_attribute_values(":rank", n(news.status.rank()))
            .expression_attribute_values(":account", s(account))
            .expression_attribute_values(":by", attribute("actor", by)?);
        if let Some(carrier_message) = news.carrier_message {
            parts.push("body.carrier_message = :name");
            update = update.expression_attribute_values(":name", s(carrier_message));
        }
        if let Some(failure) = news.failure {
            parts.push("body.failure = :failure");
            update = update.expression_attribute_values(":failure", s(failure));
        }
        if let Some(segments) = news.segments {
            parts.push("body.#segments = :segments");
            update = update
                .expression_attribute_names("#segments", "segments")
                .expression_attribute_values(":segments", n(segments));
        }
        let sent = update
            .update_expression(format!("SET {}", parts.join(", ")))
            .return_values(ReturnValue::None)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if condition_failed(&error).is_some() => Ok(false),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    /// An outgoing message as it is.
    pub async fn outgoing(&self, message: &MessageId) -> Result<Option<Message>> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(Key::outbound(message).attributes()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        answer
            .item
            .as_ref()
            .map(|item| body("message", item))
            .transpose()
    }

    /// One page of a conversation, newest first.
    pub async fn conversation(
        &self,
        workspace: &WorkspaceId,
        conversation: &ConversationId,
        cursor: Option<&Cursor>,
        limit: u8,
    ) -> Result<Listed<Message>> {
        let partition = thread_messages(workspace, conversation);
        let listed = self.by_time(partition, cursor, limit).await?;
        let items = listed.items.iter().map(|item| body("message", item));
        Ok(Listed {
            items: items.collect::<Result<_>>()?,
            next: listed.next,
        })
    }

    /// One page of a partition of the index by time, newest first.
    pub(super) async fn by_time(
        &self,
        partition: String,
        cursor: Option<&Cursor>,
        limit: u8,
    ) -> Result<Listed<Item>> {
        let from = cursor.and_then(|cursor| match cursor.0.as_slice() {
            [at, pk, sk] => Some(Item::from([
                ("thread".to_owned(), s(&partition)),
                ("at".to_owned(), s(at)),
                ("pk".to_owned(), s(pk)),
                ("sk".to_owned(), s(sk)),
            ])),
            _ => None,
        });
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by-time")
            .key_condition_expression("thread = :thread")
            .expression_attribute_values(":thread", s(&partition))
            .scan_index_forward(false)
            .limit(i32::from(limit))
            .set_exclusive_start_key(from)
            .send()
            .await
            .map_err(|error| Error::unavailable("Query", &error))?;
        let next = answer.last_evaluated_key.as_ref().and_then(|key| {
            let part = |name| text(key, name).map(ToOwned::to_owned);
            Some(Cursor(vec![part("at")?, part("pk")?, part("sk")?]))
        });
        Ok(Listed {
            items: answer.items.unwrap_or_default(),
            next,
        })
    }
}

/// Where a message lies.
pub(super) fn key_of(message: &Message) -> Key {
    match (message.direction, &message.carrier_message) {
        (Direction::Inbound, Some(name)) => Key::inbound(&message.carrier, &message.account, name),
        (Direction::Inbound, None) | (Direction::Outbound, _) => Key::outbound(&message.id),
    }
}

/// The item of a message. `at` ends in the message's name, so that messages of one
/// millisecond keep an order.
fn new_item(message: &Message) -> Result<Item> {
    let mut item = item(&key_of(message), "message", message)?;
    let thread = thread_messages(&message.workspace, &message.conversation);
    item.insert("thread".to_owned(), s(thread));
    item.insert("at".to_owned(), s(format!("{}#{}", message.at, message.id)));
    item.insert("rank".to_owned(), n(message.status.rank()));
    Ok(item)
}

/// The message in an item of the table's stream, if it is one.
pub fn message_of(item: &Item) -> Result<Option<Message>> {
    match text(item, "sk") {
        Some(MESSAGE) => body("message", item).map(Some),
        Some(_) | None => Ok(None),
    }
}
