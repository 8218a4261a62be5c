//! Rules that are broken on purpose, to see that the promises notice.

use numberline::domain::order::Mutant;

use super::scenario::Scenario;

/// A rule that is broken on purpose, and where that must be noticed.
#[derive(Clone, Copy, Debug)]
pub struct Hunted {
    /// The rule.
    pub mutant: Mutant,
    /// Its name on the command line and in reports.
    pub name: &'static str,
    /// The scenario that must show it.
    pub scenario: Scenario,
    /// The promise that must be broken there.
    pub promise: &'static str,
}

impl Hunted {
    /// All of them.
    pub const ALL: [Self; 2] = [
        Self {
            mutant: Mutant::NextCandidateAfterLostResponse,
            name: "next-candidate-after-lost-response",
            scenario: Scenario::Automatic,
            promise: "P1",
        },
        Self {
            mutant: Mutant::ClaimSkipped,
            name: "claim-skipped",
            scenario: Scenario::Raced,
            promise: "P2",
        },
    ];

    /// The one called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name == name)
    }

    /// What a mutant is called.
    #[must_use]
    pub fn name_of(mutant: Mutant) -> &'static str {
        let mut known = Self::ALL.iter();
        known
            .find(|known| known.mutant == mutant)
            .map_or("unknown", |known| known.name)
    }
}
