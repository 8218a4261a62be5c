//! What the README says about one function alone: every event through cargo-lambda, and a caller without a token.

use std::process::Command;

use anyhow::Result;

use super::secrets;
use crate::stack::place::Place;
use crate::tool::cargo::{as_a_person_would, cargo};
use crate::tool::environment::Environment;
use crate::tool::progress::Step;
use crate::tool::{alone, command};

/// Runs `cargo lambda watch` and `cargo lambda invoke` in the world of the events.
pub(super) fn check() -> Result<()> {
    let place = Place::named("test");
    let cargo_lambda = Environment::cargo_lambda(&place)?.program("cargo-lambda");
    let program = alone::built(&place)?;
    // As `watch` builds them, which says nothing while it does: with the features of all functions together.
    let step = Step::begin("Building the functions");
    let mut build = cargo(place.root());
    build.args(["build", "--bins"]);
    command::run(&mut build, &place.logs().join("lambda-build.log"), &step)?;
    step.done();
    let mut invoke = Command::new(program);
    as_a_person_would(&mut invoke);
    let logs = place.logs().join("lambda");
    invoke
        .args(["invoke", "--cargo-lambda"])
        .arg(cargo_lambda)
        .arg("--logs")
        .arg(&logs);
    command::show(&mut invoke)?;
    let lines = secrets::scan_files(&[logs.join("watch.log"), logs.join("answers.log")])?;
    println!("no secret in the {lines} lines of logs and answers");
    Ok(())
}
