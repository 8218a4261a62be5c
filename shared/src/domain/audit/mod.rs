//! The record: who changed what, from where, and what it was before.
//!
//! An [`Entry`] is derived from a [`Change`] of an item and sealed into its owner's
//! chain: each sealed entry holds the hash of the one before, so that none can be
//! altered, taken out or put in unseen ([`Walk`]). What stands in an entry is what a
//! tenant may know. The one part about the carrier is for operators and in no view.

mod action;
mod chain;
mod change;
mod facts;
mod walk;

use serde::{Deserialize, Serialize};

pub use action::Action;
pub use chain::{Hash, Sealed, Tip};
pub use change::{Change, Changed, Departure, OrderVersions, Versions};
pub use facts::{
    Facts, MemberFacts, MessageFacts, NumberFacts, OrderFacts, OrderKind, StockFacts,
    WorkspaceFacts,
};
pub use walk::{Fault, Finding, Walk};

use super::{
    actor::Actor,
    carrier::{AccountId, CarrierId, CarrierNumberId},
    id::ChangeId,
    order::Owner,
    time::Timestamp,
};

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The change it was derived from: the same however often the stream tells of it.
    pub id: ChangeId,
    /// Whose record it belongs to: a workspace's, or the platform's own.
    pub owner: Owner,
    /// When the item changed, to the second.
    pub at: Timestamp,
    /// What was done.
    pub action: Action,
    /// Who did it, from where, with which request.
    pub actor: Actor,
    /// What the thing was before; absent when it is new.
    pub before: Option<Facts>,
    /// What it is since; absent when it is gone.
    pub after: Option<Facts>,
    /// Where it is at the carrier. For operators: no view shows it (P8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_carrier: Option<AtCarrier>,
}

/// Where a thing is at the carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtCarrier {
    /// The carrier.
    pub carrier: CarrierId,
    /// The account that owns it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Its name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<CarrierNumberId>,
}
