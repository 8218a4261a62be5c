//! An order as people see it: steps, and how far along they are.

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

use super::{CloseStep, GiveBackStep, Order, OrderStatus, ProvisionStep, Work};

/// A step people see. The names are part of the public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisibleStep {
    /// A number is looked for and claimed.
    Searching,
    /// It is bought.
    Purchasing,
    /// Calls are pointed at us.
    ConfiguringVoice,
    /// Messages are pointed at us.
    ConfiguringSms,
    /// What the carrier has is read back.
    Verifying,
    /// It works.
    Active,
    /// It is given back.
    Releasing,
    /// That it is gone is checked.
    Confirming,
    /// It is gone.
    Released,
    /// Every number of a workspace is given back.
    ReleasingNumbers,
    /// The workspace is gone.
    Deleted,
    /// The account that isolated it is closed.
    ClosingAccount,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not begun.
    Pending,
    /// Being worked on.
    Running,
    /// Done.
    Done,
    /// Where the order ended without success.
    Failed,
}

/// How far an order is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Its steps in order: state, and when it was done.
    pub steps: Vec<(VisibleStep, StepState, Option<Timestamp>)>,
    /// Share of the steps that are done, 0–100.
    pub percent: u8,
    /// When it is worth asking again, in milliseconds; absent once it ended.
    pub poll_after_ms: Option<u32>,
}

const PROVISION: [VisibleStep; 6] = [
    VisibleStep::Searching,
    VisibleStep::Purchasing,
    VisibleStep::ConfiguringVoice,
    VisibleStep::ConfiguringSms,
    VisibleStep::Verifying,
    VisibleStep::Active,
];

const GIVE_BACK: [VisibleStep; 3] = [
    VisibleStep::Releasing,
    VisibleStep::Confirming,
    VisibleStep::Released,
];

const CLOSE: [VisibleStep; 3] = [
    VisibleStep::ReleasingNumbers,
    VisibleStep::Deleted,
    VisibleStep::ClosingAccount,
];

/// Asking faster than this shows nothing new: a step takes about a carrier call.
const POLL_RUNNING_MS: u32 = 1_000;
/// An order that waits is worth asking about when it goes on. Somebody may bring it
/// forward meanwhile, so its page asks at least this often.
const POLL_WAITING_MAX_MS: u32 = 60_000;

impl Order {
    /// The step people are told the order is at.
    #[must_use]
    pub fn visible_step(&self) -> VisibleStep {
        match &self.work {
            Work::Provision(provision) => match provision.step {
                ProvisionStep::Search | ProvisionStep::Isolate => VisibleStep::Searching,
                ProvisionStep::Purchase | ProvisionStep::Assign => VisibleStep::Purchasing,
                ProvisionStep::Configure => VisibleStep::ConfiguringVoice,
                ProvisionStep::Verify => VisibleStep::Verifying,
                ProvisionStep::Activate => VisibleStep::Active,
            },
            Work::GiveBack(_) if self.status == OrderStatus::Succeeded => VisibleStep::Released,
            Work::GiveBack(give_back) => match give_back.step {
                GiveBackStep::Release => VisibleStep::Releasing,
                GiveBackStep::Confirm => VisibleStep::Confirming,
            },
            Work::Close(close) => match close.step {
                CloseStep::Empty => VisibleStep::ReleasingNumbers,
                CloseStep::Seal => VisibleStep::ClosingAccount,
            },
        }
    }

    /// How far the order is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let all: &[VisibleStep] = match &self.work {
            Work::Provision(_) => &PROVISION,
            Work::GiveBack(_) => &GIVE_BACK,
            Work::Close(_) => &CLOSE,
        };
        let steps: Vec<_> = all.iter().map(|step| self.state_of(*step)).collect();
        let done = steps
            .iter()
            .filter(|(_, state, _)| *state == StepState::Done)
            .count();
        Progress {
            percent: u8::try_from(done * 100 / all.len()).unwrap_or(100),
            steps,
            poll_after_ms: match self.status {
                OrderStatus::Queued | OrderStatus::Running => Some(POLL_RUNNING_MS),
                OrderStatus::Waiting => Some(self.wait_ms()),
                OrderStatus::Succeeded
                | OrderStatus::Failed
                | OrderStatus::Canceled
                | OrderStatus::NeedsAttention => None,
            },
        }
    }

    /// How long the order waits in all, within what is sensible between two looks at it.
    fn wait_ms(&self) -> u32 {
        let wait = self.wake_at.map(|wake_at| self.moved_at.until(wake_at));
        let wait = wait.map(|wait| u32::try_from(wait.as_millis()).unwrap_or(u32::MAX));
        let wait = wait.unwrap_or(POLL_WAITING_MAX_MS);
        wait.clamp(POLL_RUNNING_MS, POLL_WAITING_MAX_MS)
    }

    fn state_of(&self, step: VisibleStep) -> (VisibleStep, StepState, Option<Timestamp>) {
        let done = self
            .done
            .iter()
            .find(|(done, _)| *done == step)
            .map(|(_, at)| *at);
        let state = if done.is_some() {
            StepState::Done
        } else if step != self.visible_step() {
            StepState::Pending
        } else if self.status.is_final() {
            StepState::Failed
        } else {
            StepState::Running
        };
        (step, state, done)
    }
}
