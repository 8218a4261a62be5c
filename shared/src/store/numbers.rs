//! A workspace's numbers.

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

use super::{
    core::{Core, Paging},
    cursor::{Cursor, Listed},
    error::{Error, Result},
    item::{attribute, body, s},
    keys::{Key, NUMBER, partition},
    orders::condition_failed,
};
use crate::domain::{Actor, Number, NumberId, NumberStatus, Routing, WorkspaceId};

/// Pages of a workspace's numbers that are read in search of active ones: released
/// ones stay as rows, and there are few in the velocity window of any plan.
const PAGES_MAX: u32 = 20;

/// What a workspace may change about its number. Absent: left as it is.
#[derive(Clone, Debug, Default)]
pub struct NumberEdit {
    /// A new label; empty takes the label away.
    pub label: Option<String>,
    /// A new routing.
    pub routing: Option<Routing>,
}

/// What came of changing a number.
#[derive(Debug)]
pub enum Edited {
    /// It is so now.
    Yes(Box<Number>),
    /// It is no longer the workspace's.
    Gone,
    /// There is no such number.
    Missing,
}

impl Core {
    /// One page of a workspace's numbers, oldest first.
    pub async fn numbers(
        &self,
        workspace: &WorkspaceId,
        cursor: Option<&Cursor>,
        limit: u8,
    ) -> Result<Listed<Number>> {
        let page = Paging {
            cursor,
            limit: i32::from(limit),
            oldest_first: true,
        };
        let listed = self.list(partition(workspace), NUMBER, page).await?;
        listed.try_map(|item| body("number", item))
    }

    /// Every active number of a workspace, oldest first.
    pub async fn active_numbers(&self, workspace: &WorkspaceId) -> Result<Vec<Number>> {
        let mut active = Vec::new();
        let mut cursor = None;
        for _ in 0..PAGES_MAX {
            let page = self.numbers(workspace, cursor.as_ref(), u8::MAX).await?;
            active.extend(page.items.into_iter().filter(Number::is_active));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(active)
    }

    /// The number.
    pub async fn number(
        &self,
        workspace: &WorkspaceId,
        number: &NumberId,
    ) -> Result<Option<Number>> {
        let item = self.get(&Key::number(workspace, number)).await?;
        item.as_ref().map(|item| body("number", item)).transpose()
    }

    /// Changes label or routing of a number that is the workspace's or is to be, and
    /// answers with the number as it is then.
    pub async fn edit_number(
        &self,
        workspace: &WorkspaceId,
        number: &NumberId,
        edit: &NumberEdit,
        by: &Actor,
    ) -> Result<Edited> {
        let mut parts = vec!["body.changed_by = :by"];
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::number(workspace, number).attributes()))
            .condition_expression(
                "attribute_exists(pk) AND NOT body.#status IN (:released, :failed)",
            )
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":released", attribute("status", &NumberStatus::Released)?)
            .expression_attribute_values(":failed", attribute("status", &NumberStatus::Failed)?)
            .expression_attribute_values(":by", attribute("actor", by)?);
        if let Some(label) = &edit.label {
            parts.push("body.label = :label");
            update = update.expression_attribute_values(
                ":label",
                attribute("label", &Some(label).filter(|label| !label.is_empty()))?,
            );
        }
        if let Some(routing) = &edit.routing {
            parts.push("body.routing = :routing");
            update = update.expression_attribute_values(":routing", attribute("routing", routing)?);
        }
        let sent = update
            .update_expression(format!("SET {}", parts.join(", ")))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                Ok(Edited::Yes(Box::new(body("number", &item)?)))
            }
            Err(error) => match condition_failed(&error) {
                Some(item) if item.is_empty() => Ok(Edited::Missing),
                Some(_) => Ok(Edited::Gone),
                None => Err(Error::unavailable("UpdateItem", &error)),
            },
        }
    }

    /// Moves a number on, if it is as it was read and may go there. False if not. One
    /// that was never active, because its workspace was suspended, is from then on.
    pub async fn set_number_status(
        &self,
        number: &Number,
        to: NumberStatus,
        by: &Actor,
    ) -> Result<bool> {
        let stamp = match to {
            NumberStatus::Active => ", body.activated_at = if_not_exists(body.activated_at, :now)",
            NumberStatus::Pending
            | NumberStatus::Provisioning
            | NumberStatus::Suspended
            | NumberStatus::Releasing
            | NumberStatus::Released
            | NumberStatus::Failed => "",
        };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(
                Key::number(&number.workspace, &number.id).attributes(),
            ));
        if !stamp.is_empty() {
            update = update.expression_attribute_values(":now", s(self.clock.now()));
        }
        let sent = update
            .update_expression(format!(
                "SET body.#status = :to, body.changed_by = :by{stamp}"
            ))
            .condition_expression("body.#status = :from")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":to", attribute("status", &to)?)
            .expression_attribute_values(":from", attribute("status", &number.status)?)
            .expression_attribute_values(":by", attribute("actor", by)?)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if condition_failed(&error).is_some() => Ok(false),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}
