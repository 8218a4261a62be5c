//! The time the simulator believes it is.
//!
//! Holds, settle delays and rate windows are measured on this clock and no
//! other, so a test can let fourteen days pass between two lines.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A clock that runs with the machine's, or stands still until it is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's time, shifted.
    Running {
        /// What is added to the machine's time.
        offset: SignedDuration,
    },
    /// Always the same instant, until it is moved: for tests.
    Standing {
        /// The instant.
        at: Timestamp,
    },
}

impl Default for Clock {
    fn default() -> Self {
        Self::Running {
            offset: SignedDuration::ZERO,
        }
    }
}

impl Clock {
    /// The current instant on this clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Running { offset } => later(machine(), *offset),
            Self::Standing { at } => *at,
        }
    }

    /// Puts the clock to `now`; a running clock runs on from there.
    pub fn set(&mut self, now: Timestamp) {
        match self {
            Self::Running { offset } => *offset = now.duration_since(machine()),
            Self::Standing { at } => *at = now,
        }
    }

    /// Lets `by` pass at once.
    pub fn advance(&mut self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        match self {
            Self::Running { offset } => *offset = offset.saturating_add(by),
            Self::Standing { at } => *at = later(*at, by),
        }
    }

    /// Whether time passes by itself.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Running { .. })
    }
}

/// `at + by`, stopping at the end of time instead of failing.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(if by.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// `at` plus a number of milliseconds.
pub(crate) fn later_ms(at: Timestamp, milliseconds: u64) -> Timestamp {
    let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
    later(at, SignedDuration::from_millis(milliseconds))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
fn machine() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_told() {
        let start: Timestamp = "2026-08-21T17:04:15Z".parse().unwrap();
        let mut clock = Clock::Standing { at: start };
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_hours(14 * 24));
        assert_eq!(clock.now().to_string(), "2026-09-04T17:04:15Z");
        clock.set(start);
        assert_eq!(clock.now(), start);
    }

    #[test]
    fn a_running_clock_keeps_the_distance_it_was_moved() {
        let mut clock = Clock::default();
        let before = clock.now();
        clock.advance(Duration::from_hours(24));
        assert!(clock.now().duration_since(before) >= SignedDuration::from_hours(24));
        assert!(clock.is_running());
    }

    #[test]
    fn time_ends_instead_of_failing() {
        let mut clock = Clock::Standing { at: Timestamp::MAX };
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
