//! `cargo xtask run`: the local stack, in the foreground until Ctrl-C or, with `--detach`, until `cargo xtask stop`.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;
use numberline_stack::{Description, Seller};

use crate::stack::place::Place;
use crate::stack::ports::{self, Ports};
use crate::stack::{self, Stack, Wishes};

/// How often the processes are looked at.
const POLL: Duration = Duration::from_millis(500);

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Return once the stack is up, and leave it running
    #[arg(long)]
    detach: bool,
    /// Go on with the tables of the last run; the carrier simulator has forgotten what it sold
    #[arg(long)]
    keep: bool,
    /// Buy made-up numbers from the local carrier, and none from the simulator
    #[arg(long)]
    no_carrier: bool,
    #[command(flatten)]
    ports: Ports,
    /// A parameter of template.yaml, such as SelfServicePlans=starter
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
}

/// Runs the verb.
pub(crate) fn run(options: &Options) -> Result<()> {
    let place = Place::usual();
    let interrupted = interruptions()?;
    let starting = place.lock()?;
    if let Some(running) = stack::running(&place) {
        refuse_to_move(options, &running)?;
        println!(
            "The stack is already up at {}: it is built and deployed again, its data stays.",
            running.origin
        );
        let fresh = stack::bring_up_to_date(&place, &running, &options.parameters)?;
        describe(&fresh, "cargo xtask stop");
        return Ok(());
    }
    // What is left of a stack whose processes did not all survive would be in the way.
    stack::take_down(&place)?;
    let wishes = Wishes {
        ports: options.ports,
        seller: if options.no_carrier {
            Seller::Local
        } else {
            Seller::Simulator
        },
        parameters: options.parameters.clone(),
        keep: options.keep,
    };
    // Before the minutes of building, and again after them.
    options.ports.check()?;
    let prepared = stack::prepare(&place)?;
    let (stack, description) = stack::bring_up(&place, prepared, &wishes)?;
    drop(starting);
    if options.detach {
        describe(&description, "cargo xtask stop");
        stack.leave_running();
        return Ok(());
    }
    describe(&description, "Ctrl-C");
    watch(stack, &place, &description, &interrupted)
}

/// A stack that runs keeps its seller and its ports: fails where others are asked for.
fn refuse_to_move(options: &Options, running: &Description) -> Result<()> {
    if options.no_carrier && running.seller != Seller::Local {
        bail!(
            "the stack that runs buys from the carrier simulator: `cargo xtask stop`, then run this again"
        );
    }
    let taken = Ports::of(running)?;
    if options.ports != taken && options.ports != ports::USUAL {
        bail!("the stack that runs has the ports {taken}: `cargo xtask stop`, then run this again");
    }
    Ok(())
}

fn parameter(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "must be NAME=VALUE".to_owned())
}

/// Ctrl-C and the signals to end, as messages: whoever holds a stack can then take it down in order.
fn interruptions() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    ctrlc::set_handler(move || {
        // A second Ctrl-C finds nobody waiting any more, which is fine: the first is being obeyed.
        let _heard = sender.send(());
    })?;
    Ok(receiver)
}

fn watch(
    mut stack: Stack,
    place: &Place,
    description: &Description,
    interrupted: &Receiver<()>,
) -> Result<()> {
    loop {
        match interrupted.recv_timeout(POLL) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                println!("\nStopping.");
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if !place.description().exists() {
            println!("\nStopped by `cargo xtask stop`.");
            return Ok(());
        }
        if let Some(name) = stack.ended() {
            let log = description.logs.join(format!("{name}.log"));
            bail!("{name} has ended by itself; see {}", log.display());
        }
    }
}

fn describe(description: &Description, stop: &str) {
    let Description {
        origin,
        simulator,
        seller,
        aws,
        logs,
        identity,
        ..
    } = description;
    let (carrier, demo) = match seller {
        Seller::Simulator => (
            format!("{simulator}/__sim/ledger"),
            "`cargo xtask demo` tells the main story. ",
        ),
        Seller::Local => (
            "the local one; be a customer with `cargo xtask text FROM TO BODY`".to_owned(),
            "",
        ),
    };
    println!(
        "\nNumberline is up.\n\n\
         API            {origin}/api\n\
         Carrier        {carrier}\n\
         AWS            {endpoint}  (stack {stack})\n\
         Logs           {logs}\n",
        endpoint = aws.endpoint,
        stack = description.stack_name,
        logs = logs.display(),
    );
    if let Some(ada) = identity.users.get("ada") {
        println!(
            "Ask as ada:\n\n  curl -s {origin}/api/me -H 'Authorization: Bearer {token}'\n",
            token = ada.access_token.expose(),
        );
    }
    println!(
        "The token lasts an hour; `cargo xtask token ada` prints another.\n\
         {demo}Stop with {stop}."
    );
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_parameter_has_a_name_and_a_value_that_may_contain_anything() {
        assert_eq!(
            parameter("Url=http://x?a=b"),
            Ok(("Url".to_owned(), "http://x?a=b".to_owned()))
        );
        assert!(parameter("Url").is_err());
    }
}
