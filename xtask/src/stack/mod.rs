//! A local stack as a whole: bringing it up, bringing it up to date, taking it down.

pub(crate) mod aws;
mod carrier;
mod deploy;
mod functions;
mod health;
mod origin;
mod people;
pub(crate) mod place;
pub(crate) mod ports;
mod process;
mod scripts;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use numberline_stack::{Description, Seller};

use crate::tool::environment::Environment;
use crate::tool::needs;
use crate::tool::progress::Step;
use deploy::STACK_NAME;
use functions::Built;
use place::Place;
use ports::Ports;
use process::Started;
use scripts::Scripts;

/// How a stack differs from the usual one.
#[derive(Clone, Debug)]
pub(crate) struct Wishes {
    /// Where it listens.
    pub(crate) ports: Ports,
    /// Who sells numbers.
    pub(crate) seller: Seller,
    /// Parameters of the template, instead of the usual ones.
    pub(crate) parameters: Vec<(String, String)>,
    /// Go on with the tables of the last run. The carrier simulator has forgotten what it sold.
    pub(crate) keep: bool,
}

/// A stack that this `cargo xtask` started. It is stopped when this is dropped, unless it was left running.
#[derive(Debug)]
pub(crate) struct Stack {
    started: Vec<Started>,
    place: Place,
    left: bool,
}

impl Stack {
    /// Lets the stack run on after this `cargo xtask` has ended.
    pub(crate) fn leave_running(mut self) {
        self.left = true;
    }

    /// The name of a process that has ended by itself.
    pub(crate) fn ended(&mut self) -> Option<String> {
        self.started.iter_mut().find_map(|started| {
            let ended = started.has_ended();
            ended.then(|| started.process.name.clone())
        })
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        for started in self.started.iter().rev() {
            process::stop(&started.process);
        }
        for file in [self.place.description(), self.place.processes()] {
            // Nothing can be done about one that stays; the next run sees that its processes are gone.
            let _removed = remove_file(&file);
        }
    }
}

/// What a stack is made of, installed and built.
#[derive(Debug)]
pub(crate) struct Prepared {
    ministack: Environment,
    sam: Environment,
    built: Built,
}

/// Installs and builds what a stack is made of, which takes minutes in a new clone.
pub(crate) fn prepare(place: &Place) -> Result<Prepared> {
    needs::node()?;
    needs::python()?;
    Ok(Prepared {
        ministack: Environment::ministack(place)?,
        sam: Environment::sam(place)?,
        built: functions::build(place)?,
    })
}

/// Brings a stack up from nothing.
pub(crate) fn bring_up(
    place: &Place,
    prepared: Prepared,
    wishes: &Wishes,
) -> Result<(Stack, Description)> {
    let Prepared {
        ministack,
        sam,
        built,
    } = prepared;
    let ports = wishes.ports;
    ports.check()?;
    if !wishes.keep {
        // Logs too: what an earlier stack said must not be taken for this one's.
        for folder in [place.logs(), place.state(), place.temporary()] {
            remove_folder(&folder)?;
        }
    }
    let mut stack = Stack {
        started: Vec::new(),
        place: place.clone(),
        left: false,
    };
    let step = Step::begin("Starting MiniStack and the carrier simulator");
    stack.started.push(aws::start(&ministack, place, ports)?);
    stack.started.push(carrier::start(&built, place, ports)?);
    step.done();
    let scripts = Scripts {
        environment: &ministack,
        place,
        ports,
    };
    let parameters = deploy::parameters(ports, wishes.seller, &wishes.parameters);
    deploy::deploy(&sam, &scripts, place, ports, &parameters)?;
    let people = people::sign_in(&scripts, place)?;
    stack
        .started
        .push(origin::start(&built, place, ports, &people.outputs)?);
    let description = Description {
        origin: ports.origin(),
        simulator: ports.simulator(),
        seller: wishes.seller,
        aws: aws::account(ports),
        stack_name: STACK_NAME.to_owned(),
        outputs: people.outputs,
        carrier: carrier::account(),
        identity: people.identity,
        processes: stack
            .started
            .iter()
            .map(|started| started.process.clone())
            .collect(),
        logs: place.logs(),
        transcript: place.logs().join(origin::TRANSCRIPT),
    };
    description.save(&place.description())?;
    Ok((stack, description))
}

/// Builds and deploys again under a stack that runs. Its processes, its data and who sells to it stay.
pub(crate) fn bring_up_to_date(
    place: &Place,
    running: &Description,
    parameters: &[(String, String)],
) -> Result<Description> {
    let ports = Ports::of(running)?;
    let Prepared { ministack, sam, .. } = prepare(place)?;
    let scripts = Scripts {
        environment: &ministack,
        place,
        ports,
    };
    let parameters = deploy::parameters(ports, running.seller, parameters);
    deploy::deploy(&sam, &scripts, place, ports, &parameters)?;
    let fresh = with_fresh_tokens(place, running)?;
    for url in ["ApiUrl", "WebhookUrl"] {
        if fresh.outputs.get(url) != running.outputs.get(url) {
            bail!(
                "{url} has changed and the edge proxy knows the old one: `cargo xtask stop`, then `cargo xtask run`"
            );
        }
    }
    Ok(fresh)
}

/// Signs everybody in again; their tokens last an hour.
pub(crate) fn with_fresh_tokens(place: &Place, running: &Description) -> Result<Description> {
    let scripts = Scripts {
        environment: &Environment::ministack(place)?,
        place,
        ports: Ports::of(running)?,
    };
    let people = people::sign_in(&scripts, place)?;
    let description = Description {
        outputs: people.outputs,
        identity: people.identity,
        ..running.clone()
    };
    description.save(&place.description())?;
    Ok(description)
}

/// Writes what the functions logged to the folder of logs.
pub(crate) fn export_logs(place: &Place, running: &Description) -> Result<()> {
    let scripts = Scripts {
        environment: &Environment::ministack(place)?,
        place,
        ports: Ports::of(running)?,
    };
    let folder = place.logs().join("functions");
    scripts.run("export_logs.py", &[STACK_NAME, &folder.to_string_lossy()])?;
    Ok(())
}

/// Lets a customer text or call a number of the local carrier; answers with what the carrier is told to do.
pub(crate) fn play_customer(place: &Place, running: &Description, what: &[&str]) -> Result<String> {
    let scripts = Scripts {
        environment: &Environment::ministack(place)?,
        place,
        ports: Ports::of(running)?,
    };
    let arguments = [&[STACK_NAME], what].concat();
    scripts.run("play_customer.py", &arguments)
}

/// The stack that runs at a place, if one does.
pub(crate) fn running(place: &Place) -> Option<Description> {
    let description = Description::load(&place.description()).ok()?;
    let all_alive = description.processes.iter().all(process::is_alive);
    all_alive.then_some(description)
}

/// The stack that runs at a place, or how to start one.
pub(crate) fn must_run(place: &Place) -> Result<Description> {
    running(place)
        .context("the local stack is not running: start it with `cargo xtask run --detach`")
}

/// Takes down what an earlier `cargo xtask` left running; says whether there was anything.
pub(crate) fn take_down(place: &Place) -> Result<bool> {
    let left = process::listed(place)?;
    let any_alive = left.iter().any(process::is_alive);
    // The description first: a `run` in another terminal sees by it that it was asked to end.
    remove_file(&place.description())?;
    for process in left.iter().rev() {
        process::stop(process);
    }
    remove_file(&place.processes())?;
    Ok(any_alive)
}

fn remove_file(file: &Path) -> Result<()> {
    if file.exists() {
        fs::remove_file(file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    Ok(())
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    Ok(())
}
