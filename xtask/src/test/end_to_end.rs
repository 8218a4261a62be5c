//! The deployed stack as a whole: the demo's story, the end-to-end tests, then a search for secrets in everything
//! that was logged or answered.

use std::process::exit;

use anyhow::{Context, Result};
use numberline_stack::Seller;

use super::secrets::{self, Searched};
use crate::demo::{self, STACK_VARIABLE};
use crate::stack::place::Place;
use crate::stack::ports::Ports;
use crate::stack::{self, Wishes};
use crate::tool::cargo::cargo;
use crate::tool::command;

/// How a program ends that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// Brings up a stack of its own, beside one that may be running, and takes it down again whatever happens. What its
/// functions logged stays, most of all when something failed.
pub(super) fn check() -> Result<()> {
    let place = Place::named("test");
    let _alone = place.lock()?;
    stack::take_down(&place)?;
    end_in_order(&place)?;
    let prepared = stack::prepare(&place)?;
    let wishes = Wishes {
        ports: Ports::free()?,
        seller: Seller::Simulator,
        parameters: Vec::new(),
        keep: false,
    };
    let (stack, description) = stack::bring_up(&place, prepared, &wishes)?;
    let asked = ask(&place);
    let exported = stack::export_logs(&place, &description);
    asked?;
    exported?;
    drop(stack);
    let Searched { files, lines } = secrets::scan(&description)?;
    println!("no secret in the {lines} lines of {files} logs, answers among them");
    Ok(())
}

/// Ctrl-C and the signals to end take the stack down, too.
fn end_in_order(place: &Place) -> Result<()> {
    let place = place.clone();
    ctrlc::set_handler(move || {
        if let Err(error) = stack::take_down(&place) {
            eprintln!("error: {error:#}");
        }
        exit(INTERRUPTED)
    })?;
    Ok(())
}

/// The story and the tests, against the stack at a place.
fn ask(place: &Place) -> Result<()> {
    demo::tell(place, &[]).context("the demo")?;
    let mut tests = cargo(place.root());
    tests
        .args(["test", "--locked", "--package", "numberline-end-to-end"])
        .args(["--features", "end-to-end", "--test", "end_to_end"])
        .env(STACK_VARIABLE, place.description());
    command::show(&mut tests).context("the end-to-end tests")
}
