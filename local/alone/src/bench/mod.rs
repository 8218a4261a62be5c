//! `bench`: what every function takes from cold, beside a bare floor.
//!
//! Each run starts a program as the only function of a Runtime API of its own, in a fresh world, and ends it. The
//! programs take turns, so that what the machine does beside touches all of them alike.

mod figures;
mod run;
mod runtime_api;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::environment::DEBUG_CLAIMS;
use crate::events::Event;
use crate::template::{Function, Variables, functions, of_lambda};
use crate::world::{Hooks, Stand};
use figures::{Figures, OfFunction, Report};
use run::{Program, Seen};

/// Fewer runs than this say too little for a budget.
const RUNS: usize = 15;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder of the functions' binaries
    #[arg(long)]
    binaries: PathBuf,
    /// Folder of their zips, one NAME.zip each
    #[arg(long)]
    zips: PathBuf,
    /// Binary of the bare floor
    #[arg(long)]
    floor: PathBuf,
    /// Folder for what the programs log
    #[arg(long)]
    logs: PathBuf,
    /// How often each program is run
    #[arg(long, default_value_t = RUNS)]
    runs: usize,
    /// Only this function; repeat for more
    #[arg(long = "function", value_name = "NAME")]
    only: Vec<String>,
    /// Show the figures without holding them to the budgets, which are for release builds
    #[arg(long)]
    unjudged: bool,
}

/// A program, what it is sent, and what was seen of it.
#[derive(Debug)]
struct Subject {
    program: Program,
    event: Option<Event>,
    seen: Vec<Seen>,
}

/// Runs the verb.
pub(crate) async fn run(options: &Options) -> Result<()> {
    ensure!(options.runs > 0, "a bench has runs");
    fs::create_dir_all(&options.logs)?;
    let stand = Stand::open(([127, 0, 0, 1], 0).into(), Hooks::Here).await?;
    let mut subjects = vec![floor(options, &stand)];
    for function in wanted(options, &stand)? {
        subjects.push(subject(options, &stand, function)?);
    }
    play(options, &stand, &mut subjects).await?;
    let report = report(options, &subjects)?;
    println!("{}", report.table());
    let broken = if options.unjudged {
        Vec::new()
    } else {
        report.broken()
    };
    for budget in &broken {
        eprintln!("over budget: {budget}");
    }
    println!("{}", serde_json::to_string(&report)?);
    ensure!(broken.is_empty(), "{} budgets are broken", broken.len());
    Ok(())
}

fn wanted(options: &Options, stand: &Stand) -> Result<Vec<Function>> {
    let mut functions = functions(stand.origin())?;
    for name in &options.only {
        let known = functions.iter().any(|function| function.name == *name);
        ensure!(known, "no function is called {name}");
    }
    let is_wanted = |name: &String| options.only.is_empty() || options.only.contains(name);
    functions.retain(|function| is_wanted(&function.name));
    functions.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(functions)
}

fn floor(options: &Options, stand: &Stand) -> Subject {
    let program = Program {
        name: "floor".to_owned(),
        binary: options.floor.clone(),
        variables: of_sandbox("floor", 128, stand.origin()),
        event: Bytes::from_static(b"{}"),
        timeout: Duration::from_secs(15),
    };
    Subject {
        program,
        event: None,
        seen: Vec::new(),
    }
}

fn subject(options: &Options, stand: &Stand, function: Function) -> Result<Subject> {
    let event = Event::first_of(&function.name)?;
    let binary = options.binaries.join(&function.name);
    if !options.unjudged {
        takes_no_identity(&binary)?;
    }
    let mut variables = of_sandbox(&function.name, function.memory, stand.origin());
    variables.extend(function.variables);
    let program = Program {
        binary,
        variables,
        event: Bytes::from(event.content.to_string()),
        timeout: function.timeout,
        name: function.name,
    };
    Ok(Subject {
        program,
        event: Some(event),
        seen: Vec::new(),
    })
}

/// What a function finds in its sandbox beside its own variables.
fn of_sandbox(name: &str, memory: u64, origin: &str) -> Variables {
    let mut variables = of_lambda(origin);
    let memory = memory.to_string();
    for (variable, value) in [
        ("AWS_LAMBDA_FUNCTION_NAME", name),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
    ] {
        variables.insert(variable.to_owned(), value.to_owned());
    }
    variables
}

/// A release build cannot take its caller from the environment: it does not even know the variable's name.
fn takes_no_identity(binary: &Path) -> Result<()> {
    let code = fs::read(binary).with_context(|| format!("{} is not built", binary.display()))?;
    let name = DEBUG_CLAIMS.as_bytes();
    if code.windows(name.len()).any(|part| part == name) {
        bail!(
            "{} knows {DEBUG_CLAIMS}: it is no release build",
            binary.display()
        );
    }
    Ok(())
}

async fn play(options: &Options, stand: &Stand, subjects: &mut [Subject]) -> Result<()> {
    let bar = progress(options.runs * subjects.len());
    for run in 1..=options.runs {
        for subject in &mut *subjects {
            let name = &subject.program.name;
            bar.set_message(format!("run {run} of {}: {name}", options.runs));
            if let Some(event) = &subject.event {
                stand.renew(event.scene).await?;
            }
            let seen = subject.program.run(&options.logs).await?;
            if let Some(event) = &subject.event {
                let checked = event.expected.check(&event.content, &seen.answer);
                checked.with_context(|| format!("{name} was sent {}", event.path))?;
            }
            subject.seen.push(seen);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn progress(length: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta} {msg}") {
        bar.set_style(style);
    }
    bar
}

fn report(options: &Options, subjects: &[Subject]) -> Result<Report> {
    let mut floor = None;
    let mut functions = Vec::new();
    for Subject {
        program,
        event,
        seen,
    } in subjects
    {
        let zip = options.zips.join(format!("{}.zip", program.name));
        let size = fs::metadata(&zip).with_context(|| zip.display().to_string())?;
        let figures = Figures::of(seen, u32::try_from(size.len())?);
        match event {
            None => floor = Some(figures),
            Some(_) => functions.push(OfFunction {
                name: program.name.clone(),
                figures,
            }),
        }
    }
    let floor = floor.context("there is a floor")?;
    Ok(Report { floor, functions })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{DEBUG_CLAIMS, takes_no_identity};

    #[test]
    fn a_binary_that_knows_the_debug_identity_is_refused() {
        let binary = std::env::temp_dir().join(format!("alone-{}", std::process::id()));
        fs::write(&binary, format!("\u{7f}ELF {DEBUG_CLAIMS} ")).unwrap();
        assert!(takes_no_identity(&binary).is_err());
        fs::write(&binary, "\u{7f}ELF NUMBERLINE").unwrap();
        assert!(takes_no_identity(&binary).is_ok());
        fs::remove_file(binary).unwrap();
    }
}
