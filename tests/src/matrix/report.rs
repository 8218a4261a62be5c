//! What the matrix found, for people and for programs.

use std::{collections::BTreeMap, fmt};

use anyhow::Result;
use serde::Serialize;

use crate::{
    lab::LabCarrier,
    seam::{Outcome, Point},
};

use super::{
    mutants::Hunted,
    play::{Played, Schedule},
    promises::Violation,
    scenario::Scenario,
};

/// What stands where a promise would, when a schedule could not be played.
const NOT_PLAYED: &str = "not played";

/// What came of one scenario's schedules.
#[derive(Clone, Debug)]
pub struct ScenarioReport {
    /// The carrier.
    pub carrier: LabCarrier,
    /// The scenario.
    pub scenario: Scenario,
    /// Points of I/O without a fault, with the outcomes that were played at each.
    pub points: Vec<(Point, Vec<Outcome>)>,
    /// Schedules played.
    pub schedules: usize,
    /// How the orders ended, by status.
    pub endings: BTreeMap<String, usize>,
    /// What was broken, by the schedule that broke it.
    pub violations: Vec<(Schedule, Violation)>,
}

/// Whether a rule that was broken on purpose was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MutantReport {
    /// Its name.
    pub name: &'static str,
    /// Whether it was noticed.
    pub caught: bool,
    /// How often the promise was broken that its rule keeps.
    pub violations: usize,
}

/// The last line: what a program reads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Whether all held, and every mutant was caught.
    pub ok: bool,
    /// How long it took.
    pub seconds: f64,
    /// Points of I/O, all scenarios.
    pub points: usize,
    /// Schedules played.
    pub schedules: usize,
    /// Promises broken.
    pub violations: usize,
    /// The carriers whose adapters were used.
    pub carriers: Vec<&'static str>,
    /// The mutants.
    pub mutants: Vec<MutantReport>,
}

impl ScenarioReport {
    /// The report of a scenario's results. A schedule that could not be played is a
    /// violation too: nobody knows what would have become of it.
    #[must_use]
    pub fn of(
        carrier: LabCarrier,
        scenario: Scenario,
        points: Vec<Point>,
        results: Vec<(Schedule, Result<Played>)>,
    ) -> Self {
        let points = points.into_iter().enumerate().map(|(place, point)| {
            let strikes = results.iter().filter_map(|(schedule, _)| schedule.strike);
            let played = strikes.filter(|strike| strike.point == place);
            let mut outcomes: Vec<Outcome> = played.map(|strike| strike.outcome).collect();
            outcomes.sort();
            (point, outcomes)
        });
        let points = points.collect();
        let mut report = Self {
            carrier,
            scenario,
            points,
            schedules: results.len(),
            endings: BTreeMap::new(),
            violations: Vec::new(),
        };
        for (schedule, played) in results {
            match played {
                Ok(played) => {
                    let ending = played.ended.map_or_else(
                        || "no order".to_owned(),
                        |ended| format!("{ended:?}").to_lowercase(),
                    );
                    *report.endings.entry(ending).or_default() += 1;
                    let broken = played.violations.iter();
                    report
                        .violations
                        .extend(broken.map(|broken| (schedule, broken.clone())));
                }
                Err(error) => {
                    *report.endings.entry("not played".to_owned()).or_default() += 1;
                    let promise = NOT_PLAYED;
                    let what = format!("{error:#}");
                    report
                        .violations
                        .push((schedule, Violation { promise, what }));
                }
            }
        }
        report.violations.sort_by_key(|(schedule, _)| {
            schedule.strike.map(|strike| (strike.point, strike.outcome))
        });
        report
    }

    /// How often one promise was broken.
    #[must_use]
    pub fn broken(&self, promise: &str) -> usize {
        let violations = self.violations.iter();
        violations
            .filter(|(_, broken)| broken.promise == promise)
            .count()
    }

    /// Every point with its outcomes, a line each.
    #[must_use]
    pub fn enumerated(&self) -> Vec<String> {
        let lines = self.points.iter().enumerate();
        lines
            .map(|(number, (point, outcomes))| {
                let outcomes: Vec<&str> = outcomes.iter().map(|outcome| outcome.name()).collect();
                let outcomes = if outcomes.is_empty() {
                    "(a turn at the carrier: broken once for each kind of call)".to_owned()
                } else {
                    outcomes.join(" ")
                };
                format!("  {number:>3} {point}: {outcomes}")
            })
            .collect()
    }

    /// The heading of the table of scenarios.
    #[must_use]
    pub fn heading() -> String {
        format!(
            "{:<12}{:<24}{:>7}{:>11}{:>12}  ended",
            "carrier", "scenario", "points", "schedules", "violations"
        )
    }
}

/// One line of the table.
impl fmt::Display for ScenarioReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endings: Vec<String> = self
            .endings
            .iter()
            .map(|(ending, count)| format!("{ending} {count}"))
            .collect();
        write!(
            f,
            "{:<12}{:<24}{:>7}{:>11}{:>12}  {}",
            self.carrier.name(),
            self.scenario.name(),
            self.points.len(),
            self.schedules,
            self.violations.len(),
            endings.join(", ")
        )
    }
}

/// How to play it again, as arguments of `crash-matrix`.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.carrier != LabCarrier::default() {
            write!(f, "--carrier {} ", self.carrier)?;
        }
        write!(f, "--scenario {}", self.scenario)?;
        if let Some(strike) = self.strike {
            write!(f, " --point {} --outcome {}", strike.point, strike.outcome)?;
        }
        if let Some(mutant) = self.mutant {
            write!(f, " --mutant {}", Hunted::name_of(mutant))?;
        }
        Ok(())
    }
}
