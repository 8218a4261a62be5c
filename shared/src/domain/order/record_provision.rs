//! What follows from what happened to a provisioning order.

use crate::domain::{
    actor::Actor,
    claim::{Claim, ClaimOwner},
    e164::E164,
    number::{Number, NumberStatus, Origin},
    routing::Routing,
    time::Timestamp,
};

use super::{
    Change, Event, GiveBack, GiveBackStep, Order, OrderStatus, Owned, Owner, Policy, Provision,
    ProvisionStep, Task, Trouble, TroubleCode, VisibleStep, Wish, Work,
    policy::{CANDIDATES_MAX, ORDER_LIFETIME},
};

impl Order {
    pub(super) fn record_provision(
        &mut self,
        task: Task,
        event: &Event,
        policy: &Policy,
        now: Timestamp,
    ) -> Option<Vec<Change>> {
        match (task, event) {
            (Task::Search, Event::Found(e164)) => self.found(e164, policy, now),
            (Task::Search, Event::NothingFound { alternatives }) => {
                self.at_step(ProvisionStep::Search)?
                    .alternatives
                    .clone_from(alternatives);
                Some(self.fail(TroubleCode::NoInventory, now))
            }
            (Task::Isolate, Event::Isolated(account, token)) => {
                let provision = self.at_step(ProvisionStep::Isolate)?;
                provision.account = Some(account.clone());
                provision.token = Some(token.clone());
                provision.step = ProvisionStep::Purchase;
                self.proceed(now);
                Some(Vec::new())
            }
            (Task::Buy | Task::LookBought, Event::Bought(owned)) => self.bought(owned, now),
            (Task::Buy, Event::Refused(code)) => self.refused(*code, now),
            (Task::Buy, Event::Unclear) => self.unclear(policy, now),
            (Task::LookBought, Event::NotOurs { alternatives }) => self.not_ours(alternatives, now),
            (Task::Assign, Event::Assigned(account)) => {
                let provision = self.at_step(ProvisionStep::Assign)?;
                provision.owned.as_mut()?.account = account.clone();
                self.take_possession(now)
            }
            (Task::Configure, Event::Configured) => {
                self.at_step(ProvisionStep::Configure)?.step = ProvisionStep::Verify;
                self.proceed_unproven(now);
                self.mark_wired(now);
                Some(Vec::new())
            }
            (Task::Verify, Event::Verified) => {
                self.at_step(ProvisionStep::Verify)?.step = ProvisionStep::Activate;
                self.proceed(now);
                self.mark_done(VisibleStep::Verifying, now);
                Some(Vec::new())
            }
            (Task::Verify, Event::NotWired) => {
                self.at_step(ProvisionStep::Verify)?.step = ProvisionStep::Configure;
                Some(self.defer(task, TroubleCode::NotWired, None, now))
            }
            (Task::Activate, Event::Activated) => self.activate(NumberStatus::Active, now),
            (Task::Activate, Event::Suspended) => self.activate(NumberStatus::Suspended, now),
            _ => None,
        }
    }

    /// The provisioning, if it is at `step`.
    fn at_step(&mut self, step: ProvisionStep) -> Option<&mut Provision> {
        match &mut self.work {
            Work::Provision(provision) if provision.step == step => Some(provision),
            Work::Provision(_) | Work::GiveBack(_) | Work::Close(_) => None,
        }
    }

    fn found(&mut self, e164: &E164, policy: &Policy, now: Timestamp) -> Option<Vec<Change>> {
        let claim = self.claim(e164)?;
        let provision = self.at_step(ProvisionStep::Search)?;
        provision.candidate = Some(e164.clone());
        provision.step = ProvisionStep::Isolate;
        self.proceed(now);
        self.mark_done(VisibleStep::Searching, now);
        if policy.skips_the_claim() {
            return Some(Vec::new());
        }
        Some(vec![Change::TakeClaim(claim)])
    }

    /// The claim this order makes on `e164`.
    #[must_use]
    pub fn claim(&self, e164: &E164) -> Option<Claim> {
        Some(Claim {
            e164: e164.clone(),
            owner: ClaimOwner::Workspace(self.workspace()?.clone()),
            order: Some(self.id.clone()),
            number: None,
            carrier: self.carrier.clone(),
            account: None,
        })
    }

