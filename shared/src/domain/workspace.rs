//! Workspaces, their members, and the limits they share.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    actor::Actor,
    digest::digest,
    id::{MemberId, OrderId, WorkspaceId},
    money::MicroDollars,
    plan::{Limits, Plan},
    time::Timestamp,
};

/// Longest workspace name, in characters.
pub const NAME_MAX: usize = 100;

/// The window in which purchases are counted, in days.
pub const VELOCITY_WINDOW_DAYS: u64 = 30;

/// Most numbers that can be agreed with one workspace: its reservations lie in one
/// item of at most 400 KB, and each takes about a hundred bytes.
pub const NUMBER_LIMIT_MAX: u32 = 500;

const VELOCITY_WINDOW: Duration = Duration::from_hours(VELOCITY_WINDOW_DAYS * 24);

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its identifier.
    pub id: WorkspaceId,
    /// What people call it.
    pub name: String,
    /// What it pays for.
    pub plan: Plan,
    /// Whether it may act.
    pub status: WorkspaceStatus,
    /// The SaaS product's own name for it; unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Hash of the request it signed up with, if that had an idempotency key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<String>,
    /// When it signed up.
    pub created_at: Timestamp,
    /// What its running orders and its numbers hold of the plan.
    pub reservations: Reservations,
    /// How many numbers it may hold at once, where that was agreed with it; else its
    /// plan says so. At most [`NUMBER_LIMIT_MAX`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_limit: Option<u32>,
    /// The order that ends it, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_order: Option<OrderId>,
    /// Who changed it last.
    pub changed_by: Actor,
}

/// Whether a workspace may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkspaceStatus {
    /// Everything works.
    Active,
    /// Nothing new may be bought or sent.
    Suspended,
    /// Waiting for its numbers to be given back.
    Deleting,
    /// Gone.
    Deleted,
}

/// What a workspace holds of its plan, keyed by the order that took it: taking
/// twice or freeing twice is the same as once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservations {
    /// Grows with every reservation: the condition of the next.
    pub version: u64,
    /// Monthly price of each number held or being bought.
    pub held: BTreeMap<OrderId, MicroDollars>,
    /// When each purchase of the velocity window was ordered.
    pub purchases: BTreeMap<OrderId, Timestamp>,
}

/// Why a workspace may not order a number now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum OverLimit {
    /// The workspace is suspended or going.
    #[error("this workspace is not active")]
    NotActive,
    /// The plan has no number of its own.
    #[error("the {0} plan does not include a phone number; upgrade to get one")]
    NoNumberInPlan(Plan),
    /// The plan's numbers are all held.
    #[error("all numbers of the plan are in use ({0}); release one or upgrade")]
    PlanLimit(u32),
    /// The plan's monthly budget would be exceeded.
    #[error("another number would exceed the plan's monthly budget of {0}")]
    Budget(MicroDollars),
    /// Too many purchases in the window.
    #[error("{0} numbers were ordered in the last 30 days, the most this plan allows")]
    Velocity(u32),
}

impl Reservations {
    /// These reservations with `order`'s number added, or why it does not fit.
    /// Purchases that left the window are forgotten.
    pub fn reserve(
        &self,
        (plan, limits): (Plan, Limits),
        order: &OrderId,
        price: MicroDollars,
        now: Timestamp,
    ) -> Result<Self, OverLimit> {
        if limits.numbers == 0 {
            return Err(OverLimit::NoNumberInPlan(plan));
        }
        if count(&self.held) >= limits.numbers {
            return Err(OverLimit::PlanLimit(limits.numbers));
        }
        if self.held.values().copied().sum::<MicroDollars>() + price > limits.monthly_budget {
            return Err(OverLimit::Budget(limits.monthly_budget));
        }
        let mut next = self.clone();
        let window_start = now.minus(VELOCITY_WINDOW);
        next.purchases
            .retain(|_, ordered_at| *ordered_at > window_start);
        if count(&next.purchases) >= limits.purchases {
            return Err(OverLimit::Velocity(limits.purchases));
        }
        next.version += 1;
        next.held.insert(order.clone(), price);
        next.purchases.insert(order.clone(), now);
        Ok(next)
    }
}

fn count<K, V>(map: &BTreeMap<K, V>) -> u32 {
    u32::try_from(map.len()).unwrap_or(u32::MAX)
}

impl Workspace {
    /// The reservations with one more number for `order`, or why not.
    pub fn reserve(
        &self,
        order: &OrderId,
        price: MicroDollars,
        now: Timestamp,
    ) -> Result<Reservations, OverLimit> {
        if self.status != WorkspaceStatus::Active {
            return Err(OverLimit::NotActive);
        }
        let limits = (self.plan, self.limits());
        self.reservations.reserve(limits, order, price, now)
    }

