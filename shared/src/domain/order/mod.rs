//! Orders: the intent to own, wire or give back one number, or to end a workspace
//! with all it has, and its durable progress.
//!
//! The machine is pure. [`Order::next_move`] says what to do, [`Order::record`]
//! says what follows from what happened and which other items change with it.
//! A worker in between does the one thing that is neither: it acts.
//!
//! What may have happened is never repeated. Before a purchase the intent is
//! written; an intent without an outcome is answered by asking the carrier, after
//! the settle window, and by nothing else.

mod change;
mod close;
mod event;
mod give_back;
mod machine;
mod policy;
mod progress;
mod provision;
mod record;
mod record_close;
mod record_give_back;
mod record_provision;
mod retry;
mod trouble;

use serde::{Deserialize, Serialize};

pub use change::{Change, Filing};
pub use close::{Close, CloseStep};
pub use event::{Event, IllegalEvent};
pub use give_back::{GiveBack, GiveBackStep};
pub use machine::{Move, Task};
#[cfg(feature = "mutants")]
pub use policy::Mutant;
pub use policy::{INTENT_MAX_AGE, ORDER_LIFETIME, Policy};
pub use progress::{Progress, StepState, VisibleStep};
pub use provision::{Owned, Provision, ProvisionStep, Wish};
pub use retry::{RETRIES_MAX, Retry};
pub use trouble::{Trouble, TroubleCode};

use super::{
    actor::Actor,
    carrier::CarrierId,
    id::{AttemptId, OrderId, WorkspaceId},
    time::Timestamp,
};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its identifier; the reference left at the carrier is made from it.
    pub id: OrderId,
    /// Whose it is.
    pub owner: Owner,
    /// The carrier it deals with.
    pub carrier: CarrierId,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it ends, one way or another (P6).
    pub deadline: Timestamp,
    /// Where it stands.
    pub status: OrderStatus,
    /// What it is for, and how far that is.
    pub work: Work,
    /// An act that was begun and whose outcome is not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// Acts put off since the last that went well.
    pub tries: u32,
    /// How often somebody had it begun again after it ended.
    #[serde(default)]
    pub retries: u32,
    /// When anything last happened to it: what was asked for since is still to be done.
    #[serde(default)]
    pub moved_at: Timestamp,
    /// When to look at it again; absent once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake_at: Option<Timestamp>,
    /// What holds it up, or ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// When each step people see was done, in order.
    pub done: Vec<(VisibleStep, Timestamp)>,
    /// Who asked for it.
    pub requested_by: Actor,
}

/// Whose order it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// A workspace's.
    Workspace(WorkspaceId),
    /// The platform's own, about a number in stock.
    Stock,
}

/// What an order is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// To own a number and wire it.
    Provision(Provision),
    /// To give a number back.
    GiveBack(GiveBack),
    /// To end a workspace.
    Close(Close),
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Accepted, not looked at.
    Queued,
    /// Being worked on.
    Running,
    /// Put off until its `wake_at`.
    Waiting,
    /// Done.
    Succeeded,
    /// Ended with nothing left over.
    Failed,
    /// Ended because somebody asked.
    Canceled,
    /// A person must look: something paid for cannot be settled.
    NeedsAttention,
}

impl OrderStatus {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Running | Self::Waiting => false,
            Self::Succeeded | Self::Failed | Self::Canceled | Self::NeedsAttention => true,
        }
    }
}

/// An act about to happen, written down first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Which attempt.
    pub attempt: AttemptId,
    /// When it was written.
    pub at: Timestamp,
    /// From when on the carrier's "not ours" can be believed.
    pub settled_at: Timestamp,
}

/// What others left for the worker to see. They write beside the order, never in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// Somebody wants it canceled.
    pub cancel: bool,
    /// When somebody last wanted it tried at once.
    pub nudged_at: Option<Timestamp>,
}

impl Signals {
    /// Adds what was read later.
    pub fn merge(&mut self, later: Self) {
        self.cancel |= later.cancel;
        self.nudged_at = self.nudged_at.max(later.nudged_at);
    }
}

impl Order {
    /// A new order, to be looked at now.
    #[must_use]
    pub fn new(
        id: OrderId,
        owner: Owner,
        carrier: CarrierId,
        work: Work,
        requested_by: &Actor,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            owner,
            carrier,
            created_at: now,
            deadline: now.plus(ORDER_LIFETIME),
            status: OrderStatus::Queued,
            work,
            intent: None,
            tries: 0,
            retries: 0,
            moved_at: now,
            wake_at: Some(now),
            trouble: None,
            done: Vec::new(),
            requested_by: requested_by.clone(),
        }
    }

    /// The workspace the order belongs to, unless it is the platform's own.
    #[must_use]
    pub fn workspace(&self) -> Option<&WorkspaceId> {
        match &self.owner {
            Owner::Workspace(workspace) => Some(workspace),
            Owner::Stock => None,
        }
    }

    /// The reference left at the carrier beside what this order buys.
    #[must_use]
    pub fn reference(&self) -> String {
        self.id.to_string()
    }

    /// The provisioning this order does, if it does.
    #[must_use]
    pub fn provision(&self) -> Option<&Provision> {
        match &self.work {
            Work::Provision(provision) => Some(provision),
            Work::GiveBack(_) | Work::Close(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
