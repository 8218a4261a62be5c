//! The pace of calls to a carrier: one item per carrier and second, counted up below
//! the rate and shared by everything that calls.

use std::time::Duration;

use aws_sdk_dynamodb::types::ReturnValue;

use super::{
    core::Core,
    error::{Error, Result},
    item::n,
    keys::Key,
    orders::condition_failed,
};
use crate::domain::{CarrierId, Timestamp, pace::Rate};

/// How long after its second an item of the pace is removed (DynamoDB's time to live).
const KEPT: Duration = Duration::from_hours(1);

/// What came of asking for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The calls may be made now.
    Yes,
    /// This second is full, or one party has had its share of it; the next begins then.
    Full(Timestamp),
}

impl Core {
    /// Asks for `calls` calls to `carrier` in this second, on behalf of `party`: a
    /// workspace or the platform. No party gets more than its share of a second.
    pub async fn take_slot(
        &self,
        carrier: &CarrierId,
        rate: Rate,
        party: &str,
        calls: u32,
    ) -> Result<Slot> {
        let second = self.clock.now().as_millis().div_euclid(1_000);
        let calls = calls.clamp(1, rate.share());
        let removed_at = second.saturating_add(i64::try_from(KEPT.as_secs()).unwrap_or(0));
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::pace(carrier, second).attributes()))
            .update_expression("ADD #calls :calls, #party :calls SET expires_at = :removed")
            .condition_expression(
                "(attribute_not_exists(#calls) OR #calls <= :room) AND \
                 (attribute_not_exists(#party) OR #party <= :share)",
            )
            .expression_attribute_names("#calls", "calls")
            .expression_attribute_names("#party", format!("by_{party}"))
            .expression_attribute_values(":calls", n(calls))
            .expression_attribute_values(":room", n(rate.per_second().saturating_sub(calls)))
            .expression_attribute_values(":share", n(rate.share().saturating_sub(calls)))
            .expression_attribute_values(":removed", n(removed_at))
            .return_values(ReturnValue::None)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Slot::Yes),
            Err(error) if condition_failed(&error).is_some() => {
                Ok(Slot::Full(Timestamp::from_millis((second + 1) * 1_000)))
            }
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}
