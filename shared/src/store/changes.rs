//! The writes that an order's changes stand for.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, Update};

use super::{
    core::Core,
    error::Result,
    item::{attribute, item, n, s},
    keys::Key,
    transaction::Transaction,
};
use crate::domain::{
    Actor, NumberStatus, OrderId, Timestamp, WorkspaceId, WorkspaceStatus,
    order::{Change, Filing, Order},
};

impl Core {
    /// Adds the writes of `change` to a transaction.
    pub(super) fn add_change(&self, to: &mut Transaction, change: &Change) -> Result<()> {
        match change {
            Change::TakeClaim(claim) => to.put(
                self.put()
                    .set_item(Some(item(&Key::claim(&claim.e164), "claim", claim)?))
                    .condition_expression("attribute_not_exists(pk) OR body.#order = :order")
                    .expression_attribute_names("#order", "order")
                    .expression_attribute_values(":order", attribute("order", &claim.order)?),
            ),
            Change::FreeClaim { e164, order } => to.delete(
                self.delete(&Key::claim(e164))
                    .condition_expression("attribute_not_exists(pk) OR body.#order = :order")
                    .expression_attribute_names("#order", "order")
                    .expression_attribute_values(":order", s(order)),
            ),
            Change::BindClaim {
                e164,
                order,
                number,
                account,
            } => to.update(
                self.update(&Key::claim(e164))
                    .update_expression("SET body.#number = :number, body.#account = :account")
                    .condition_expression("body.#order = :order")
                    .expression_attribute_names("#number", "number")
                    .expression_attribute_names("#account", "account")
                    .expression_attribute_names("#order", "order")
                    .expression_attribute_values(":number", s(number))
                    .expression_attribute_values(":account", s(account))
                    .expression_attribute_values(":order", s(order)),
            ),
            Change::AddNumber(number) => to.put(
                self.put()
                    .set_item(Some(item(
                        &Key::number(&number.workspace, &number.id),
                        "number",
                        number.as_ref(),
                    )?))
                    .condition_expression("attribute_not_exists(pk)"),
            ),
            Change::MoveNumber {
                workspace,
                number,
                status,
                at,
            } => to.update(self.move_number(&Key::number(workspace, number), *status, *at)?),
            Change::FreeReservation {
                workspace,
                order,
                purchased,
            } => to.update(self.free_reservation(&Key::workspace(workspace), order, *purchased)),
            Change::IfWorkspace { workspace, active } => {
                self.check_workspace(to, &Key::workspace(workspace), *active)
            }
            Change::FileStock(filing) => self.file_stock(to, filing),
            Change::RemoveStock(e164) => to.delete(self.delete(&Key::stock(e164))),
            Change::EndWorkspace {
                workspace,
                external_id,
            } => self.end_workspace(to, workspace, external_id.as_deref()),
        }
    }

    fn check_workspace(&self, to: &mut Transaction, key: &Key, active: bool) -> Result<()> {
        let condition = if active {
            "body.#status = :active"
        } else {
            "body.#status <> :active"
        };
        to.check(
            ConditionCheck::builder()
                .table_name(&self.table)
                .set_key(Some(key.attributes()))
                .condition_expression(condition)
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(
                    ":active",
                    attribute("status", &WorkspaceStatus::Active)?,
                ),
        )
    }

    /// The workspace is gone, if nothing is held in it any more.
    fn end_workspace(
        &self,
        to: &mut Transaction,
        workspace: &WorkspaceId,
        external_id: Option<&str>,
    ) -> Result<()> {
        to.update(
            self.update(&Key::workspace(workspace))
                .update_expression("SET body.#status = :deleted, body.changed_by = :by")
                .condition_expression(
                    "body.#status = :deleting AND size(body.reservations.held) = :none",
                )
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(
                    ":deleted",
                    attribute("status", &WorkspaceStatus::Deleted)?,
                )
                .expression_attribute_values(
                    ":deleting",
                    attribute("status", &WorkspaceStatus::Deleting)?,
                )
                .expression_attribute_values(":none", n(0))
                .expression_attribute_values(
                    ":by",
                    attribute("actor", &Actor::system("order-worker"))?,
                ),
        )?;
        if let Some(external_id) = external_id {
            to.delete(self.delete(&Key::external(external_id)))?;
        }
        Ok(())
    }