    fn bought(&mut self, owned: &Owned, now: Timestamp) -> Option<Vec<Change>> {
        let provision = self.at_step(ProvisionStep::Purchase)?;
        provision.owned = Some(owned.clone());
        provision.refusal = None;
        self.mark_done(VisibleStep::Searching, now);
        self.take_possession(now)
    }

    /// The number is bought. Once it is in the workspace's account it gets its row
    /// and its claim is bound; before that it is moved there.
    fn take_possession(&mut self, now: Timestamp) -> Option<Vec<Change>> {
        let Work::Provision(provision) = &mut self.work else {
            return None;
        };
        let owned = provision.owned.as_ref()?;
        let at_home = provision.account.as_ref() == Some(&owned.account);
        let wired = owned.wired;
        provision.step = match (at_home, wired) {
            (false, _) => ProvisionStep::Assign,
            (true, false) => ProvisionStep::Configure,
            (true, true) => ProvisionStep::Verify,
        };
        self.proceed(now);
        if !at_home {
            return Some(Vec::new());
        }
        self.mark_done(VisibleStep::Purchasing, now);
        if wired {
            self.mark_wired(now);
        }
        let number = self.number()?;
        Some(vec![
            Change::BindClaim {
                e164: number.e164.clone(),
                order: self.id.clone(),
                number: number.id.clone(),
                account: number.account.clone(),
            },
            Change::AddNumber(Box::new(number)),
        ])
    }

    fn mark_wired(&mut self, now: Timestamp) {
        self.mark_done(VisibleStep::ConfiguringVoice, now);
        self.mark_done(VisibleStep::ConfiguringSms, now);
    }

    /// The row of the number this order bought.
    fn number(&self) -> Option<Number> {
        let provision = self.provision()?;
        let owned = provision.owned.as_ref()?;
        Some(Number {
            id: provision.number.clone(),
            workspace: self.workspace()?.clone(),
            e164: provision.candidate.clone()?,
            status: NumberStatus::Provisioning,
            origin: Origin::Purchased,
            label: provision.label.clone(),
            routing: Routing::default(),
            capabilities: owned.capabilities,
            monthly_price: provision.price,
            carrier: self.carrier.clone(),
            account: owned.account.clone(),
            carrier_number: owned.carrier_number.clone(),
            order: self.id.clone(),
            release_order: None,
            purchased_at: owned.purchased_at,
            activated_at: None,
            released_at: None,
            changed_by: Actor::system("order-worker"),
        })
    }

    /// The carrier did not say whether it sold the number.
    fn unclear(&mut self, policy: &Policy, now: Timestamp) -> Option<Vec<Change>> {
        self.at_step(ProvisionStep::Purchase)?;
        if policy.skips_the_look() {
            self.intent = None;
            return self.let_go(TroubleCode::NumberUnavailable, &[], now);
        }
        self.await_settled(now)
    }

    /// The carrier refused the number: it is let go after a look. Where an earlier
    /// attempt was never answered, the refusal may be about what that one bought, and
    /// the look waits until the carrier's list can be believed once more.
    fn refused(&mut self, code: TroubleCode, now: Timestamp) -> Option<Vec<Change>> {
        let intent = self.intent.take()?;
        let provision = self.at_step(ProvisionStep::Purchase)?;
        provision.refusal = Some(code);
        if !provision.unclear {
            return Some(Vec::new());
        }
        self.intent = Some(intent);
        self.await_settled(now)
    }

    /// The carrier says the number is not ours. After a refusal it is let go; after
    /// an open attempt the same number is bought again, under the same reference.
    fn not_ours(&mut self, alternatives: &[E164], now: Timestamp) -> Option<Vec<Change>> {
        let provision = self.at_step(ProvisionStep::Purchase)?;
        if let Some(code) = provision.refusal.take() {
            return self.let_go(code, alternatives, now);
        }
        provision.unclear = true;
        self.intent.take()?;
        Some(self.defer(Task::Buy, TroubleCode::CarrierUnavailable, None, now))
    }

