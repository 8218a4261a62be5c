//! `cargo xtask demo`: the main story, told by the `demo` program of the tests against the running stack.

use anyhow::{Result, bail};
use clap::Args;
use numberline_stack::Seller;

use crate::stack;
use crate::stack::place::Place;
use crate::tool::cargo::cargo;
use crate::tool::command;

/// Names the description of the stack to programs that use one.
pub(crate) const STACK_VARIABLE: &str = "NUMBERLINE_STACK";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Passed on to the demo
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs the verb.
pub(crate) fn run(options: &Options) -> Result<()> {
    let place = Place::usual();
    if stack::must_run(&place)?.seller == Seller::Local {
        bail!(
            "the story needs the carrier simulator: `cargo xtask stop`, then `cargo xtask run --detach`"
        );
    }
    tell(&place, &options.arguments)
}

/// Tells the story against the stack at a place.
pub(crate) fn tell(place: &Place, arguments: &[String]) -> Result<()> {
    let running = stack::must_run(place)?;
    stack::with_fresh_tokens(place, &running)?;
    let mut demo = cargo(place.root());
    demo.args(["run", "--quiet", "--package", "numberline-end-to-end"])
        .args(["--bin", "demo", "--"])
        .args(arguments)
        .env(STACK_VARIABLE, place.description());
    command::show(&mut demo)
}