    /// The limits that hold for it: its plan's, or what was agreed.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let limits = self.plan.limits();
        self.number_limit
            .map_or(limits, |numbers| limits.with_numbers(numbers))
    }

    /// Whether it is gone, for everybody.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.status == WorkspaceStatus::Deleted
    }
}

/// An identity with a role in a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Derived from issuer and subject.
    pub id: MemberId,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Who vouches for the identity: the token's issuer.
    pub issuer: String,
    /// The token's subject.
    pub subject: String,
    /// What the member may do.
    pub role: Role,
    /// When they were added.
    pub since: Timestamp,
    /// Who changed this last.
    pub changed_by: Actor,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads, and writes messages.
    Member,
    /// Everything, also what costs money.
    Admin,
}

/// The workspace an identity founds under an idempotency key (P4).
#[must_use]
pub fn workspace_id(founder: &MemberId, key: &str) -> WorkspaceId {
    WorkspaceId::derived(digest(&["workspace", founder.as_str(), key]))
}

/// The member an identity is, in every workspace.
#[must_use]
pub fn member_id(issuer: &str, subject: &str) -> MemberId {
    MemberId::derived(digest(&["member", issuer, subject]))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Limits, MicroDollars, OrderId, OverLimit, Plan, Reservations, Timestamp};

    const PRICE: MicroDollars = MicroDollars::from_dollars(1);
    const DAY: Duration = Duration::from_hours(24);

    fn order(n: u128) -> OrderId {
        OrderId::derived(n)
    }

    fn on(plan: Plan) -> (Plan, Limits) {
        (plan, plan.limits())
    }

    #[test]
    fn an_agreed_limit_replaces_the_plans_and_budget_and_purchases_follow() {
        let limits = Plan::Enterprise.limits().with_numbers(190);
        assert_eq!((limits.numbers, limits.purchases), (190, 192));
        assert_eq!(limits.monthly_budget, MicroDollars::from_dollars(1_900));
        let fewer = Plan::Enterprise.limits().with_numbers(2);
        assert_eq!((fewer.numbers, fewer.purchases), (2, 4));
        assert_eq!(
            fewer.monthly_budget,
            Plan::Enterprise.limits().monthly_budget
        );
    }

    #[test]
    fn a_plan_with_one_number_takes_one_order() {
        let now = Timestamp::from_millis(0);
        let one = Reservations::default()
            .reserve(on(Plan::Pro), &order(1), PRICE, now)
            .unwrap();
        assert_eq!(
            one.reserve(on(Plan::Pro), &order(2), PRICE, now),
            Err(OverLimit::PlanLimit(1))
        );
    }

    #[test]
    fn a_plan_without_numbers_takes_none() {
        let now = Timestamp::from_millis(0);
        let refused = Reservations::default().reserve(on(Plan::Starter), &order(1), PRICE, now);
        assert_eq!(refused, Err(OverLimit::NoNumberInPlan(Plan::Starter)));
    }

    #[test]
    fn churn_is_refused_until_the_window_has_passed() {
        let mut now = Timestamp::from_millis(0);
        let mut reservations = Reservations::default();
        for n in 0..3 {
            reservations = reservations
                .reserve(on(Plan::Pro), &order(n), PRICE, now)
                .unwrap();
            reservations.held.clear();
        }
        let refused = reservations.reserve(on(Plan::Pro), &order(9), PRICE, now);
        assert_eq!(refused, Err(OverLimit::Velocity(3)));
        now = now.plus(DAY * 30);
        assert!(
            reservations
                .reserve(on(Plan::Pro), &order(9), PRICE, now)
                .is_ok()
        );
    }

    #[test]
    fn the_budget_binds_before_the_plan_does_when_numbers_are_dear() {
        let now = Timestamp::from_millis(0);
        let dear = MicroDollars::from_dollars(60);
        let one = Reservations::default()
            .reserve(on(Plan::Enterprise), &order(1), dear, now)
            .unwrap();
        let refused = one.reserve(on(Plan::Enterprise), &order(2), dear, now);
        assert_eq!(
            refused,
            Err(OverLimit::Budget(MicroDollars::from_dollars(100)))
        );
    }

    proptest! {
        #[test]
        fn no_history_exceeds_the_plan(frees in proptest::collection::vec(any::<bool>(), 1..60)) {
            let now = Timestamp::from_millis(0);
            let mut reservations = Reservations::default();
            for (n, free) in (0_u128..).zip(frees) {
                if let Ok(next) = reservations.reserve(on(Plan::Enterprise), &order(n), PRICE, now) {
                    reservations = next;
                }
                if free {
                    reservations.held.pop_first();
                }
                prop_assert!(reservations.held.len() <= 10);
                prop_assert!(reservations.purchases.len() <= 12);
            }
        }
    }
}
