//! What to do next.

use crate::domain::time::Timestamp;

use super::{
    Close, CloseStep, GiveBack, GiveBackStep, Intent, Order, Provision, ProvisionStep, Signals,
    TroubleCode, Work,
};

/// What a worker does next with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// This.
    Do(Task),
    /// Nothing before then.
    Wait(Timestamp),
    /// Nothing ever.
    End,
}

/// One thing a worker does. Each ends in an [`Event`](super::Event).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// Search for a number and claim it.
    Search,
    /// Have a subproject.
    Isolate,
    /// Write the intent, then buy.
    Buy,
    /// Ask the carrier whether the number is ours.
    LookBought,
    /// Move the number into the workspace's account.
    Assign,
    /// Set the number's webhooks.
    Configure,
    /// Read the number back.
    Verify,
    /// Hand the number to the workspace.
    Activate,
    /// Write the intent, then release.
    Release,
    /// Ask the carrier whether the number is gone.
    LookGone,
    /// Give back every number of the workspace, and see whether any is left.
    Empty,
    /// Close the workspace's accounts.
    Seal,
    /// Stop here, because somebody asked.
    Cancel,
}

impl Order {
    /// What to do next. Pure: same order, same signals, same time, same move.
    #[must_use]
    pub fn next_move(&self, signals: Signals, now: Timestamp) -> Move {
        if self.status.is_final() {
            return Move::End;
        }
        if signals.cancel && self.may_cancel() {
            return Move::Do(Task::Cancel);
        }
        match self.wake_at {
            Some(wake_at) if now < wake_at && !self.is_nudged(signals) => Move::Wait(wake_at),
            Some(_) | None => self.task(now),
        }
    }

    /// Whether somebody wants it tried at once who asked after it was put off. A carrier
    /// that told us to slow down is not asked sooner for that.
    fn is_nudged(&self, signals: Signals) -> bool {
        let told_to_wait =
            matches!(&self.trouble, Some(trouble) if trouble.code == TroubleCode::CarrierBusy);
        !told_to_wait && signals.nudged_at.is_some_and(|at| at > self.moved_at)
    }

    fn task(&self, now: Timestamp) -> Move {
        match &self.work {
            Work::Provision(provision) => provision.task(self.intent.as_ref(), now),
            Work::GiveBack(give_back) => give_back.task(self.intent.as_ref(), now),
            Work::Close(close) => close.task(),
        }
    }

    /// Whether somebody may ask for it to be canceled: what gives back or ends goes on.
    #[must_use]
    pub const fn is_cancelable(&self) -> bool {
        match &self.work {
            Work::Provision(_) => true,
            Work::GiveBack(give_back) => give_back.canceling,
            Work::Close(_) => false,
        }
    }

    /// Whether nothing is in flight whose outcome must be known before stopping.
    fn may_cancel(&self) -> bool {
        match &self.work {
            Work::Provision(provision) => self.intent.is_none() && provision.refusal.is_none(),
            Work::GiveBack(_) | Work::Close(_) => false,
        }
    }
}

impl Provision {
    fn task(&self, intent: Option<&Intent>, now: Timestamp) -> Move {
        match self.step {
            ProvisionStep::Search => Move::Do(Task::Search),
            ProvisionStep::Isolate => Move::Do(Task::Isolate),
            ProvisionStep::Purchase if self.refusal.is_some() && intent.is_none() => {
                Move::Do(Task::LookBought)
            }
            ProvisionStep::Purchase => once(intent, now, Task::Buy, Task::LookBought),
            ProvisionStep::Assign => Move::Do(Task::Assign),
            ProvisionStep::Configure => Move::Do(Task::Configure),
            ProvisionStep::Verify => Move::Do(Task::Verify),
            ProvisionStep::Activate => Move::Do(Task::Activate),
        }
    }
}

impl GiveBack {
    fn task(&self, intent: Option<&Intent>, now: Timestamp) -> Move {
        match self.step {
            GiveBackStep::Release => once(intent, now, Task::Release, Task::LookGone),
            GiveBackStep::Confirm => Move::Do(Task::LookGone),
        }
    }
}

impl Close {
    const fn task(&self) -> Move {
        match self.step {
            CloseStep::Empty => Move::Do(Task::Empty),
            CloseStep::Seal => Move::Do(Task::Seal),
        }
    }
}

/// An act that is never repeated while its outcome is open: with an intent on
/// record the only move is to look, and not before the answer can be believed.
fn once(intent: Option<&Intent>, now: Timestamp, act: Task, look: Task) -> Move {
    match intent {
        None => Move::Do(act),
        Some(intent) if now < intent.settled_at => Move::Wait(intent.settled_at),
        Some(_) => Move::Do(look),
    }
}
