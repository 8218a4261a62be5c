//! Other items that change in the same transaction as an order.

use crate::domain::{
    carrier::AccountId,
    claim::Claim,
    e164::E164,
    id::{NumberId, OrderId, WorkspaceId},
    number::{Number, NumberStatus},
    stock::Stock,
    time::Timestamp,
};

use super::Order;

/// A change that holds together with the order's new state, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Claim a number nobody has (P3).
    TakeClaim(Claim),
    /// Free the claim that `order` made.
    FreeClaim {
        /// The number.
        e164: E164,
        /// Who made the claim.
        order: OrderId,
    },
    /// Say in the claim which number and account it stands for.
    BindClaim {
        /// The number.
        e164: E164,
        /// Who made the claim.
        order: OrderId,
        /// The number's row.
        number: NumberId,
        /// The account that owns it.
        account: AccountId,
    },
    /// Write the row of a number that was just bought.
    AddNumber(Box<Number>),
    /// Move a number on.
    MoveNumber {
        /// Whose.
        workspace: WorkspaceId,
        /// Which.
        number: NumberId,
        /// Where to.
        status: NumberStatus,
        /// When.
        at: Timestamp,
    },
    /// Give back what `order` held of the workspace's plan.
    FreeReservation {
        /// Whose.
        workspace: WorkspaceId,
        /// The order that reserved.
        order: OrderId,
        /// Whether it counts as a purchase of the velocity window all the same.
        purchased: bool,
    },
    /// Put a number into stock, with the order that will give it back.
    FileStock(Box<Filing>),
    /// The number in stock is gone.
    RemoveStock(E164),
    /// Nothing by itself: the rest holds only if the workspace is active, or only if it
    /// is not.
    IfWorkspace {
        /// Which.
        workspace: WorkspaceId,
        /// Whether it must be active.
        active: bool,
    },
    /// The workspace has nothing left, and is gone.
    EndWorkspace {
        /// Which.
        workspace: WorkspaceId,
        /// The SaaS product's own name for it, to be free again.
        external_id: Option<String>,
    },
}

/// A number going into stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The number.
    pub stock: Stock,
    /// The order that held the claim so far.
    pub claimed_by: OrderId,
    /// The claim as it is from now on.
    pub claim: Claim,
    /// The platform's order that will give it back.
    pub release: Order,
}
