//! Placing an order: everything it needs to be sure of, in one transaction.

use serde::{Deserialize, Serialize};

use super::{
    core::Core,
    error::{Error, Result},
    item::{attribute, body, item, n, s},
    keys::Key,
    transaction::{Committed, Transaction},
};
use crate::domain::{
    Actor, Claim, Number, NumberStatus, OrderId, Timestamp, Workspace, WorkspaceId,
    WorkspaceStatus,
    order::{Order, OrderStatus},
    workspace::{OverLimit, Reservations},
};

/// Purchases that left the window and are removed with one reservation: an expression
/// has at most 4 KB. The rest counts for nothing, and goes with the next ones.
const FORGOTTEN_MAX: usize = 50;

/// What an idempotency key was used for. Kept as long as the order (P4): no expiry
/// after which a purchase would run twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    /// The order it placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Why it placed none, and never will.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Hash of the request it came with.
    pub request_hash: String,
    /// When.
    pub at: Timestamp,
}

/// Why a key places no order, however often it comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A limit of the plan stood in the way.
    OverLimit(OverLimit),
    /// The number was somebody's.
    NumberTaken,
    /// Nothing was bought then.
    PurchasesDisabled,
}

/// An idempotency key as a request brings it.
#[derive(Clone, Copy, Debug)]
pub struct Replay<'a> {
    /// The client's key.
    pub key: &'a str,
    /// Hash of the request.
    pub request_hash: &'a str,
}

/// What an order to own a number is placed with.
#[derive(Debug)]
pub struct Placement<'a> {
    /// The order.
    pub order: &'a Order,
    /// The workspace as it was read.
    pub workspace: &'a Workspace,
    /// Its reservations with this order's.
    pub reservations: &'a Reservations,
    /// The claim, when the number was chosen.
    pub claim: Option<&'a Claim>,
    /// The idempotency key.
    pub replay: Replay<'a>,
}

/// An order with what it reserves.
struct Reserving<'a> {
    order: &'a Order,
    workspace: &'a Workspace,
    reservations: &'a Reservations,
}

impl<'a> From<&Placement<'a>> for Reserving<'a> {
    fn from(placement: &Placement<'a>) -> Self {
        Self {
            order: placement.order,
            workspace: placement.workspace,
            reservations: placement.reservations,
        }
    }
}

/// A workspace with the order that ends it.
#[derive(Debug)]
pub struct Closing<'a> {
    /// The order.
    pub order: &'a Order,
    /// The workspace as it was read.
    pub workspace: &'a Workspace,
}

/// What came of placing an order.
#[derive(Debug)]
pub enum Placed {
    /// It stands.
    Yes,
    /// The key placed an order before.
    Before(KeyUse),
    /// The number is claimed by somebody.
    Claimed,
    /// The workspace or the number is no longer as it was read: read again.
    Changed,
}

impl Core {
    /// Places an order to own a number: the order, its key, its claim and its
    /// reservation of the plan, all or none (P3, P4, P5).
    pub async fn place_order(&self, placement: &Placement<'_>) -> Result<Placed> {
        let mut transaction = Transaction::default();
        self.add_key_use(&mut transaction, placement)?;
        transaction.update(self.reservation(&Reserving::from(placement))?)?;
        self.add_order(&mut transaction, placement.order)?;
        if let Some(claim) = placement.claim {
            transaction.put(
                self.put()
                    .set_item(Some(item(&Key::claim(&claim.e164), "claim", claim)?))
                    .condition_expression("attribute_not_exists(pk)"),
            )?;
        }
        Ok(match self.commit("place order", transaction).await? {
            Committed::Yes => Placed::Yes,
            Committed::Refused(0, Some(used)) => Placed::Before(body("idempotency key", &used)?),
            Committed::Refused(3, _) => Placed::Claimed,
            Committed::Refused(..) => Placed::Changed,
        })
    }

    fn add_key_use(&self, to: &mut Transaction, placement: &Placement<'_>) -> Result<()> {
        let key_use = KeyUse {
            order: Some(placement.order.id.clone()),
            refusal: None,
            request_hash: placement.replay.request_hash.to_owned(),
            at: placement.order.created_at,
        };
        let key = Key::idempotency(&placement.workspace.id, placement.replay.key);
        to.put(
            self.put()
                .set_item(Some(item(&key, "idempotency key", &key_use)?))
                .condition_expression("attribute_not_exists(pk)"),
        )
    }

    /// Keeps why a key placed no order, unless it was used meanwhile: then for what.
    pub async fn keep_refusal(
        &self,
        workspace: &WorkspaceId,
        replay: Replay<'_>,
        refusal: Refusal,
    ) -> Result<Option<KeyUse>> {
        let key_use = KeyUse {
            order: None,
            refusal: Some(refusal),
            request_hash: replay.request_hash.to_owned(),
            at: self.clock.now(),
        };
        let key = Key::idempotency(workspace, replay.key);
        let mut transaction = Transaction::default();
        transaction.put(
            self.put()
                .set_item(Some(item(&key, "idempotency key", &key_use)?))
                .condition_expression("attribute_not_exists(pk)"),
        )?;
        match self.commit("keep refusal", transaction).await? {
            Committed::Yes => Ok(None),
            Committed::Refused(_, used) => {
                let used = used.unwrap_or_default();
                Ok(Some(body("idempotency key", &used)?))
            }
        }
    }

