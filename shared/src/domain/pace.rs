//! How many calls a carrier takes, and how they are shared.

use std::time::Duration;

use super::{digest::digest, id::OrderId};

/// Calls a second that all parts of Numberline together make to one carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(u32);

/// A rate that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rate is 1 to 10000 calls a second")]
pub struct InvalidRate;

impl Rate {
    /// `calls` a second, 1 to 10,000.
    pub const fn new(calls: u32) -> Result<Self, InvalidRate> {
        match calls {
            1..=10_000 => Ok(Self(calls)),
            _ => Err(InvalidRate),
        }
    }

    /// Calls a second.
    #[must_use]
    pub const fn per_second(self) -> u32 {
        self.0
    }

    /// Calls a second that one workspace may make: three fifths, so that whoever comes
    /// beside the busiest one finds room in every second.
    #[must_use]
    pub const fn share(self) -> u32 {
        (self.0 * 3).div_ceil(5)
    }
}

/// When an order that found no room comes again: 3 to 15 seconds later, differently
/// each time and for each order, so that those who wait do not all come at once.
#[must_use]
pub fn come_again(order: &OrderId, nth: u64) -> Duration {
    let spread = digest(&[order.as_str(), &nth.to_string()]) % 12_000;
    Duration::from_millis(3_000 + u64::try_from(spread).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{InvalidRate, OrderId, Rate, come_again};

    #[test]
    fn one_workspace_never_has_a_whole_second() {
        for calls in 2..50 {
            let rate = Rate::new(calls).unwrap();
            assert!(rate.share() >= 1 && rate.share() <= calls, "{calls}");
            assert!(calls < 3 || rate.share() < calls, "{calls}");
        }
        assert_eq!(Rate::new(5).unwrap().share(), 3);
    }

    #[test]
    fn a_rate_has_bounds() {
        assert_eq!(Rate::new(0), Err(InvalidRate));
        assert_eq!(Rate::new(10_001), Err(InvalidRate));
    }

    #[test]
    fn those_who_wait_come_apart() {
        let waits: std::collections::BTreeSet<_> = (0..40)
            .map(|n| come_again(&OrderId::derived(n), 7))
            .collect();
        assert!(waits.len() > 35);
        let bounds = Duration::from_secs(3)..Duration::from_secs(15);
        assert!(waits.iter().all(|wait| bounds.contains(wait)));
    }
}
