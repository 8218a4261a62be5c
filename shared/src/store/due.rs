//! Orders that are due: the sparse index the sweep reads.

use super::{
    core::Core,
    error::{Error, Result},
    item::{Item, s, text},
    keys::{Key, ORDER, OrderKey},
    orders::condition_failed,
};
use crate::domain::{OrderId, Timestamp, order::Owner};

/// The index of what is due is spread over this many partitions.
const WAKE_SHARDS: u8 = 4;

/// Orders on one page of the index.
const DUE_PAGE: i32 = 100;

/// An order that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its place.
    pub key: OrderKey,
    /// When it was due.
    pub wake_at: Timestamp,
}

/// What is due.
#[derive(Debug, Default)]
pub struct DueOrders {
    /// The orders, the longest due first.
    pub orders: Vec<Due>,
    /// Why entries of the index could not be read.
    pub unreadable: Vec<Error>,
}

/// The partition of the index that an order lies in.
pub(super) fn shard(order: &OrderId) -> String {
    let last = order.as_str().bytes().last().unwrap_or_default();
    shard_name(last % WAKE_SHARDS)
}

fn shard_name(shard: u8) -> String {
    format!("WAKE#{shard}")
}

impl Core {
    /// Orders due at `now`, at most a page of each shard. One entry that cannot be read
    /// keeps nobody else waiting.
    pub async fn due_orders(&self, now: Timestamp) -> Result<DueOrders> {
        let mut due = DueOrders::default();
        for shard in 0..WAKE_SHARDS {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .index_name("wake")
                .key_condition_expression("wake_shard = :shard AND wake_at <= :now")
                .expression_attribute_values(":shard", s(shard_name(shard)))
                .expression_attribute_values(":now", s(now))
                .limit(DUE_PAGE)
                .send()
                .await
                .map_err(|error| Error::unavailable("Query", &error))?;
            for item in answer.items.unwrap_or_default() {
                match read_due(&item) {
                    Ok(order) => due.orders.push(order),
                    Err(error) => due.unreadable.push(error),
                }
            }
        }
        due.orders.sort_by_key(|due| due.wake_at);
        Ok(due)
    }

    /// Moves a due order's next look to `next`, so that it is enqueued once. False
    /// where somebody else has moved it already.
    pub async fn postpone(&self, due: &Due, next: Timestamp) -> Result<bool> {
        let key = Key::order(&due.key.owner, &due.key.order);
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("SET wake_at = :next")
            .condition_expression("wake_at = :seen")
            .expression_attribute_values(":next", s(next))
            .expression_attribute_values(":seen", s(due.wake_at))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if condition_failed(&error).is_some() => Ok(false),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}

fn read_due(item: &Item) -> Result<Due> {
    let corrupt = |detail: &str| Error::corrupt("due order", detail);
    let place = text(item, "sk").unwrap_or_default();
    let unreadable = |error: &dyn std::fmt::Display| corrupt(&format!("{place}: {error}"));
    let sk = place
        .strip_prefix(ORDER)
        .ok_or_else(|| unreadable(&"no order"))?;
    let owner = match text(item, "pk").and_then(|pk| pk.strip_prefix("WS#")) {
        Some(workspace) => Owner::Workspace(workspace.parse().map_err(|error| unreadable(&error))?),
        None => Owner::Stock,
    };
    let order = sk.parse().map_err(|error| unreadable(&error))?;
    let wake_at = text(item, "wake_at")
        .and_then(|at| at.parse().ok())
        .ok_or_else(|| unreadable(&"no time"))?;
    Ok(Due {
        key: OrderKey { owner, order },
        wake_at,
    })
}
