//! What a workspace's plan includes and what it may not exceed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::money::MicroDollars;

/// A plan a workspace is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// No number of its own.
    Starter,
    /// One number.
    Pro,
    /// One number, and more at a price.
    Enterprise,
}

/// A text that names no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plans are starter, pro and enterprise")]
pub struct UnknownPlan;

/// Limits that hold for every workspace on a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Numbers included in the plan's price.
    pub included: u32,
    /// Numbers a workspace may hold at once, those being ordered counted.
    pub numbers: u32,
    /// What each number beyond the included ones costs the tenant a month.
    pub extra_number: MicroDollars,
    /// What the carriers may charge for the workspace's numbers a month.
    pub monthly_budget: MicroDollars,
    /// Purchases within [`VELOCITY_WINDOW_DAYS`](super::workspace::VELOCITY_WINDOW_DAYS) days.
    pub purchases: u32,
    /// Texts that a workspace may send in a minute.
    pub texts_a_minute: u32,
    /// Segments that its texts may have on a day, which is UTC's.
    pub segments_a_day: u32,
}

/// Purchases beyond the numbers held that a workspace may make in the velocity
/// window: room for a change of mind, not for churn.
const SPARE_PURCHASES: u32 = 2;

/// What a carrier may charge a month for each number that is agreed with a workspace.
const BUDGET_A_NUMBER: MicroDollars = MicroDollars::from_dollars(10);

impl Plan {
    /// Every plan, cheapest first.
    pub const ALL: [Self; 3] = [Self::Starter, Self::Pro, Self::Enterprise];

    /// The plan's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }

    /// The plan's limits. Ten numbers on enterprise is what the product's
    /// forerunner allowed; the budget leaves each number ten dollars.
    ///
    /// Texts a minute: as many as a person, a small office or a program that reminds
    /// people sends, and at most a hundredth of what all may send at the template's pace.
    /// Segments a day: what a stolen sign-in may cost. At about a cent for each the worst
    /// day of a workspace costs $1, $10 or $50.
    #[must_use]
    pub const fn limits(self) -> Limits {
        let (included, numbers, extra, budget) = match self {
            Self::Starter => (0, 0, 0, 0),
            Self::Pro => (1, 1, 0, 10),
            Self::Enterprise => (1, 10, 5, 100),
        };
        let (texts_a_minute, segments_a_day) = match self {
            Self::Starter => (10, 100),
            Self::Pro => (30, 1_000),
            Self::Enterprise => (60, 5_000),
        };
        Limits {
            included,
            numbers,
            extra_number: MicroDollars::from_dollars(extra),
            monthly_budget: MicroDollars::from_dollars(budget),
            purchases: if numbers == 0 {
                0
            } else {
                numbers + SPARE_PURCHASES
            },
            texts_a_minute,
            segments_a_day,
        }
    }

    /// Whether a workspace on this plan gets a number of its own.
    #[must_use]
    pub const fn includes_number(self) -> bool {
        self.limits().included > 0
    }
}

impl Limits {
    /// These limits for a workspace that may hold `numbers` at once: budget and
    /// purchases grow with them.
    #[must_use]
    pub fn with_numbers(self, numbers: u32) -> Self {
        let each = BUDGET_A_NUMBER.as_micros() * i64::from(numbers);
        Self {
            numbers,
            monthly_budget: self.monthly_budget.max(MicroDollars::from_micros(each)),
            purchases: if numbers == 0 {
                0
            } else {
                numbers + SPARE_PURCHASES
            },
            ..self
        }
    }
}

impl FromStr for Plan {
    type Err = UnknownPlan;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|plan| plan.name() == text)
            .ok_or(UnknownPlan)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::domain::message::{BODY_MAX, segments_of};

    #[test]
    fn only_plans_with_a_number_may_buy() {
        for plan in Plan::ALL {
            assert_eq!(
                plan.includes_number(),
                plan.limits().purchases > 0,
                "{plan}"
            );
            assert_eq!(plan.name().parse(), Ok(plan));
        }
    }

    #[test]
    fn a_dearer_plan_sends_more_and_each_sends_the_longest_text() {
        let longest = segments_of(&"🎉".repeat(BODY_MAX));
        let sends = Plan::ALL.map(|plan| {
            let limits = plan.limits().with_numbers(500);
            (limits.texts_a_minute, limits.segments_a_day)
        });
        assert!(sends.is_sorted() && sends[0].0 > 0, "{sends:?}");
        assert!(sends.iter().all(|(_, day)| *day >= longest), "{sends:?}");
    }
}
