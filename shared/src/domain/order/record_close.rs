//! What follows from what happened to an order that ends a workspace.

use std::time::Duration;

use crate::domain::time::Timestamp;

use super::{
    Change, Close, CloseStep, Event, Order, OrderStatus, Task, TroubleCode, VisibleStep, Work,
    policy::ORDER_LIFETIME,
};

/// How long after a number in stock was to go its account is looked at again.
const AFTER_STOCK: Duration = Duration::from_hours(1);

/// How long after the last number in stock was to go an account may stay open.
const SEALING_MAX: Duration = Duration::from_hours(24 * 30);

impl Order {
    pub(super) fn record_close(
        &mut self,
        task: Task,
        event: &Event,
        now: Timestamp,
    ) -> Option<Vec<Change>> {
        match (task, event) {
            (Task::Empty, Event::Occupied) => {
                Some(self.defer(task, TroubleCode::NumbersLeft, None, now))
            }
            (Task::Empty, Event::Emptied) => self.emptied(now),
            (Task::Seal, Event::StockLeft(until)) => self.await_stock(*until, now),
            (Task::Seal, Event::Sealed) => {
                self.closing_at(CloseStep::Seal)?;
                self.mark_done(VisibleStep::ClosingAccount, now);
                self.end(OrderStatus::Succeeded, None);
                Some(Vec::new())
            }
            _ => None,
        }
    }

    /// The workspace is gone for its people. What is left is between the platform and
    /// the carrier.
    fn emptied(&mut self, now: Timestamp) -> Option<Vec<Change>> {
        let close = self.closing_at(CloseStep::Empty)?;
        close.step = CloseStep::Seal;
        let end = Change::EndWorkspace {
            workspace: close.workspace.clone(),
            external_id: close.external_id.clone(),
        };
        self.proceed(now);
        self.deadline = now.plus(ORDER_LIFETIME);
        self.mark_done(VisibleStep::ReleasingNumbers, now);
        self.mark_done(VisibleStep::Deleted, now);
        Some(vec![end])
    }

    fn await_stock(&mut self, until: Timestamp, now: Timestamp) -> Option<Vec<Change>> {
        let close = self.closing_at(CloseStep::Seal)?;
        close.held_until = Some(until);
        self.deadline = self.deadline.max(until.plus(SEALING_MAX));
        if now >= self.deadline {
            return Some(self.escalate(TroubleCode::StockLeft, now));
        }
        let wake_at = until.max(now).plus(AFTER_STOCK);
        self.wait_until(wake_at, TroubleCode::StockLeft, now);
        Some(Vec::new())
    }

    fn closing_at(&mut self, step: CloseStep) -> Option<&mut Close> {
        match &mut self.work {
            Work::Close(close) if close.step == step => Some(close),
            Work::Close(_) | Work::Provision(_) | Work::GiveBack(_) => None,
        }
    }
}
