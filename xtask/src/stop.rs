//! `cargo xtask stop`: takes down what `cargo xtask run --detach` left running.

use anyhow::Result;
use clap::Args;

use crate::stack;
use crate::stack::place::Place;

#[derive(Debug, Args)]
pub(crate) struct Options {}

/// Runs the verb.
pub(crate) fn run(_options: &Options) -> Result<()> {
    if stack::take_down(&Place::usual())? {
        println!("The local stack is stopped.");
    } else {
        println!("The local stack was not running.");
    }
    Ok(())
}
