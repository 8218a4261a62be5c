//! Messages: one item each, whose key is its own deduplication.

use std::{fmt, sync::Arc, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use serde::de::DeserializeOwned;

use super::{
    cursor::{Cursor, Listed},
    error::{Error, Result},
    item::{Item, attribute, body, item, n, s, text},
    keys::{Key, thread_messages},
    orders::condition_failed,
};
use crate::{
    chance::Chance,
    clock::Clock,
    domain::{
        AccountId, Actor, CarrierId, ConversationId, Direction, E164, Message, MessageId,
        MessageStatus, Timestamp, WorkspaceId, carrier::CarrierMessageId,
    },
};

/// The Messages table.
#[derive(Clone)]
pub struct Messages {
    pub(super) client: Client,
    pub(super) table: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) chance: Arc<dyn Chance>,
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

/// A proven message that is for nobody here: nobody has the number, or the shared
/// number writes to this customer for nobody.
#[derive(Clone, Copy, Debug)]
pub struct Stray<'a> {
    /// The carrier that brought it.
    pub carrier: &'a CarrierId,
    /// The account it came to.
    pub account: &'a AccountId,
    /// The carrier's name for it.
    pub id: &'a CarrierMessageId,
    /// Who wrote.
    pub from: &'a str,
    /// The number it was for.
    pub to: &'a E164,
    /// The text.
    pub body: &'a str,
    /// When it came.
    pub at: Timestamp,
}

impl Stray<'_> {
    pub(super) fn item(&self) -> Item {
        let Self {
            carrier,
            account,
            id,
            from,
            to,
            body,
            at,
        } = self;
        let mut item = Key::stray(carrier, account, id).attributes();
        for (name, value) in [("from", *from), ("to", to.as_str()), ("text", *body)] {
            item.insert(name.to_owned(), s(value));
        }
        item.insert("received_at".to_owned(), s(at));
        item
    }
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
    pub fn new(
        client: Client,
        table: impl Into<String>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Self {
        Self {
            client,
            table: table.into(),
            clock,
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

    /// Keeps a proven message that is for nobody here, for operators. It is in no
    /// conversation, and nobody's.
    pub async fn keep_stray(&self, stray: &Stray<'_>) -> Result<()> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(stray.item()))
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::unavailable("PutItem", &error))
    }

    /// Records news of an outgoing message, if it says more than what is known and
    /// comes from the account the message went through. Answers whether it counted. Its
    /// segments are kept either way, unless they are known.
    pub async fn record(
        &self,
        message: &MessageId,
        account: &AccountId,
        news: &News<'_>,
        by: &Actor,
    ) -> Result<bool> {
        let counted = self.record_status(message, account, news, by).await?;
        if !counted && let Some(segments) = news.segments {
            self.record_segments(message, account, segments, by).await?;
        }
        Ok(counted)
    }

    /// Keeps the segments that came with news which was overtaken.
    async fn record_segments(
        &self,
        message: &MessageId,
        account: &AccountId,
        segments: u32,
        by: &Actor,
    ) -> Result<()> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::outbound(message).attributes()))
            .update_expression("SET body.#segments = :segments, body.changed_by = :by")
            .condition_expression("body.#account = :account AND body.#segments = :unknown")
            .expression_attribute_names("#segments", "segments")
            .expression_attribute_names("#account", "account")
            .expression_attribute_values(":segments", n(segments))
            .expression_attribute_values(":unknown", n(0))
            .expression_attribute_values(":account", s(account))
            .expression_attribute_values(":by", attribute("actor", by)?)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) if condition_failed(&error).is_some() => Ok(()),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    async fn record_status(
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
        self.read("message", &Key::outbound(message)).await
    }

    /// The thing at `key`, as it was last written.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        what: &'static str,
        key: &Key,
    ) -> Result<Option<T>> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        answer
            .item
            .as_ref()
            .map(|item| body(what, item))
            .transpose()
    }

    /// One page of a conversation.
    pub async fn conversation(
        &self,
        workspace: &WorkspaceId,
        conversation: &ConversationId,
        window: Window<'_>,
    ) -> Result<Listed<Message>> {
        let partition = thread_messages(workspace, conversation);
        let listed = self.by_time(partition, "MESSAGES", window).await?;
        listed.try_map(|item| body("message", item))
    }

    /// One page of a partition of the index by time. A page that is asked for what is
    /// newer runs forward, every other one backward. A cursor holds a place in time
    /// and nothing of the table's key, which names accounts.
    pub(super) async fn by_time(
        &self,
        partition: String,
        list: &str,
        window: Window<'_>,
    ) -> Result<Listed<Item>> {
        let forward = window.since.is_some();
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by-time")
            .expression_attribute_values(":thread", s(partition))
            .scan_index_forward(forward)
            .limit(i32::from(window.limit));
        let mut condition = "thread = :thread";
        if let Some(cursor) = window.since.or(window.cursor) {
            let [at] = cursor.place(list).map_err(|error| {
                if forward {
                    Error::InvalidSince(error)
                } else {
                    Error::InvalidCursor(error)
                }
            })?;
            condition = if forward {
                "thread = :thread AND #at > :at"
            } else {
                "thread = :thread AND #at < :at"
            };
            query = query
                .expression_attribute_names("#at", "at")
                .expression_attribute_values(":at", s(at));
        }
        let answer = query
            .key_condition_expression(condition)
            .send()
            .await
            .map_err(|error| Error::unavailable("Query", &error))?;
        let items = answer.items.unwrap_or_default();
        let place = |item: &Item| Some(Cursor::new(list, vec![text(item, "at")?.to_owned()]));
        let more = answer.last_evaluated_key.is_some();
        let newest = if forward { items.last() } else { items.first() };
        // A forward page that is not the last goes on exactly where it ended.
        let latest = if forward && more {
            newest.and_then(place)
        } else {
            let at = newest
                .and_then(|item| text(item, "at"))
                .and_then(overlapping);
            at.map(|at| Cursor::new(list, vec![at]))
        };
        Ok(Listed {
            next: items.last().filter(|_| more && !forward).and_then(place),
            latest: latest.or_else(|| window.since.cloned()),
            items,
        })
    }
}

/// A place in time from which a later look misses nothing. A message is dated before it
/// is written, and writing may be tried for as long as an AWS call may take: so the
/// next look begins that much earlier, and may see again what was seen.
fn overlapping(at: &str) -> Option<String> {
    let (at, _) = at.split_once('#')?;
    let at: Timestamp = at.parse().ok()?;
    Some(at.minus(OVERLAP).to_string())
}

/// Longer than an AWS call takes with its retries, and than clocks differ.
const OVERLAP: Duration = Duration::from_secs(10);

/// Which part of a list by time is read.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Where a page that runs backward begins.
    pub cursor: Option<&'a Cursor>,
    /// Only what is newer, oldest first.
    pub since: Option<&'a Cursor>,
    /// At most how many.
    pub limit: u8,
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
pub(super) fn new_item(message: &Message) -> Result<Item> {
    let mut item = item(&key_of(message), "message", message)?;
    let thread = thread_messages(&message.workspace, &message.conversation);
    item.insert("thread".to_owned(), s(thread));
    item.insert("at".to_owned(), s(format!("{}#{}", message.at, message.id)));
    item.insert("rank".to_owned(), n(message.status.rank()));
    Ok(item)
}
