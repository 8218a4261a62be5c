//! Numbers we own and pay for that no workspace uses.

use serde::{Deserialize, Serialize};

use super::{
    carrier::{AccountId, CarrierId, CarrierNumberId},
    e164::E164,
    id::{OrderId, WorkspaceId},
    money::MicroDollars,
    time::Timestamp,
};

/// A number in stock, with the day it can go back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// The number.
    pub e164: E164,
    /// The workspace that had it: its subproject stays open until the number is gone.
    pub former: WorkspaceId,
    /// The carrier it is at.
    pub carrier: CarrierId,
    /// The account that owns it there.
    pub account: AccountId,
    /// Its name there.
    pub carrier_number: CarrierNumberId,
    /// What it costs a month until then.
    pub monthly_price: MicroDollars,
    /// When it was bought.
    pub purchased_at: Timestamp,
    /// When it was filed.
    pub since: Timestamp,
    /// When the carrier takes it back.
    pub release_at: Timestamp,
    /// The order that will give it back then.
    pub release_order: OrderId,
}
