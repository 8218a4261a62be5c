//! Money in micro-dollars: a message costs $0.0079, which cents cannot hold.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, Sub},
};

use serde::{Deserialize, Serialize};

/// An amount in millionths of a US dollar.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct MicroDollars(i64);

impl MicroDollars {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `micros` millionths of a dollar.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Whole dollars.
    #[must_use]
    pub const fn from_dollars(dollars: i32) -> Self {
        Self(dollars as i64 * 1_000_000)
    }

    /// Millionths of a dollar.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

impl Add for MicroDollars {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for MicroDollars {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for MicroDollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// Dollars with two decimals, or as many as the amount needs: `$1.00`, `$0.0079`.
impl fmt::Display for MicroDollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (dollars, micros) = (
            self.0.unsigned_abs() / 1_000_000,
            self.0.unsigned_abs() % 1_000_000,
        );
        let decimals = format!("{micros:06}");
        let (cents, rest) = decimals.split_at(2);
        write!(f, "{sign}${dollars}.{cents}{}", rest.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::MicroDollars;

    #[test]
    fn amounts_show_the_decimals_they_need() {
        let shown = |micros| MicroDollars::from_micros(micros).to_string();
        assert_eq!(shown(1_000_000), "$1.00");
        assert_eq!(shown(7_900), "$0.0079");
        assert_eq!(shown(-1_500_000), "-$1.50");
    }

    #[test]
    fn sums_do_not_lose_a_millionth() {
        let messages = std::iter::repeat_n(MicroDollars::from_micros(7_900), 1_000);
        assert_eq!(
            messages.sum::<MicroDollars>(),
            MicroDollars::from_micros(7_900_000)
        );
    }
}
