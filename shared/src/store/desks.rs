//! Desks: how many orders of one workspace are worked on at the same time.
//!
//! A workspace that orders two hundred numbers at once must not keep every worker
//! from the workspace that orders one. An order is worked on at a desk, and a
//! workspace has few.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;

use super::{
    core::Core,
    error::{Error, Result},
    item::{Item, s, text},
    keys::Key,
    orders::condition_failed,
};
use crate::domain::{LeaseId, Timestamp, WorkspaceId};

/// Orders of one workspace that are worked on at the same time: half of the workers
/// that run at once (`MaximumConcurrency` in the template).
pub const DESKS: u8 = 5;

/// A desk that is taken.
#[derive(Clone, Debug)]
pub struct Desk {
    key: Key,
    place: u8,
    holder: LeaseId,
}

impl Core {
    /// Takes a desk of `workspace` until `until`; nothing where all are taken. One whose
    /// time has run out is free.
    pub async fn take_desk(
        &self,
        workspace: &WorkspaceId,
        holder: &LeaseId,
        until: Timestamp,
    ) -> Result<Option<Desk>> {
        let first = u8::try_from(self.chance.draw() % u128::from(DESKS)).unwrap_or(0);
        let key = Key::desks(workspace);
        let mut place = first;
        for _ in 0..DESKS {
            let Some(taken) = self.sit_down(&key, place, holder, until).await? else {
                return Ok(Some(Desk {
                    key,
                    place,
                    holder: holder.clone(),
                }));
            };
            let Some(free) = free_place(&taken, self.clock.now()) else {
                return Ok(None);
            };
            place = free;
        }
        Ok(None)
    }

    /// Takes one desk. Where it is taken: all desks as they are.
    async fn sit_down(
        &self,
        key: &Key,
        place: u8,
        holder: &LeaseId,
        until: Timestamp,
    ) -> Result<Option<Item>> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("SET #until = :until, #holder = :holder")
            .condition_expression(
                "attribute_not_exists(#until) OR #until < :now OR #holder = :holder",
            )
            .set_expression_attribute_names(Some(names(place)))
            .expression_attribute_values(":until", s(until))
            .expression_attribute_values(":holder", s(holder))
            .expression_attribute_values(":now", s(self.clock.now()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(None),
            Err(error) => match condition_failed(&error) {
                Some(item) => Ok(Some(item)),
                None => Err(Error::unavailable("UpdateItem", &error)),
            },
        }
    }

    /// Leaves a desk, if it is still the holder's.
    pub async fn leave_desk(&self, desk: &Desk) -> Result<()> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(desk.key.attributes()))
            .update_expression("REMOVE #until, #holder")
            .condition_expression("#holder = :holder")
            .set_expression_attribute_names(Some(names(desk.place)))
            .expression_attribute_values(":holder", s(&desk.holder))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) if condition_failed(&error).is_some() => Ok(()),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}

fn until_of(place: u8) -> String {
    format!("until_{place}")
}

fn names(place: u8) -> HashMap<String, String> {
    HashMap::from([
        ("#until".to_owned(), until_of(place)),
        ("#holder".to_owned(), format!("holder_{place}")),
    ])
}

/// A desk nobody has at `now`.
fn free_place(desks: &Item, now: Timestamp) -> Option<u8> {
    (0..DESKS).find(|place| {
        let until = text(desks, &until_of(*place)).and_then(|until| until.parse().ok());
        until.is_none_or(|until: Timestamp| until < now)
    })
}
