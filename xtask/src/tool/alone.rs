//! The program `numberline-alone`, which runs single functions in the world of their events.

use std::path::PathBuf;

use anyhow::Result;

use super::cargo::{Workspace, cargo};
use super::command;
use super::progress::Step;
use crate::stack::place::Place;

/// Builds it; where it is.
///
/// It is built as a program that a test of the whole workspace runs: then it has the features of `cargo xtask test`,
/// and nothing of AWS's SDK is compiled once more for it.
pub(crate) fn built(place: &Place) -> Result<PathBuf> {
    let step = Step::begin("Building the world of the events");
    let mut compile = cargo(place.root());
    compile.args(["test", "--workspace", "--test", "alone", "--no-run"]);
    command::run(&mut compile, &place.logs().join("alone.log"), &step)?;
    step.done();
    let target = Workspace::read(place.root())?.target_directory;
    Ok(target.join("debug/numberline-alone"))
}
