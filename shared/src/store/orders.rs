//! Orders: leases, and the worker's writes.
//!
//! The worker writes on condition of its lease. Everybody else writes beside the
//! order (`cancel_requested_at`), so that nobody's news makes the worker lose.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};

use super::{
    core::{Core, Paging},
    cursor::{Cursor, Listed},
    due::shard,
    error::{Error, Result},
    item::{BODY, Item, attribute, body, n, s, text},
    keys::{Key, ORDER, OrderKey, partition},
    transaction::{Committed, Transaction},
};
use crate::domain::{
    LeaseId, Timestamp, WorkspaceId,
    order::{Change, Order, Signals},
};

/// The version of the machine that wrote an order. An order of another version
/// waits for a worker of that version.
const MACHINE: u32 = 1;

/// One worker's hold on an order.
#[derive(Clone, Debug)]
pub struct Leased {
    key: Key,
    lease: LeaseId,
    until: Timestamp,
}

/// What came of trying to take an order.
#[derive(Debug)]
pub enum Taken {
    /// It is held now.
    Held {
        /// The hold.
        lease: Leased,
        /// The order.
        order: Box<Order>,
        /// What others left for its worker.
        signals: Signals,
    },
    /// Another worker has it until then.
    Busy(Timestamp),
    /// There is no such order.
    Missing,
    /// It was written by a machine this worker does not know.
    Foreign,
}

/// What came of writing a held order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Yes(Signals),
    /// The hold was lost to another worker.
    Lost(Lost),
}

/// Why a held order was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The lease is somebody else's.
    Lease,
    /// Another item's condition failed: the claim, for instance, is taken.
    Change(usize),
    /// Somebody asked for it to be canceled first.
    Canceled,
}

/// The item of a new order.
pub(super) fn new_item(order: &Order) -> Result<Item> {
    let mut item = super::item::item(&Key::order(&order.owner, &order.id), "order", order)?;
    item.insert("machine".to_owned(), n(MACHINE));
    item.insert("owner".to_owned(), attribute("owner", &order.owner)?);
    if let Some(wake_at) = order.wake_at {
        item.insert("wake_shard".to_owned(), s(shard(&order.id)));
        item.insert("wake_at".to_owned(), s(wake_at));
    }
    Ok(item)
}

pub(super) fn signals(item: &Item) -> Signals {
    let nudged_at = text(item, "nudged_at").and_then(|at| at.parse().ok());
    Signals {
        cancel: item.contains_key("cancel_requested_at"),
        nudged_at,
    }
}

