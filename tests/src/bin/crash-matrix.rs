//! `crash-matrix`: breaks every call of every scenario in every way, and checks the
//! promises after each. `--scenario X --point N --outcome Y` plays one schedule
//! again, with everything that happened in it.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use clap::Parser;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use numberline::domain::order::Mutant;
use numberline_tests::{
    lab::LabCarrier,
    matrix::{
        Hunted, MutantReport, Progress, Report, Scenario, ScenarioReport, Schedule, play_here, run,
    },
    seam::{Outcome, Strike},
};

/// Violations of one scenario that are shown one by one.
const SHOWN_MAX: usize = 40;

#[derive(Debug, Parser)]
#[command(about = "Breaks every point of I/O in every way, and checks the promises")]
struct Arguments {
    /// Only this carrier: `signalwire` or `local`.
    #[arg(long)]
    carrier: Option<LabCarrier>,
    /// Only this scenario.
    #[arg(long)]
    scenario: Option<Scenario>,
    /// Only this point of it, with everything that happens shown.
    #[arg(long, requires_all = ["scenario", "outcome"])]
    point: Option<usize>,
    /// What happens at that point.
    #[arg(long, requires = "point")]
    outcome: Option<Outcome>,
    /// The scenario without a fault, with everything that happens shown.
    #[arg(long, requires = "scenario", conflicts_with = "point")]
    trace: bool,
    /// With this rule broken: `next-candidate-after-lost-response` or `claim-skipped`.
    #[arg(long, value_parser = mutant_named)]
    mutant: Option<Mutant>,
}

fn mutant_named(name: &str) -> Result<Mutant> {
    let known = Hunted::named(name);
    known
        .map(|known| known.mutant)
        .with_context(|| format!("`{name}` is no mutant"))
}

impl Arguments {
    fn strike(&self) -> Option<Strike> {
        let (point, outcome) = (self.point?, self.outcome?);
        Some(Strike { point, outcome })
    }
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let mutant = arguments.mutant;
    let strike = arguments.strike();
    if let Some(scenario) = arguments.scenario
        && (strike.is_some() || arguments.trace)
    {
        return replay(&Schedule {
            carrier: arguments.carrier.unwrap_or_default(),
            scenario,
            strike,
            mutant,
        });
    }
    let carriers = match arguments.carrier {
        Some(carrier) => vec![carrier],
        None => LabCarrier::ALL.to_vec(),
    };
    if let Some(scenario) = arguments.scenario {
        return whole(&carriers, &[scenario], mutant, false);
    }
    whole(&carriers, &Scenario::ALL, mutant, mutant.is_none())
}

/// Plays one schedule and shows all of it.
fn replay(schedule: &Schedule) -> Result<ExitCode> {
    let mut out = io::stdout().lock();
    let played = play_here(schedule)?;
    for line in &played.log {
        match line.point {
            Some(point) => writeln!(out, "{} {point:>4}  {}", line.at, line.text)?,
            None => writeln!(out, "{}       {}", line.at, line.text)?,
        }
    }
    writeln!(out, "ended: {:?}", played.ended)?;
    for violation in &played.violations {
        writeln!(out, "BROKEN {violation}")?;
    }
    Ok(exit_code(played.violations.is_empty()))
}

/// Plays every schedule of `scenarios` at each of `carriers`, and hunts the mutant.
fn whole(
    carriers: &[LabCarrier],
    scenarios: &[Scenario],
    mutant: Option<Mutant>,
    hunting: bool,
) -> Result<ExitCode> {
    let begun = Instant::now();
    let bar = Bar::new();
    let mut out = io::stdout().lock();
    let mut reports = Vec::new();
    writeln!(out, "{}", ScenarioReport::heading())?;
    let each = carriers
        .iter()
        .flat_map(|carrier| scenarios.iter().map(move |scenario| (*carrier, *scenario)))
        .filter(|(carrier, scenario)| scenario.happens_at(*carrier));
    for (carrier, scenario) in each {
        let report = run(carrier, scenario, mutant, &bar)?;
        writeln!(out, "{report}")?;
        for point in report.enumerated() {
            writeln!(out, "{point}")?;
        }
        for (schedule, what) in report.violations.iter().take(SHOWN_MAX) {
            writeln!(out, "  BROKEN {schedule}: {what}")?;
        }
        reports.push(report);
    }
    let hunted = Hunted::ALL.into_iter().filter(|_| hunting);
    let mutants = hunted.map(|hunted| hunt(hunted, &bar));
    let mutants = mutants.collect::<Result<_>>()?;
    bar.0.finish_and_clear();
    let report = summary(carriers, &reports, mutants, begun.elapsed());
    writeln!(out, "{}", serde_json::to_string(&report)?)?;
    Ok(exit_code(report.ok))
}

/// Plays a scenario once more with a rule broken: that a promise is broken with it must
/// be noticed.
fn hunt(hunted: Hunted, bar: &Bar) -> Result<MutantReport> {
    let Hunted {
        mutant,
        name,
        scenario: ground,
        promise,
    } = hunted;
    let violations = if mutant == Mutant::ClaimSkipped {
        // It shows without any fault, and every schedule of it would spin to its end.
        let schedule = Schedule {
            carrier: LabCarrier::default(),
            scenario: ground,
            strike: None,
            mutant: Some(mutant),
        };
        let broken = play_here(&schedule)?.violations;
        broken
            .iter()
            .filter(|broken| broken.promise == promise)
            .count()
    } else {
        run(LabCarrier::default(), ground, Some(mutant), bar)?.broken(promise)
    };
    Ok(MutantReport {
        name,
        caught: violations > 0,
        violations,
    })
}

fn summary(
    carriers: &[LabCarrier],
    reports: &[ScenarioReport],
    mutants: Vec<MutantReport>,
    took: Duration,
) -> Report {
    let sum = |of: fn(&ScenarioReport) -> usize| reports.iter().map(of).sum();
    let violations = sum(|report| report.violations.len());
    Report {
        ok: violations == 0 && mutants.iter().all(|mutant| mutant.caught),
        seconds: (took.as_secs_f64() * 10.0).round() / 10.0,
        points: sum(|report| report.points.len()),
        schedules: sum(|report| report.schedules),
        violations,
        carriers: carriers.iter().map(|carrier| carrier.name()).collect(),
        mutants,
    }
}

fn exit_code(held: bool) -> ExitCode {
    if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// How far it is, on a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{bar:40} {pos}/{len} schedules, {eta} left")
        {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn planned(&self, schedules: usize) {
        self.0.inc_length(u64::try_from(schedules).unwrap_or(0));
    }

    fn played(&self) {
        self.0.inc(1);
    }
}
