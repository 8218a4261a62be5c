//! `cargo xtask text` and `cargo xtask call`: a customer of a number of the local carrier.

use anyhow::{Result, bail};
use clap::Args;
use numberline_stack::Seller;

use crate::stack;
use crate::stack::place::Place;

#[derive(Debug, Args)]
pub(crate) struct Text {
    /// Who texts, such as +14155550177
    from: String,
    /// The made-up number
    to: String,
    /// What they write
    body: String,
}

#[derive(Debug, Args)]
pub(crate) struct Call {
    /// Who calls, such as +14155550177
    from: String,
    /// The made-up number
    to: String,
}

/// Texts a number.
pub(crate) fn text(text: &Text) -> Result<()> {
    play(&["text", &text.from, &text.to, &text.body])
}

/// Calls a number.
pub(crate) fn call(call: &Call) -> Result<()> {
    play(&["call", &call.from, &call.to])
}

/// Prints what the webhook is answered: what a carrier would do next.
fn play(what: &[&str]) -> Result<()> {
    let place = Place::usual();
    let running = stack::must_run(&place)?;
    if running.seller != Seller::Local {
        bail!(
            "these customers are the local carrier's: `cargo xtask stop`, then `cargo xtask run --detach --no-carrier`; the simulator has its own at {}/__sim/inbound",
            running.simulator
        );
    }
    println!("{}", stack::play_customer(&place, &running, what)?.trim());
    Ok(())
}
