//! `cargo xtask crash-matrix`: every point of I/O broken in every way, by the `crash-matrix` program of the tests.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::stack::place::Place;
use crate::tool::cargo::{Workspace, cargo};
use crate::tool::command;
use crate::tool::progress::Step;

#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// Passed on to the crash matrix
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs the verb.
///
/// The program is built as one beside a test of the whole workspace: then it has the features of `cargo xtask test`, and
/// no dependency is compiled once more for it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let place = Place::usual();
    let step = Step::begin("Building the crash matrix");
    let mut build = cargo(place.root());
    build.args(["test", "--workspace", "--test", "crash_matrix", "--no-run"]);
    command::run(&mut build, &place.logs().join("crash-matrix.log"), &step)?;
    step.done();
    let target = Workspace::read(place.root())?.target_directory;
    let mut matrix = Command::new(target.join("debug/crash-matrix"));
    command::show(matrix.args(&options.arguments))
}
