//! The promises of DESIGN §3, checked when all is quiet.

mod books;
mod carrier;
mod doors;
mod orders;
mod secrets;
mod strangers;

use std::{fmt, sync::Arc, time::Duration};

use anyhow::Result;
use serde::Serialize;

use super::{cast::Cast, play::Schedule};
use crate::{
    lab::{Books, Lab, Rest},
    seam::Outcome,
};

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which: `P1` to `P8`, or `secrets`.
    pub promise: &'static str,
    /// How.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.promise, self.what)
    }
}

/// Violations as they are found.
#[derive(Debug, Default)]
struct Findings(Vec<Violation>);

impl Findings {
    fn add(&mut self, promise: &'static str, what: impl Into<String>) {
        let what = what.into();
        self.0.push(Violation { promise, what });
    }

    /// A promise that must hold.
    fn hold(&mut self, promise: &'static str, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.add(promise, what());
        }
    }
}

/// An idempotency key is good for longer than anything that expires.
const MUCH_LATER: Duration = Duration::from_hours(24 * 400);

/// Whether a stranger tries every use case after `schedule`: when nothing went wrong, and
/// once for every point. The quick looks at orders and numbers come after every schedule.
fn asks_at_every_door(schedule: &Schedule) -> bool {
    schedule
        .strike
        .is_none_or(|strike| strike.outcome == Outcome::CrashAfter)
}

/// What is broken of the promises, in a world at rest after `schedule`.
pub(super) async fn check(
    lab: &Arc<Lab>,
    cast: &Cast,
    schedule: &Schedule,
    rest: &Rest,
) -> Result<Vec<Violation>> {
    let mut findings = Findings::default();
    let books = Books::read(&lab.tables)?;
    let holdings = lab.holdings()?;
    carrier::one_purchase(&mut findings, &books, &holdings);
    carrier::everything_owned(&mut findings, &books, &holdings);
    carrier::subprojects(&mut findings, &books, &holdings);
    carrier::wired(&mut findings, lab, &books, &holdings);
    books::one_owner(&mut findings, &books);
    books::limits(&mut findings, lab, &books, &holdings);
    books::deleted(&mut findings, &books, cast);
    books::ended(&mut findings, lab, &books, rest);
    orders::endings(&mut findings, &books, cast, schedule);
    orders::what_they_say(&mut findings, &books, &holdings);
    orders::rows(&mut findings, &books);
    orders::cancels(&mut findings, &books, cast);
    books::texts(&mut findings, lab, &books, &holdings, cast);
    books::heeded(&mut findings, &books);
    strangers::told_nothing(&mut findings, lab, cast, &books).await;
    if asks_at_every_door(schedule) {
        strangers::refused_everywhere(&mut findings, lab, cast, &books).await?;
    }
    doors::same_key_same_answer(&mut findings, lab, cast).await?;
    doors::inbound_once(&mut findings, lab, &books).await?;
    lab.clock.advance(MUCH_LATER);
    doors::same_key_same_answer(&mut findings, lab, cast).await?;
    secrets::nowhere(&mut findings, lab)?;
    Ok(findings.0)
}
