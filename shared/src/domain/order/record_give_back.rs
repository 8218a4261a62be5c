//! What follows from what happened to an order that gives a number back.

use crate::domain::{
    carrier::{AccountId, CarrierNumberId},
    claim::{Claim, ClaimOwner},
    digest::digest,
    id::OrderId,
    number::NumberStatus,
    stock::Stock,
    time::Timestamp,
};

use super::{
    Change, Event, Filing, GiveBack, GiveBackStep, Order, OrderStatus, Owner, Policy, Task,
    TroubleCode, VisibleStep, Work,
    policy::{HELD_AGAIN, ORDER_LIFETIME},
};

impl Order {
    pub(super) fn record_give_back(
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
            (Task::LookGone, Event::AtHome(account, carrier_number)) => {
                self.intent = None;
                self.at_home(account, carrier_number)?;
                Some(self.defer(task, TroubleCode::OutcomeUnknown, None, now))
            }
            (Task::LookGone, Event::Elsewhere) => {
                Some(self.escalate(TroubleCode::FoundElsewhere, now))
            }
            _ => None,
        }
    }

    /// The number is in the account it was to be moved to: it is given back from there.
    fn at_home(&mut self, account: &AccountId, carrier_number: &CarrierNumberId) -> Option<()> {
        let give_back = self.give_back_mut()?;
        let home = give_back.home.take().filter(|home| home == account)?;
        give_back.account = home;
        give_back.carrier_number = carrier_number.clone();
        give_back.step = GiveBackStep::Release;
        Some(())
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

    /// The workspace is rid of the number: every step that people see is done.
    fn end_given_back(&mut self, now: Timestamp) {
        for step in [
            VisibleStep::Releasing,
            VisibleStep::Confirming,
            VisibleStep::Released,
        ] {
            self.mark_done(step, now);
        }
        self.end(self.give_back_end(), None);
    }

    fn gone(&mut self, now: Timestamp) -> Vec<Change> {
        let Work::GiveBack(give_back) = self.work.clone() else {
            return Vec::new();
        };
        self.end_given_back(now);
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
        self.end_given_back(now);
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