    /// The candidate is given up, for another one where any will do.
    fn let_go(
        &mut self,
        code: TroubleCode,
        alternatives: &[E164],
        now: Timestamp,
    ) -> Option<Vec<Change>> {
        let order = self.id.clone();
        self.intent = None;
        let Work::Provision(provision) = &mut self.work else {
            return None;
        };
        provision.unclear = false;
        let refused = provision.candidate.clone()?;
        provision.refused.push(refused.clone());
        let out_of_patience = provision.refused.len() >= CANDIDATES_MAX;
        match provision.wish {
            Wish::Exact(_) => {
                provision.alternatives = alternatives.to_vec();
                Some(self.fail(code, now))
            }
            Wish::Any(_) if out_of_patience => {
                provision.alternatives = alternatives.to_vec();
                Some(self.fail(TroubleCode::NoInventory, now))
            }
            Wish::Any(_) => {
                provision.candidate = None;
                provision.step = ProvisionStep::Search;
                self.done
                    .retain(|(step, _)| *step != VisibleStep::Searching);
                self.wake_at = Some(now);
                self.status = OrderStatus::Running;
                Some(vec![Change::FreeClaim {
                    e164: refused,
                    order,
                }])
            }
        }
    }

    /// Ends with nothing left over: no claim, no reservation, nothing bought.
    pub(super) fn fail(&mut self, code: TroubleCode, now: Timestamp) -> Vec<Change> {
        self.end(OrderStatus::Failed, Some(Trouble { code, since: now }));
        self.leave_nothing()
    }

    fn leave_nothing(&self) -> Vec<Change> {
        let Owner::Workspace(workspace) = &self.owner else {
            return Vec::new();
        };
        let claimed = self
            .provision()
            .and_then(|provision| provision.candidate.clone());
        claimed
            .map(|e164| Change::FreeClaim {
                e164,
                order: self.id.clone(),
            })
            .into_iter()
            .chain([Change::FreeReservation {
                workspace: workspace.clone(),
                order: self.id.clone(),
                purchased: false,
            }])
            .collect()
    }

    /// Hands the number over, in the status that the workspace's own allows.
    fn activate(&mut self, status: NumberStatus, now: Timestamp) -> Option<Vec<Change>> {
        let number = self.at_step(ProvisionStep::Activate)?.number.clone();
        let workspace = self.workspace()?.clone();
        self.mark_done(VisibleStep::Active, now);
        self.end(OrderStatus::Succeeded, None);
        let condition = Change::IfWorkspace {
            workspace: workspace.clone(),
            active: status == NumberStatus::Active,
        };
        let hand_over = Change::MoveNumber {
            workspace,
            number,
            status,
            at: now,
        };
        Some(vec![condition, hand_over])
    }

    /// Stops. What was bought goes back, by this same order, which has all the time for
    /// it that an order has.
    pub(super) fn cancel(
        &mut self,
        task: Task,
        policy: &Policy,
        now: Timestamp,
    ) -> Option<Vec<Change>> {
        let provision = self.provision().filter(|_| task == Task::Cancel)?;
        if provision.owned.is_none() {
            self.end(OrderStatus::Canceled, None);
            return Some(self.leave_nothing());
        }
        let has_row = provision.step > ProvisionStep::Assign;
        let home = provision.account.clone();
        let number = self.number()?;
        self.work = Work::GiveBack(GiveBack {
            canceling: true,
            step: GiveBackStep::Release,
            home: home.filter(|home| *home != number.account),
            ..GiveBack::of(&number)
        });
        self.proceed(now);
        self.deadline = now.plus(ORDER_LIFETIME);
        self.done.clear();
        if !has_row {
            // A move may have been begun: where the number is shows when it has settled.
            let settled_at = policy.settled_at(now);
            self.wait_until(settled_at, TroubleCode::OutcomeUnknown, now);
        }
        Some(if has_row {
            vec![Change::MoveNumber {
                workspace: number.workspace,
                number: number.id,
                status: NumberStatus::Releasing,
                at: now,
            }]
        } else {
            vec![Change::AddNumber(Box::new(Number {
                status: NumberStatus::Releasing,
                ..number
            }))]
        })
    }
}
