//! What people ask of an order that runs. They write beside the order, never in it, so
//! that nobody's wish makes its worker lose.

use super::{
    core::Core,
    due::shard,
    error::{Error, Result},
    item::{BODY, attribute, s},
    keys::Key,
    orders::condition_failed,
};
use crate::domain::{
    Actor,
    order::{Order, OrderStatus},
};

/// What came of asking something of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Its worker will see it.
    Yes,
    /// It is no longer as it was read.
    Changed,
}

impl Core {
    /// Asks for an order to be canceled. It is due at once, so that the sweep finds it
    /// where no message wakes a worker.
    pub async fn request_cancel(&self, order: &Order, by: &Actor) -> Result<Asked> {
        let expression = "SET cancel_requested_at = if_not_exists(cancel_requested_at, :now), \
                          changed_by = :by, wake_at = :now";
        self.ask(order, expression, by).await
    }

    /// Asks for an order to be tried at once.
    pub async fn nudge(&self, order: &Order, by: &Actor) -> Result<Asked> {
        let expression = "SET nudged_at = :now, changed_by = :by, wake_at = :now";
        self.ask(order, expression, by).await
    }

    async fn ask(&self, order: &Order, expression: &str, by: &Actor) -> Result<Asked> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::order(&order.owner, &order.id).attributes()))
            .update_expression(expression)
            .condition_expression("attribute_exists(wake_shard)")
            .expression_attribute_values(":now", s(self.clock.now()))
            .expression_attribute_values(":by", attribute("actor", by)?)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Asked::Yes),
            Err(error) if condition_failed(&error).is_some() => Ok(Asked::Changed),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    /// Lets an order go on that asked for a person; with `cancel` only to be canceled.
    pub async fn go_on(&self, order: &Order, by: &Actor, cancel: bool) -> Result<Asked> {
        let mut transaction = super::transaction::Transaction::default();
        let ended = OrderStatus::NeedsAttention;
        transaction.update(self.revival(order, ended, by, cancel)?)?;
        Ok(match self.commit("go on", transaction).await? {
            super::transaction::Committed::Yes => Asked::Yes,
            super::transaction::Committed::Refused(..) => Asked::Changed,
        })
    }

    /// The write that makes an ended order live again, on condition that it is still
    /// `ended`. What was asked of its former life is forgotten.
    pub(super) fn revival(
        &self,
        order: &Order,
        ended: OrderStatus,
        by: &Actor,
        cancel: bool,
    ) -> Result<aws_sdk_dynamodb::types::builders::UpdateBuilder> {
        let expression = if cancel {
            "SET #body = :order, wake_shard = :shard, wake_at = :wake, \
             changed_by = :by, cancel_requested_at = :wake REMOVE nudged_at"
        } else {
            "SET #body = :order, wake_shard = :shard, wake_at = :wake, \
             changed_by = :by REMOVE nudged_at, cancel_requested_at"
        };
        Ok(self
            .update(&Key::order(&order.owner, &order.id))
            .update_expression(expression)
            .condition_expression("attribute_not_exists(wake_shard) AND #body.#status = :ended")
            .expression_attribute_names("#body", BODY)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":order", attribute("order", order)?)
            .expression_attribute_values(":shard", s(shard(&order.id)))
            .expression_attribute_values(":wake", s(order.wake_at.unwrap_or_default()))
            .expression_attribute_values(":by", attribute("actor", by)?)
            .expression_attribute_values(":ended", attribute("status", &ended)?))
    }
}
