//! The one record that says whom an E.164 belongs to (P3).

use serde::{Deserialize, Serialize};

use super::{
    carrier::{AccountId, CarrierId},
    e164::E164,
    id::{NumberId, OrderId, WorkspaceId},
};

/// A number's claim: written before a number is bought, removed after it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The claimed number.
    pub e164: E164,
    /// Whom it belongs to.
    pub owner: ClaimOwner,
    /// The order that made the claim: only it may free it. A shared number has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The owned number, once it is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberId>,
    /// The carrier it is at.
    pub carrier: CarrierId,
    /// The account it was bought in: a webhook from another account is not for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

impl Claim {
    /// Whether the number is here, and not only being ordered: an order claims the number
    /// that it wants at once, and that may be anybody's outside.
    #[must_use]
    pub const fn is_held(&self) -> bool {
        match self.owner {
            ClaimOwner::Workspace(_) => self.number.is_some(),
            ClaimOwner::Stock | ClaimOwner::Shared => true,
        }
    }
}

/// Whom a claimed number belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimOwner {
    /// A workspace, which has it or is buying it.
    Workspace(WorkspaceId),
    /// No workspace: the number waits in stock.
    Stock,
    /// The platform itself, which lends it to workspaces that have none.
    Shared,
}
