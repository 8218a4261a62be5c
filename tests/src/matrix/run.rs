//! All schedules of all scenarios, on all cores.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use anyhow::{Context, Result, ensure};
use numberline::domain::order::Mutant;
use tokio::runtime;

use super::{
    play::{Played, Schedule, play},
    report::ScenarioReport,
    scenario::Scenario,
};
use crate::{
    lab::LabCarrier,
    seam::{Outcome, Point, Service, Strike},
};

/// Told of every schedule that was played.
pub trait Progress: Sync {
    /// This many more are planned.
    fn planned(&self, schedules: usize);
    /// One more was played.
    fn played(&self);
}

/// What there is to play of a scenario.
#[derive(Debug)]
pub struct Plan {
    /// The schedule without a fault.
    pub whole: Schedule,
    /// How that went.
    pub unbroken: Played,
    /// Every schedule that breaks one point of it.
    pub schedules: Vec<Schedule>,
}

/// A scenario as it goes without a fault, and every schedule that breaks one point of it.
pub fn plan(carrier: LabCarrier, scenario: Scenario, mutant: Option<Mutant>) -> Result<Plan> {
    let whole = Schedule {
        carrier,
        scenario,
        strike: None,
        mutant,
    };
    let unbroken = play_here(&whole)?;
    let mut turns = BTreeSet::new();
    let mut schedules = Vec::new();
    for (point, called) in unbroken.points.iter().enumerate() {
        if called.is_turn() {
            let kind = kind_of_turn(&unbroken.points, point);
            if !scenario.breaks_turns() || !turns.insert(kind) {
                continue;
            }
        }
        let outcomes = Outcome::ALL.into_iter();
        schedules.extend(
            outcomes
                .filter(|outcome| outcome.applies_to(called))
                .map(|outcome| Schedule {
                    strike: Some(Strike { point, outcome }),
                    ..whole
                }),
        );
    }
    Ok(Plan {
        whole,
        unbroken,
        schedules,
    })
}

/// What a turn is taken for: the first call after it that goes to the carrier. The local
/// carrier's calls go to a table: there it is whatever comes next.
fn kind_of_turn(points: &[Point], turn: usize) -> Option<String> {
    let after = || points.iter().skip(turn + 1);
    let carrier = after().find(|point| point.call.service == Service::Carrier);
    let next = carrier.or_else(|| after().next());
    next.map(|point| point.call.to_string())
}

/// Plays every schedule of a scenario, the one without a fault included.
pub fn run(
    carrier: LabCarrier,
    scenario: Scenario,
    mutant: Option<Mutant>,
    progress: &dyn Progress,
) -> Result<ScenarioReport> {
    let Plan {
        whole,
        unbroken,
        schedules,
    } = plan(carrier, scenario, mutant)?;
    progress.planned(schedules.len());
    let points = unbroken.points.clone();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(vec![(whole, Ok(unbroken))]);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(schedule) = schedules.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let played = play_here(schedule);
                    let played = played.and_then(|played| same(&points, schedule, played));
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((*schedule, played));
                    progress.played();
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(ScenarioReport::of(carrier, scenario, points, results))
}

/// Plays one schedule on this thread.
pub fn play_here(schedule: &Schedule) -> Result<Played> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .context("no runtime")?;
    runtime.block_on(play(schedule))
}

/// A schedule strikes the very call that was seen without a fault.
fn same(points: &[Point], schedule: &Schedule, played: Played) -> Result<Played> {
    let Some(strike) = schedule.strike else {
        return Ok(played);
    };
    let name = |points: &[Point]| points.get(strike.point).map(ToString::to_string);
    let (planned, struck) = (name(points), name(&played.points));
    ensure!(
        planned == struck,
        "not deterministic: {planned:?} became {struck:?}"
    );
    Ok(played)
}
