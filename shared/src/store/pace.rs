//! The pace of calls to a carrier: one item per carrier says until when its time is
//! given away, and whoever is to call takes the next piece of it.
//!
//! Pieces follow each other. Counting the calls of each second would let twice the rate
//! through around the turn of a second, which a carrier that fills a bucket refuses.

use std::time::Duration;

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};

use super::{
    core::Core,
    error::{Error, Result},
    item::{Item, n},
    keys::Key,
    orders::condition_failed,
};
use crate::domain::{CarrierId, Timestamp, pace::Rate};

/// Until when a carrier's time is given away, in microseconds since 1970.
const TAKEN_UNTIL: &str = "taken_until";

/// How much earlier than its piece a call may be made, in microseconds: a fifth of what
/// a carrier takes at once, so that whoever calls alone does not wait for themselves.
const EARLY: i64 = 200_000;

/// Ways to take a piece that are tried before the line counts as too long: each fails
/// only if somebody else took one in between, or the line has just become empty.
const TRIES: u32 = 6;

/// What came of asking for a carrier's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The calls are to be made then, or at once where that has passed.
    At(Timestamp),
    /// There is none left within the patience of who asked. Nothing was taken.
    TooLate,
}

impl Core {
    /// Takes as much of `carrier`'s time as `calls` calls need at `rate`, beginning not
    /// later than `patience` from now.
    pub async fn take_slot(
        &self,
        carrier: &CarrierId,
        rate: Rate,
        calls: u32,
        patience: Duration,
    ) -> Result<Slot> {
        let key = Key::pace(carrier);
        let cost = rate.time_of(calls);
        for _ in 0..TRIES {
            let now = self.clock.now();
            let Some(taken) = self.begin(&key, now, cost).await? else {
                return Ok(Slot::At(now));
            };
            let latest = micros(now.plus(patience)).saturating_add(EARLY);
            if taken > latest {
                return Ok(Slot::TooLate);
            }
            if let Some(end) = self.append(&key, now, latest, cost).await? {
                let begin = end.saturating_sub(cost_of(cost)).saturating_sub(EARLY);
                return Ok(Slot::At(millis_after(begin)));
            }
        }
        Ok(Slot::TooLate)
    }

    /// Takes time from now on, if none is given away; else until when it is.
    async fn begin(&self, key: &Key, now: Timestamp, cost: Duration) -> Result<Option<i64>> {
        let sent = self
            .pace(key)
            .update_expression("SET #until = :end")
            .condition_expression("attribute_not_exists(#until) OR #until <= :now")
            .expression_attribute_values(":now", n(micros(now)))
            .expression_attribute_values(":end", n(micros(now).saturating_add(cost_of(cost))))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(None),
            Err(error) => match condition_failed(&error) {
                Some(item) => Ok(Some(taken_until(&item)?)),
                None => Err(Error::unavailable("UpdateItem", &error)),
            },
        }
    }

    /// Takes time after what is given away, if that ends between `now` and `latest`; its
    /// end.
    async fn append(
        &self,
        key: &Key,
        now: Timestamp,
        latest: i64,
        cost: Duration,
    ) -> Result<Option<i64>> {
        let sent = self
            .pace(key)
            .update_expression("SET #until = #until + :cost")
            .condition_expression("#until BETWEEN :now AND :latest")
            .expression_attribute_values(":now", n(micros(now)))
            .expression_attribute_values(":latest", n(latest))
            .expression_attribute_values(":cost", n(cost_of(cost)))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match sent {
            Ok(answer) => {
                let written = answer.attributes.unwrap_or_default();
                Ok(Some(taken_until(&written)?))
            }
            Err(error) if condition_failed(&error).is_some() => Ok(None),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    fn pace(&self, key: &Key) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .expression_attribute_names("#until", TAKEN_UNTIL)
    }
}

fn taken_until(item: &Item) -> Result<i64> {
    let written = item.get(TAKEN_UNTIL).and_then(|until| until.as_n().ok());
    let until = written.and_then(|until| until.parse().ok());
    until.ok_or_else(|| Error::corrupt("pace", "no time"))
}

/// The first whole millisecond that is not before.
fn millis_after(micros: i64) -> Timestamp {
    Timestamp::from_millis(micros.saturating_add(999).div_euclid(1_000))
}

fn micros(at: Timestamp) -> i64 {
    at.as_millis().saturating_mul(1_000)
}

fn cost_of(cost: Duration) -> i64 {
    i64::try_from(cost.as_micros()).unwrap_or(i64::MAX)
}
