//! What follows from what happened: the order's next state, and what changes with it.

use crate::domain::{
    claim::{Claim, ClaimOwner},
    digest::digest,
    id::{AttemptId, OrderId},
    number::NumberStatus,
    stock::Stock,
    time::Timestamp,
};

use super::{
    Change, Event, Filing, GiveBack, GiveBackStep, IllegalEvent, Intent, Order, OrderStatus, Owner,
    Policy, Task, Trouble, TroubleCode, VisibleStep, Work,
    policy::{HELD_AGAIN, ORDER_LIFETIME, backoff},
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
            self.intend(attempt, policy, now)
        } else if let Event::Deferred {
            trouble,
            not_before,
        } = &event
        {
            Some(self.defer(task, *trouble, *not_before, now))
        } else if event == Event::Canceled {
            self.cancel(task, now)
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

    /// Writes down what is about to be done. Never a second intent over an open one.
    fn intend(
        &mut self,
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
        self.intent.replace(intent).is_none().then(Vec::new)
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

    fn record_give_back(
        &mut self,
        task: Task,
        event: &Event,
        policy: &Policy,
        now: Timestamp,
    ) -> Option<Vec<Change>> {
        match (task, event) {
            (Task::Release, Event::Returned) => {
                self.proceed_unproven(now);
                self.mark_done(VisibleStep::Releasing, now);
                self.give_back_mut()?.step = GiveBackStep::Confirm;
                Some(Vec::new())
            }
            (Task::Release, Event::Held) => Some(self.held(policy, now)),
            (Task::Release, Event::Unclear) => self.await_settled(now),
            (Task::LookGone, Event::Gone) => Some(self.gone(now)),
            (Task::LookGone, Event::StillThere) => {
                self.intent = None;
                self.give_back_mut()?.step = GiveBackStep::Release;
                Some(self.defer(task, TroubleCode::OutcomeUnknown, None, now))
            }
            (Task::LookGone, Event::Elsewhere) => {
                Some(self.escalate(TroubleCode::FoundElsewhere, now))
            }
            _ => None,
        }
    }

    /// Waits until the carrier's list can be believed about the open intent.
    pub(super) fn await_settled(&mut self, now: Timestamp) -> Option<Vec<Change>> {
        let settled_at = self.intent.as_ref()?.settled_at;
        self.wait_until(settled_at, TroubleCode::OutcomeUnknown, now);
        Some(Vec::new())
    }

    fn give_back_mut(&mut self) -> Option<&mut GiveBack> {
        match &mut self.work {
            Work::GiveBack(give_back) => Some(give_back),
            Work::Provision(_) | Work::Close(_) => None,
        }
    }

    /// How an order that gave its number back ends.
    fn give_back_end(&self) -> OrderStatus {
        match &self.work {
            Work::GiveBack(give_back) if give_back.canceling => OrderStatus::Canceled,
            Work::GiveBack(_) | Work::Provision(_) | Work::Close(_) => OrderStatus::Succeeded,
        }
    }

    fn gone(&mut self, now: Timestamp) -> Vec<Change> {
        let Work::GiveBack(give_back) = self.work.clone() else {
            return Vec::new();
        };
        for step in [
            VisibleStep::Releasing,
            VisibleStep::Confirming,
            VisibleStep::Released,
        ] {
            self.mark_done(step, now);
        }
        self.end(self.give_back_end(), None);
        let free_claim = Change::FreeClaim {
            e164: give_back.e164.clone(),
            order: give_back.claimed_by.clone(),
        };
        match self.owner {
            Owner::Stock => vec![free_claim, Change::RemoveStock(give_back.e164)],
            Owner::Workspace(_) => {
                let mut changes = give_back.leave_workspace(now);
                changes.push(free_claim);
                changes
            }
        }
    }

    /// The carrier keeps the number for now: the workspace is rid of it, and the
    /// platform files it with the day it can go. What is in stock already waits on.
    fn held(&mut self, policy: &Policy, now: Timestamp) -> Vec<Change> {
        let Work::GiveBack(give_back) = self.work.clone() else {
            return Vec::new();
        };
        if self.owner == Owner::Stock {
            let again = now.plus(HELD_AGAIN);
            return self.defer(Task::Release, TroubleCode::CarrierBusy, Some(again), now);
        }
        let hold_ends = give_back.purchased_at.plus(policy.release_hold);
        let release_at = if hold_ends > now {
            hold_ends
        } else {
            now.plus(HELD_AGAIN)
        };
        for step in [
            VisibleStep::Releasing,
            VisibleStep::Confirming,
            VisibleStep::Released,
        ] {
            self.mark_done(step, now);
        }
        self.end(self.give_back_end(), None);
        if let Some(give_back) = self.give_back_mut() {
            give_back.held_until = Some(release_at);
        }
        let mut changes = give_back.leave_workspace(now);
        changes.push(self.file_stock(&give_back, release_at, now));
        changes
    }

    fn file_stock(&self, give_back: &GiveBack, release_at: Timestamp, now: Timestamp) -> Change {
        let id = OrderId::derived(digest(&["stock", self.id.as_str()]));
        let release = Self {
            id: id.clone(),
            owner: Owner::Stock,
            carrier: self.carrier.clone(),
            created_at: now,
            deadline: release_at.plus(ORDER_LIFETIME * 30),
            status: OrderStatus::Waiting,
            work: Work::GiveBack(GiveBack {
                claimed_by: id.clone(),
                canceling: false,
                step: GiveBackStep::Release,
                held_until: None,
                ..give_back.clone()
            }),
            intent: None,
            tries: 0,
            retries: 0,
            moved_at: now,
            wake_at: Some(release_at),
            trouble: None,
            done: Vec::new(),
            requested_by: self.requested_by.clone(),
        };
        Change::FileStock(Box::new(Filing {
            claimed_by: give_back.claimed_by.clone(),
            stock: Stock {
                e164: give_back.e164.clone(),
                former: give_back.workspace.clone(),
                carrier: self.carrier.clone(),
                account: give_back.account.clone(),
                carrier_number: give_back.carrier_number.clone(),
                monthly_price: give_back.monthly_price,
                purchased_at: give_back.purchased_at,
                since: now,
                release_at,
                release_order: id.clone(),
            },
            claim: Claim {
                e164: give_back.e164.clone(),
                owner: ClaimOwner::Stock,
                order: Some(id),
                number: Some(give_back.number.clone()),
                carrier: self.carrier.clone(),
                account: Some(give_back.account.clone()),
            },
            release,
        }))
    }
}

impl GiveBack {
    /// The number leaves its workspace, and so does what it held of the plan.
    fn leave_workspace(&self, now: Timestamp) -> Vec<Change> {
        vec![
            Change::MoveNumber {
                workspace: self.workspace.clone(),
                number: self.number.clone(),
                status: NumberStatus::Released,
                at: now,
            },
            Change::FreeReservation {
                workspace: self.workspace.clone(),
                order: self.reserved_by.clone(),
                purchased: true,
            },
        ]
    }
}