impl Core {
    /// Takes an order until `until`. While it is held the index shows it as due only
    /// after that, so that the sweep finds it if this worker dies.
    pub async fn take_order(
        &self,
        place: &OrderKey,
        lease: LeaseId,
        until: Timestamp,
    ) -> Result<Taken> {
        let key = Key::order(&place.owner, &place.order);
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("SET lease_id = :lease, lease_until = :until, wake_at = :until")
            .condition_expression(
                "attribute_exists(wake_shard) AND machine = :machine AND \
                 (attribute_not_exists(lease_until) OR lease_until < :now OR lease_id = :lease)",
            )
            .expression_attribute_values(":lease", s(&lease))
            .expression_attribute_values(":until", s(until))
            .expression_attribute_values(":now", s(self.clock.now()))
            .expression_attribute_values(":machine", n(MACHINE))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                let order = Box::new(body("order", &item)?);
                let signals = signals(&item);
                Ok(Taken::Held {
                    lease: Leased { key, lease, until },
                    order,
                    signals,
                })
            }
            Err(error) => match condition_failed(&error) {
                Some(item) => Ok(not_taken(&item)),
                None => Err(Error::unavailable("UpdateItem", &error)),
            },
        }
    }

    /// Writes a held order and what changes with it. `unless_canceled` makes the
    /// write fail where somebody asked for a cancel: set before what costs money.
    pub async fn save_order(
        &self,
        lease: &Leased,
        order: &Order,
        changes: &[Change],
        unless_canceled: bool,
    ) -> Result<Saved> {
        let write = self.order_write(lease, order, unless_canceled)?;
        if changes.is_empty() {
            return self.save_alone(write).await;
        }
        let mut transaction = Transaction::default();
        transaction.update(write.transacted(self))?;
        let mut places = vec![];
        for (index, change) in changes.iter().enumerate() {
            let before = transaction.len();
            self.add_change(&mut transaction, change)?;
            places.extend(std::iter::repeat_n(index, transaction.len() - before));
        }
        Ok(match self.commit("save order", transaction).await? {
            Committed::Yes => Saved::Yes(Signals::default()),
            Committed::Refused(0, item) => Saved::Lost(why_lost(item.as_ref(), unless_canceled)),
            Committed::Refused(place, _) => Saved::Lost(Lost::Change(
                places.get(place - 1).copied().unwrap_or_default(),
            )),
        })
    }

    async fn save_alone(&self, write: OrderWrite) -> Result<Saved> {
        let mark = write.mark.clone();
        let unless_canceled = write.unless_canceled;
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(write.key.attributes()))
            .update_expression(write.expression)
            .condition_expression(write.condition)
            .expression_attribute_names("#body", BODY)
            .set_expression_attribute_values(Some(write.values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(answer) => Ok(Saved::Yes(signals(&answer.attributes.unwrap_or_default()))),
            Err(error) => match condition_failed(&error) {
                // A retry of ours found what the first try had already written.
                Some(item) if text(&item, "write_id") == Some(&mark) => {
                    Ok(Saved::Yes(signals(&item)))
                }
                Some(item) => Ok(Saved::Lost(why_lost(Some(&item), unless_canceled))),
                None => Err(Error::unavailable("UpdateItem", &error)),
            },
        }
    }

    fn order_write(
        &self,
        lease: &Leased,
        order: &Order,
        unless_canceled: bool,
    ) -> Result<OrderWrite> {
        let mark = format!("{:032x}", self.chance.draw());
        let mut values = Item::from([
            (":lease".to_owned(), s(&lease.lease)),
            (":order".to_owned(), attribute("order", order)?),
            (":mark".to_owned(), s(&mark)),
        ]);
        let working = order.status == crate::domain::order::OrderStatus::Running;
        let expression = match (order.wake_at, working) {
            (None, _) => {
                "SET #body = :order, write_id = :mark \
                          REMOVE lease_id, lease_until, wake_at, wake_shard"
            }
            (Some(_), true) => {
                values.insert(":wake".to_owned(), s(lease.until));
                "SET #body = :order, write_id = :mark, wake_at = :wake"
            }
            (Some(wake_at), false) => {
                values.insert(":wake".to_owned(), s(wake_at));
                "SET #body = :order, write_id = :mark, wake_at = :wake REMOVE lease_id, lease_until"
            }
        };
        let condition = if unless_canceled {
            "lease_id = :lease AND attribute_not_exists(cancel_requested_at)"
        } else {
            "lease_id = :lease"
        };
        let key = lease.key.clone();
        Ok(OrderWrite {
            key,
            mark,
            expression,
            condition,
            values,
            unless_canceled,
        })
    }

    /// Lets an order go untouched, to be looked at again at `wake_at`, and answers with
    /// what others left for its worker meanwhile: they made it due at once, which this
    /// write undoes.
    pub async fn let_go(&self, lease: &Leased, wake_at: Timestamp) -> Result<Signals> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(lease.key.attributes()))
            .update_expression("SET wake_at = :wake REMOVE lease_id, lease_until")
            .condition_expression("lease_id = :lease")
            .expression_attribute_values(":lease", s(&lease.lease))
            .expression_attribute_values(":wake", s(wake_at))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match sent {
            Ok(answer) => Ok(signals(&answer.attributes.unwrap_or_default())),
            Err(error) if condition_failed(&error).is_some() => Ok(Signals::default()),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    /// One page of a workspace's orders, newest first.
    pub async fn orders(
        &self,
        workspace: &WorkspaceId,
        cursor: Option<&Cursor>,
        limit: u8,
    ) -> Result<Listed<Order>> {
        let page = Paging {
            cursor,
            limit: i32::from(limit),
            oldest_first: false,
        };
        let listed = self.list(partition(workspace), ORDER, page).await?;
        listed.try_map(|item| body("order", item))
    }
}

fn not_taken(item: &Item) -> Taken {
    if item.is_empty() || !item.contains_key("wake_shard") {
        return Taken::Missing;
    }
    if item.get("machine") != Some(&n(MACHINE)) {
        return Taken::Foreign;
    }
    let until = text(item, "lease_until").and_then(|until| until.parse().ok());
    Taken::Busy(until.unwrap_or_default())
}

fn why_lost(item: Option<&Item>, unless_canceled: bool) -> Lost {
    let canceled = item.is_some_and(|item| item.contains_key("cancel_requested_at"));
    if unless_canceled && canceled {
        Lost::Canceled
    } else {
        Lost::Lease
    }
}

/// The item as it was, if it was its condition that failed.
pub(super) fn condition_failed<R>(
    error: &aws_sdk_dynamodb::error::SdkError<UpdateItemError, R>,
) -> Option<Item> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
            Some(failed.item().cloned().unwrap_or_default())
        }
        Some(_) | None => None,
    }
}

/// The write of a held order.
struct OrderWrite {
    key: Key,
    mark: String,
    expression: &'static str,
    condition: &'static str,
    values: std::collections::HashMap<String, AttributeValue>,
    unless_canceled: bool,
}

impl OrderWrite {
    fn transacted(self, core: &Core) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        core.update(&self.key)
            .update_expression(self.expression)
            .condition_expression(self.condition)
            .expression_attribute_names("#body", BODY)
            .set_expression_attribute_values(Some(self.values))
    }
}
