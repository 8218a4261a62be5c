//! The promises of `ARCHITECTURE.md`, checked when all is quiet.

mod books;
mod carrier;
mod doors;
mod orders;
mod secrets;
mod strangers;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc, time::Duration};

use anyhow::Result;
use serde::Serialize;

use super::{cast::Cast, play::Schedule};
use crate::{
    lab::{Books, Holdings, Lab, Rest},
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
    (books, rest): (&Books, &Rest),
) -> Result<Vec<Violation>> {
    let mut findings = Findings::default();
    let holdings = lab.holdings()?;
    at_rest(&mut findings, lab, (cast, schedule), (books, &holdings));
    books::ended(&mut findings, lab, books, rest);
    strangers::told_nothing(&mut findings, lab, cast, books).await;
    if asks_at_every_door(schedule) {
        strangers::refused_everywhere(&mut findings, lab, cast, books).await?;
    }
    doors::same_key_same_answer(&mut findings, lab, cast).await?;
    doors::inbound_once(&mut findings, lab, books).await?;
    lab.clock.advance(MUCH_LATER);
    doors::same_key_same_answer(&mut findings, lab, cast).await?;
    secrets::nowhere(&mut findings, lab)?;
    Ok(findings.0)
}

/// What the tables and the carrier's books say, without asking anybody.
fn at_rest(
    findings: &mut Findings,
    lab: &Lab,
    (cast, schedule): (&Cast, &Schedule),
    (books, holdings): (&Books, &Holdings),
) {
    carrier::one_purchase(findings, books, holdings);
    carrier::everything_owned(findings, books, holdings);
    carrier::subprojects(findings, books, holdings);
    carrier::wired(findings, lab, books, holdings);
    books::one_owner(findings, books);
    books::limits(findings, lab, books, holdings);
    books::deleted(findings, books, cast);
    orders::endings(findings, books, cast, schedule);
    orders::what_they_say(findings, books, holdings);
    orders::rows(findings, books);
    orders::cancels(findings, books, cast);
    books::texts(findings, lab, books, holdings, cast);
    books::heeded(findings, books);
}
