//! How many calls a carrier takes, and how they are spread.

use std::time::Duration;

use super::{digest::digest, id::OrderId};

/// Calls a second that orders, searches and texts together make to one carrier.
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

    /// How much of a carrier's time `calls` calls take.
    #[must_use]
    pub fn time_of(self, calls: u32) -> Duration {
        Duration::from_micros((u64::from(calls) * 1_000_000).div_ceil(u64::from(self.0)))
    }

    /// Calls that may go at the same moment: three fifths of what the carrier takes in a
    /// second, so that what arrives a little late or early still fits.
    #[must_use]
    pub const fn burst(self) -> u32 {
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
    fn a_burst_never_fills_a_whole_second() {
        for calls in 2..50 {
            let rate = Rate::new(calls).unwrap();
            assert!(rate.burst() >= 1 && rate.burst() <= calls, "{calls}");
            assert!(calls < 3 || rate.burst() < calls, "{calls}");
        }
        assert_eq!(Rate::new(5).unwrap().burst(), 3);
    }

    #[test]
    fn calls_take_their_part_of_a_second() {
        let five = Rate::new(5).unwrap();
        assert_eq!(five.time_of(0), Duration::ZERO);
        assert_eq!(five.time_of(1), Duration::from_millis(200));
        assert_eq!(five.time_of(4), Duration::from_millis(800));
        let three = Rate::new(3).unwrap();
        assert_eq!(three.time_of(1), Duration::from_micros(333_334));
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
