//! What an order that gives a number back knows.

use serde::{Deserialize, Serialize};

use crate::domain::{
    carrier::{AccountId, CarrierNumberId},
    e164::E164,
    id::{NumberId, OrderId, WorkspaceId},
    money::MicroDollars,
    number::Number,
    time::Timestamp,
};

/// A number on its way back to the carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveBack {
    /// The number's row.
    pub number: NumberId,
    /// The number.
    pub e164: E164,
    /// The workspace that has it, or had it.
    pub workspace: WorkspaceId,
    /// The order whose reservation ends with it.
    pub reserved_by: OrderId,
    /// The order that holds its claim.
    pub claimed_by: OrderId,
    /// The account that owns it at the carrier.
    pub account: AccountId,
    /// The workspace's account, if the number was bought elsewhere to be moved there: a
    /// move whose answer was lost may have moved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<AccountId>,
    /// The carrier's name for it.
    pub carrier_number: CarrierNumberId,
    /// When it was bought.
    pub purchased_at: Timestamp,
    /// What it costs a month until it is gone.
    pub monthly_price: MicroDollars,
    /// Whether this began as a provisioning that was canceled.
    pub canceling: bool,
    /// The step it is at.
    pub step: GiveBackStep,
    /// When the carrier takes it back, if it would not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
}

/// The steps of giving back, in the order they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GiveBackStep {
    /// Ask the carrier to take it.
    Release,
    /// See that it is gone, from the subproject and from the platform's account.
    Confirm,
}

impl GiveBack {
    /// Giving back `number`.
    #[must_use]
    pub fn of(number: &Number) -> Self {
        Self {
            number: number.id.clone(),
            e164: number.e164.clone(),
            workspace: number.workspace.clone(),
            reserved_by: number.order.clone(),
            claimed_by: number.order.clone(),
            account: number.account.clone(),
            home: None,
            carrier_number: number.carrier_number.clone(),
            purchased_at: number.purchased_at,
            monthly_price: number.monthly_price,
            canceling: false,
            step: GiveBackStep::Release,
            held_until: None,
        }
    }
}
