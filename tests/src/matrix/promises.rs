//! The promises of `ARCHITECTURE.md`, checked when all is quiet.

mod books;
mod carrier;
mod doors;
mod secrets;

use std::{fmt, sync::Arc};

use anyhow::Result;
use serde::Serialize;

use super::cast::Cast;
use crate::lab::{Books, Lab, Rest};

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

/// What is broken of the promises, in a world at rest.
pub(super) async fn check(lab: &Arc<Lab>, cast: &Cast, rest: &Rest) -> Result<Vec<Violation>> {
    let mut findings = Findings::default();
    let books = Books::read(&lab.tables)?;
    let holdings = lab.holdings()?;
    carrier::one_purchase(&mut findings, &books, &holdings);
    carrier::everything_owned(&mut findings, &books, &holdings);
    carrier::subprojects(&mut findings, &books, &holdings);
    books::one_owner(&mut findings, &books);
    books::limits(&mut findings, &books);
    books::deleted(&mut findings, &books, cast);
    books::ended(&mut findings, lab, &books, rest);
    books::texts(&mut findings, lab, &books, &holdings, cast);
    books::heeded(&mut findings, &books);
    doors::strangers(&mut findings, lab, cast, &books).await;
    doors::same_key_same_order(&mut findings, lab, cast, &books).await?;
    doors::inbound_once(&mut findings, lab, &books).await?;
    secrets::nowhere(&mut findings, lab)?;
    Ok(findings.0)
}
