//! One schedule, played in a world of its own.

use anyhow::{Result, ensure};
use numberline::domain::order::{Mutant, OrderStatus};

use super::{
    cast::Cast,
    promises::{self, Violation},
    scenario::Scenario,
};
use crate::{
    lab::{Books, Lab, LabCarrier, Lambda, Rest},
    seam::{Line, Point, Strike},
};

/// What is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The carrier.
    pub carrier: LabCarrier,
    /// The scenario.
    pub scenario: Scenario,
    /// What goes wrong where, if anything does.
    pub strike: Option<Strike>,
    /// The rule that is broken on purpose, if one is.
    pub mutant: Option<Mutant>,
}

/// What came of a schedule.
#[derive(Clone, Debug)]
pub struct Played {
    /// The calls of the scenario, in order.
    pub points: Vec<Point>,
    /// How the scenario's order ended; nothing in scenarios without one.
    pub ended: Option<OrderStatus>,
    /// Promises that were broken.
    pub violations: Vec<Violation>,
    /// What happened, line by line.
    pub log: Vec<Line>,
}

/// Plays a schedule, recovers, and checks the promises.
pub async fn play(schedule: &Schedule) -> Result<Played> {
    let Schedule {
        carrier,
        scenario,
        strike,
        mutant,
    } = *schedule;
    let lab = Lab::new(&scenario.setup(carrier, mutant)?)?;
    let mut cast = Box::pin(scenario.prepare(&lab)).await?;
    cast.began = lab.clock.time();
    lab.seam.record(strike);
    Box::pin(scenario.act(&lab, &mut cast)).await?;
    let mut rest = lab.settle().await?;
    lab.deliver_late().await;
    if rest == Rest::Quiet {
        rest = lab.settle().await?;
    }
    ensure!(
        !lab.seam.is_armed(),
        "the point of the schedule was not reached"
    );
    ensure!(
        lab.seam.spared() == 0,
        "{} tries of the call were not struck: its caller gave up before",
        lab.seam.spared()
    );
    lab.seam.stop();
    let points = lab.seam.points();
    let books = Books::read(&lab.tables)?;
    let at_rest = (&books, &rest);
    let violations = Box::pin(promises::check(&lab, &cast, schedule, at_rest)).await?;
    Ok(Played {
        points,
        ended: ended(&books, &cast),
        violations,
        log: lab.seam.log(),
    })
}

fn ended(books: &Books, cast: &Cast) -> Option<OrderStatus> {
    let order = books.order(cast.order.as_ref()?)?;
    Some(order.status)
}