    fn file_stock(&self, to: &mut Transaction, filing: &Filing) -> Result<()> {
        let Filing {
            stock,
            claimed_by,
            claim,
            release,
        } = filing;
        to.put(
            self.put()
                .set_item(Some(item(&Key::stock(&stock.e164), "stock", stock)?)),
        )?;
        to.put(
            self.put()
                .set_item(Some(item(&Key::claim(&claim.e164), "claim", claim)?))
                .condition_expression("body.#order = :order")
                .expression_attribute_names("#order", "order")
                .expression_attribute_values(":order", s(claimed_by)),
        )?;
        self.add_order(to, release)
    }

    /// Adds a new order's item to a transaction.
    pub(super) fn add_order(&self, to: &mut Transaction, order: &Order) -> Result<()> {
        to.put(
            self.put()
                .set_item(Some(super::orders::new_item(order)?))
                .condition_expression("attribute_not_exists(pk)"),
        )
    }

    /// A number moves on only from a status it may leave for `status`.
    fn move_number(
        &self,
        key: &Key,
        status: NumberStatus,
        at: Timestamp,
    ) -> Result<aws_sdk_dynamodb::types::builders::UpdateBuilder> {
        let stamp = match status {
            NumberStatus::Active => ", body.activated_at = if_not_exists(body.activated_at, :at)",
            NumberStatus::Released => ", body.released_at = :at",
            NumberStatus::Pending
            | NumberStatus::Provisioning
            | NumberStatus::Suspended
            | NumberStatus::Releasing
            | NumberStatus::Failed => "",
        };
        let mut update = self
            .update(key)
            .update_expression(format!(
                "SET body.#status = :status, body.changed_by = :by{stamp}"
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", attribute("status", &status)?)
            .expression_attribute_values(
                ":by",
                attribute("actor", &Actor::system("order-worker"))?,
            );
        if !stamp.is_empty() {
            update = update.expression_attribute_values(":at", s(at));
        }
        let (condition, values) = leaving_for(status)?;
        for (name, value) in values {
            update = update.expression_attribute_values(name, value);
        }
        Ok(update.condition_expression(condition))
    }

    fn free_reservation(
        &self,
        key: &Key,
        order: &OrderId,
        purchased: bool,
    ) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        let and_forget = if purchased {
            ""
        } else {
            ", body.reservations.purchases.#order"
        };
        self.update(key)
            .update_expression(format!("REMOVE body.reservations.held.#order{and_forget}"))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#order", order.as_str())
    }

    pub(super) fn put(&self) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder().table_name(&self.table)
    }

    pub(super) fn update(&self, key: &Key) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
    }

    pub(super) fn delete(&self, key: &Key) -> aws_sdk_dynamodb::types::builders::DeleteBuilder {
        Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
    }
}

const STATUSES: [NumberStatus; 7] = [
    NumberStatus::Pending,
    NumberStatus::Provisioning,
    NumberStatus::Active,
    NumberStatus::Suspended,
    NumberStatus::Releasing,
    NumberStatus::Released,
    NumberStatus::Failed,
];

/// The condition that a number's status is one it may leave for `next`, with its values.
pub(super) fn leaving_for(next: NumberStatus) -> Result<(String, Vec<(String, AttributeValue)>)> {
    let values = STATUSES
        .into_iter()
        .filter(|status| status.may_become(next))
        .enumerate()
        .map(|(place, status)| Ok((format!(":from{place}"), attribute("status", &status)?)))
        .collect::<Result<Vec<_>>>()?;
    let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    Ok((format!("body.#status IN ({})", names.join(", ")), values))
}
