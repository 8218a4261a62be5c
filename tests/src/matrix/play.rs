//! One schedule, played in a world of its own.

use anyhow::{Result, ensure};
use numberline::domain::order::{Mutant, OrderStatus};

use super::{
    cast::Cast,
    promises::{self, Violation},
    story::Story,
};
use crate::{
    lab::{Books, Lab, Lambda, Rest},
    seam::{Line, Point, Strike},
};

/// What is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The story.
    pub story: Story,
    /// What goes wrong where, if anything does.
    pub strike: Option<Strike>,
    /// The rule that is broken on purpose, if one is.
    pub mutant: Option<Mutant>,
}

/// What came of a schedule.
#[derive(Clone, Debug)]
pub struct Played {
    /// The calls of the story, in order.
    pub points: Vec<Point>,
    /// How the story's order ended; nothing in stories without one.
    pub ended: Option<OrderStatus>,
    /// Promises that were broken.
    pub violations: Vec<Violation>,
    /// What happened, line by line.
    pub log: Vec<Line>,
}

/// Plays a schedule, recovers, and checks the promises.
pub async fn play(schedule: &Schedule) -> Result<Played> {
    let Schedule {
        story,
        strike,
        mutant,
    } = *schedule;
    let lab = Lab::new(&story.setup(mutant))?;
    let mut cast = Box::pin(story.prepare(&lab)).await?;
    lab.seam.record(strike);
    Box::pin(story.act(&lab, &mut cast)).await?;
    let mut rest = lab.settle().await?;
    lab.deliver_late().await;
    if rest == Rest::Quiet {
        rest = lab.settle().await?;
    }
    ensure!(
        !lab.seam.is_armed(),
        "the point of the schedule was not reached"
    );
    lab.seam.stop();
    let points = lab.seam.points();
    let violations = Box::pin(promises::check(&lab, &cast, &rest)).await?;
    Ok(Played {
        points,
        ended: ended(&Books::read(&lab.tables)?, &cast),
        violations,
        log: lab.seam.log(),
    })
}

fn ended(books: &Books, cast: &Cast) -> Option<OrderStatus> {
    let order = books.order(cast.order.as_ref()?)?;
    Some(order.status)
}
