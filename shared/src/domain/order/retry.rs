//! Another try of an order, when somebody asks for one.

use crate::domain::time::Timestamp;

use super::{Order, OrderStatus, Provision, ProvisionStep, Wish, Work, policy::ORDER_LIFETIME};

/// How often an order that ended may be begun again.
pub const RETRIES_MAX: u32 = 20;

/// What another try of an order means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It is being worked on: it need only not wait for its own next try.
    Nudge,
    /// It asked for a person, and goes on where it stood: what it holds it still holds.
    GoOn(Box<Order>),
    /// It failed with nothing left over, and begins again: it reserves anew.
    Again(Box<Order>),
    /// It is over, or was begun again often enough.
    Never,
}

impl Order {
    /// What another try of this order means at `now`.
    #[must_use]
    pub fn retry(&self, now: Timestamp) -> Retry {
        match (self.status, &self.work) {
            (OrderStatus::Queued | OrderStatus::Running | OrderStatus::Waiting, _) => Retry::Nudge,
            (OrderStatus::NeedsAttention | OrderStatus::Failed, _)
                if self.retries >= RETRIES_MAX =>
            {
                Retry::Never
            }
            (OrderStatus::NeedsAttention, _) => Retry::GoOn(Box::new(self.revived(now))),
            (OrderStatus::Failed, Work::Provision(provision)) => {
                let work = Work::Provision(provision.anew());
                Retry::Again(Box::new(Self {
                    work,
                    status: OrderStatus::Queued,
                    done: Vec::new(),
                    trouble: None,
                    ..self.revived(now)
                }))
            }
            (OrderStatus::Failed | OrderStatus::Succeeded | OrderStatus::Canceled, _) => {
                Retry::Never
            }
        }
    }

    /// What canceling this order means at `now`: as another try, except that one which
    /// asked for a person can be canceled however often it was begun.
    #[must_use]
    pub fn revoke(&self, now: Timestamp) -> Retry {
        match self.status {
            OrderStatus::NeedsAttention => Retry::GoOn(Box::new(self.revived(now))),
            OrderStatus::Queued
            | OrderStatus::Running
            | OrderStatus::Waiting
            | OrderStatus::Succeeded
            | OrderStatus::Failed
            | OrderStatus::Canceled => self.retry(now),
        }
    }

    /// Alive again, with all the time an order has. An open intent stays open: what may
    /// have happened is looked at before anything else.
    fn revived(&self, now: Timestamp) -> Self {
        Self {
            status: OrderStatus::Waiting,
            deadline: now.plus(ORDER_LIFETIME),
            wake_at: Some(now),
            tries: 0,
            retries: self.retries.saturating_add(1),
            ..self.clone()
        }
    }
}

impl Provision {
    /// The same wish, with nothing known yet.
    fn anew(&self) -> Self {
        let (step, candidate) = match &self.wish {
            Wish::Exact(e164) => (ProvisionStep::Isolate, Some(e164.clone())),
            Wish::Any(_) => (ProvisionStep::Search, None),
        };
        Self {
            step,
            candidate,
            refused: Vec::new(),
            refusal: None,
            unclear: false,
            alternatives: Vec::new(),
            ..self.clone()
        }
    }
}