    /// Only this order's entries are written: entries that other orders free at the
    /// same time stay freed.
    fn reservation(
        &self,
        reserving: &Reserving<'_>,
    ) -> Result<aws_sdk_dynamodb::types::builders::UpdateBuilder> {
        let Reserving {
            order,
            workspace,
            reservations,
        } = reserving;
        let price = reservations.held.get(&order.id).copied();
        let price = price.ok_or_else(|| Error::corrupt("reservation", "not this order's"))?;
        let since = reservations.purchases.get(&order.id).copied();
        let since = since.unwrap_or(order.created_at);
        let mut update = self
            .update(&Key::workspace(&workspace.id))
            .condition_expression("body.reservations.version = :seen AND body.#status = :active")
            .expression_attribute_names("#status", "status")
            .expression_attribute_names("#order", order.id.as_str())
            .expression_attribute_values(":seen", n(workspace.reservations.version))
            .expression_attribute_values(":next", n(reservations.version))
            .expression_attribute_values(":active", attribute("status", &workspace.status)?)
            .expression_attribute_values(":price", n(price.as_micros()))
            .expression_attribute_values(":now", s(since));
        let purchases = workspace.reservations.purchases.keys();
        let forgotten = purchases
            .filter(|old| !reservations.purchases.contains_key(*old))
            .take(FORGOTTEN_MAX);
        let mut removals = Vec::new();
        for (place, old) in forgotten.enumerate() {
            update = update.expression_attribute_names(format!("#old{place}"), old.as_str());
            removals.push(format!("body.reservations.purchases.#old{place}"));
        }
        let remove = if removals.is_empty() {
            String::new()
        } else {
            format!(" REMOVE {}", removals.join(", "))
        };
        Ok(update.update_expression(format!(
            "SET body.reservations.version = :next, body.reservations.held.#order = :price, \
             body.reservations.purchases.#order = :now{remove}"
        )))
    }

    /// Places an order to give `number` back, and moves the number to `releasing`.
    pub async fn place_release(&self, order: &Order, number: &Number) -> Result<Placed> {
        let mut transaction = Transaction::default();
        let (condition, values) = super::changes::leaving_for(NumberStatus::Releasing)?;
        let mut update = self
            .update(&Key::number(&number.workspace, &number.id))
            .update_expression(
                "SET body.#status = :releasing, body.release_order = :order, body.changed_by = :by",
            )
            .condition_expression(condition)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(
                ":releasing",
                attribute("status", &NumberStatus::Releasing)?,
            )
            .expression_attribute_values(":order", s(&order.id))
            .expression_attribute_values(":by", attribute("actor", &order.requested_by)?);
        for (name, value) in values {
            update = update.expression_attribute_values(name, value);
        }
        transaction.update(update)?;
        self.add_order(&mut transaction, order)?;
        Ok(match self.commit("place release", transaction).await? {
            Committed::Yes => Placed::Yes,
            Committed::Refused(..) => Placed::Changed,
        })
    }

    /// Begins an order again that failed with nothing left over: its reservation and its
    /// claim are made anew, or nothing changes (P3, P5).
    pub async fn place_again(&self, placement: &Placement<'_>, by: &Actor) -> Result<Placed> {
        let mut transaction = Transaction::default();
        let ended = OrderStatus::Failed;
        transaction.update(self.revival(placement.order, ended, by, false)?)?;
        transaction.update(self.reservation(&Reserving::from(placement))?)?;
        if let Some(claim) = placement.claim {
            transaction.put(
                self.put()
                    .set_item(Some(item(&Key::claim(&claim.e164), "claim", claim)?))
                    .condition_expression("attribute_not_exists(pk)"),
            )?;
        }
        Ok(match self.commit("place again", transaction).await? {
            Committed::Yes => Placed::Yes,
            Committed::Refused(2, _) => Placed::Claimed,
            Committed::Refused(..) => Placed::Changed,
        })
    }

    /// Places the order that ends a workspace, and lets nothing new begin there.
    pub async fn place_closing(&self, closing: &Closing<'_>) -> Result<Placed> {
        let Closing { order, workspace } = closing;
        let mut transaction = Transaction::default();
        transaction.update(
            self.update(&Key::workspace(&workspace.id))
                .update_expression(
                    "SET body.#status = :deleting, body.closing_order = :order, body.changed_by = :by",
                )
                .condition_expression("body.#status IN (:active, :suspended)")
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(
                    ":deleting",
                    attribute("status", &WorkspaceStatus::Deleting)?,
                )
                .expression_attribute_values(":active", attribute("status", &WorkspaceStatus::Active)?)
                .expression_attribute_values(
                    ":suspended",
                    attribute("status", &WorkspaceStatus::Suspended)?,
                )
                .expression_attribute_values(":order", s(&order.id))
                .expression_attribute_values(":by", attribute("actor", &order.requested_by)?),
        )?;
        self.add_order(&mut transaction, order)?;
        Ok(match self.commit("place closing", transaction).await? {
            Committed::Yes => Placed::Yes,
            Committed::Refused(..) => Placed::Changed,
        })
    }
}
