//! The figures the machine runs by, and how long it waits.

use std::time::Duration;

use crate::domain::{digest::digest, id::OrderId, time::Timestamp};

/// Figures of the platform and of an order's carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The longest one carrier call takes.
    pub call_timeout: Duration,
    /// How long after it ended the carrier's list may still not show its effect.
    pub settle: Duration,
    /// How long after its purchase the carrier keeps a number.
    pub release_hold: Duration,
    /// Whether numbers are bought inside the subproject.
    pub purchase_in_subproject: bool,
    /// A rule that is broken on purpose, to see that the crash matrix notices.
    #[cfg(feature = "mutants")]
    pub mutant: Option<Mutant>,
}

/// A rule that is broken on purpose.
#[cfg(feature = "mutants")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// After a lost response the next candidate is taken, instead of looking.
    NextCandidateAfterLostResponse,
    /// A number that was found is bought without a claim on it.
    ClaimSkipped,
}

/// How old an intent may be when its call starts. A worker that was held up
/// longer puts the act off: nobody may call after the settle window was computed.
pub const INTENT_MAX_AGE: Duration = Duration::from_secs(5);

/// How long an order may take before it ends, one way or another (P6).
pub const ORDER_LIFETIME: Duration = Duration::from_hours(24);

/// Candidates an automatic order tries before it says that nothing is there.
pub(super) const CANDIDATES_MAX: usize = 10;

/// How much later than promised to try a release that was still refused.
pub(super) const HELD_AGAIN: Duration = Duration::from_hours(24);

const BACKOFF_FIRST: Duration = Duration::from_secs(2);
const BACKOFF_MAX: Duration = Duration::from_mins(15);

impl Policy {
    /// When the carrier's "not ours" can be believed about an act intended at `at`.
    #[must_use]
    pub fn settled_at(&self, at: Timestamp) -> Timestamp {
        at.plus(INTENT_MAX_AGE)
            .plus(self.call_timeout)
            .plus(self.settle)
    }

    /// Whether the rule "look before taking another" is broken on purpose.
    #[cfg(feature = "mutants")]
    pub(super) fn skips_the_look(&self) -> bool {
        self.mutant == Some(Mutant::NextCandidateAfterLostResponse)
    }

    /// Whether the rule "claim before buying" is broken on purpose.
    #[cfg(feature = "mutants")]
    pub(super) fn skips_the_claim(&self) -> bool {
        self.mutant == Some(Mutant::ClaimSkipped)
    }
}

/// Rules are not broken in a build that is deployed.
#[cfg(not(feature = "mutants"))]
#[expect(
    clippy::unused_self,
    reason = "the shape it has where a rule can be broken"
)]
impl Policy {
    pub(super) const fn skips_the_look(&self) -> bool {
        false
    }

    pub(super) const fn skips_the_claim(&self) -> bool {
        false
    }
}

/// How long to wait after `tries` failures: doubling from two seconds to a quarter
/// of an hour, less up to a half that differs by order, so that orders which
/// failed together do not return together.
#[must_use]
pub(super) fn backoff(order: &OrderId, tries: u32) -> Duration {
    let full = BACKOFF_FIRST
        .saturating_mul(1 << tries.min(10))
        .min(BACKOFF_MAX);
    let chance = digest(&[order.as_str(), &tries.to_string()]) % 500;
    let thousandths = 500 + u32::try_from(chance).unwrap_or(0);
    full * thousandths / 1_000
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BACKOFF_MAX, OrderId, backoff};

    #[test]
    fn waits_grow_and_stop_growing() {
        let order = OrderId::derived(1);
        for tries in 0..40 {
            let wait = backoff(&order, tries);
            assert!(
                wait >= Duration::from_secs(1) && wait <= BACKOFF_MAX,
                "{tries}: {wait:?}"
            );
        }
        assert!(backoff(&order, 30) >= BACKOFF_MAX / 2);
    }

    #[test]
    fn orders_that_fail_together_return_apart() {
        let waits: std::collections::BTreeSet<_> =
            (0..20).map(|n| backoff(&OrderId::derived(n), 5)).collect();
        assert!(waits.len() > 10, "{waits:?}");
    }
}
