//! What follows from what happened: the order's next state, and what changes with it.

use crate::domain::{id::AttemptId, time::Timestamp};

use super::{
    Change, Event, IllegalEvent, Intent, Order, OrderStatus, Policy, Task, Trouble, TroubleCode,
    VisibleStep, Work, policy::backoff,
};

impl Order {
    /// Records what came of `task`: moves the order on and says which other items
    /// change with it, in one transaction. An event that cannot follow is refused
    /// and changes nothing.
    pub fn record(
        &mut self,
        task: Task,
        event: Event,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Vec<Change>, IllegalEvent> {
        let before = self.clone();
        let changes = if let Event::Intended(attempt) = &event {
            self.intend(task, attempt, policy, now)
        } else if let Event::Deferred {
            trouble,
            not_before,
        } = &event
        {
            Some(self.defer(task, *trouble, *not_before, now))
        } else if event == Event::Canceled {
            self.cancel(task, policy, now)
        } else if let Event::Paced(until) = event {
            Some(self.pace(until, now))
        } else {
            match &self.work {
                Work::Provision(_) => self.record_provision(task, &event, policy, now),
                Work::GiveBack(_) => self.record_give_back(task, &event, policy, now),
                Work::Close(_) => self.record_close(task, &event, now),
            }
        };
        self.moved_at = now;
        changes.ok_or_else(|| {
            *self = before;
            IllegalEvent {
                task,
                event: Box::new(event),
            }
        })
    }

    /// Writes down what is about to be done. Never a second intent over an open one, and
    /// nothing that costs money for a workspace that may not act.
    fn intend(
        &mut self,
        task: Task,
        attempt: &AttemptId,
        policy: &Policy,
        now: Timestamp,
    ) -> Option<Vec<Change>> {
        let intent = Intent {
            attempt: attempt.clone(),
            at: now,
            settled_at: policy.settled_at(now),
        };
        self.status = OrderStatus::Running;
        let buyer = self.workspace().filter(|_| task == Task::Buy);
        let condition = buyer.map(|workspace| Change::IfWorkspace {
            workspace: workspace.clone(),
            active: true,
        });
        let first = self.intent.replace(intent).is_none();
        first.then(|| condition.into_iter().collect())
    }

    /// Something went well: nothing stands in the way any more.
    pub(super) fn proceed(&mut self, now: Timestamp) {
        self.status = OrderStatus::Running;
        self.intent = None;
        self.tries = 0;
        self.trouble = None;
        self.wake_at = Some(now);
    }

    /// An act went well, but is believed only after a look: until then the order waits
    /// longer and longer between rounds, as after a failure.
    pub(super) fn proceed_unproven(&mut self, now: Timestamp) {
        let (tries, trouble) = (self.tries, self.trouble.take());
        self.proceed(now);
        (self.tries, self.trouble) = (tries, trouble);
    }

    pub(super) fn mark_done(&mut self, step: VisibleStep, now: Timestamp) {
        if !self.done.iter().any(|(done, _)| *done == step) {
            self.done.push((step, now));
        }
    }

    pub(super) fn end(&mut self, status: OrderStatus, trouble: Option<Trouble>) {
        self.status = status;
        self.intent = None;
        self.trouble = trouble;
        self.wake_at = None;
    }

    /// Ends with what is open left as it is: the intent stays as the record of it.
    pub(super) fn escalate(&mut self, code: TroubleCode, now: Timestamp) -> Vec<Change> {
        let intent = self.intent.clone();
        self.end(
            OrderStatus::NeedsAttention,
            Some(Trouble { code, since: now }),
        );
        self.intent = intent;
        Vec::new()
    }

    /// Puts the next act off. An act that certainly had no effect leaves no intent;
    /// a look that failed leaves the question open.
    pub(super) fn defer(
        &mut self,
        task: Task,
        code: TroubleCode,
        not_before: Option<Timestamp>,
        now: Timestamp,
    ) -> Vec<Change> {
        if matches!(task, Task::Buy | Task::Release) {
            self.intent = None;
        }
        let retry_at = now.plus(backoff(&self.id, self.tries));
        let wake_at = not_before.map_or(retry_at, |at| at.max(retry_at));
        self.tries = self.tries.saturating_add(1);
        if now >= self.deadline {
            return self.run_out(code, now);
        }
        self.wait_until(wake_at.min(self.deadline), code, now);
        Vec::new()
    }

    /// Puts the next act off until it is this order's turn. That is no failure, and so
    /// does not count as a try.
    fn pace(&mut self, until: Timestamp, now: Timestamp) -> Vec<Change> {
        if now >= self.deadline {
            return self.run_out(TroubleCode::CarrierBusy, now);
        }
        self.wait_until(until.min(self.deadline), TroubleCode::CarrierBusy, now);
        Vec::new()
    }

    pub(super) fn wait_until(&mut self, wake_at: Timestamp, code: TroubleCode, now: Timestamp) {
        let since = match &self.trouble {
            Some(trouble) if trouble.code == code => trouble.since,
            Some(_) | None => now,
        };
        self.status = OrderStatus::Waiting;
        self.trouble = Some(Trouble { code, since });
        self.wake_at = Some(wake_at);
    }

    /// The order's time is over: it fails where nothing can be left over, and asks
    /// for a person where something can.
    pub fn run_out(&mut self, code: TroubleCode, now: Timestamp) -> Vec<Change> {
        match &self.work {
            Work::Provision(provision)
                if self.intent.is_none()
                    && provision.owned.is_none()
                    && provision.refusal.is_none() =>
            {
                self.fail(code, now)
            }
            Work::Provision(_) | Work::GiveBack(_) | Work::Close(_) => self.escalate(code, now),
        }
    }

    /// Waits until the carrier's list can be believed about the open intent.
    pub(super) fn await_settled(&mut self, now: Timestamp) -> Option<Vec<Change>> {
        let settled_at = self.intent.as_ref()?.settled_at;
        self.wait_until(settled_at, TroubleCode::OutcomeUnknown, now);
        Some(Vec::new())
    }
}
