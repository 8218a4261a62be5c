//! `cargo xtask crash-matrix`: every point of I/O broken in every way, by the `crash-matrix` program of the tests.

use anyhow::Result;
use clap::Args;

use crate::stack::place::Place;
use crate::tool::cargo::cargo;
use crate::tool::command;

#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// Passed on to the crash matrix
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs the verb.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut matrix = cargo(Place::usual().root());
    matrix
        .args(["run", "--quiet", "--package", "numberline-tests"])
        .args(["--bin", "crash-matrix", "--"])
        .args(&options.arguments);
    command::show(&mut matrix)
}
