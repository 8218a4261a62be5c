//! The parts of `cargo xtask test`, cheapest first.

use std::process::{Command, Stdio};

use anyhow::Result;

use super::{end_to_end, lambda, secrets};
use crate::crash_matrix;
use crate::stack::place::Place;
use crate::tool::cargo::{Workspace, cargo};
use crate::tool::command;
use crate::tool::environment::Environment;

/// One part and what it runs.
#[derive(Debug)]
pub(super) struct Part {
    /// What it is called in the output and on the command line.
    pub(super) name: &'static str,
    /// Fails where something does not hold.
    pub(super) check: fn() -> Result<()>,
}

/// All parts, in the order they are run.
pub(super) const PARTS: [Part; 10] = [
    part("format", format),
    part("clippy", clippy),
    part("docs", docs),
    part("template", template),
    part("tests", tests),
    part("depths", depths),
    part("doctests", doctests),
    part("crash-matrix", matrix),
    part("lambda", lambda::check),
    part("end-to-end", end_to_end::check),
];

const fn part(name: &'static str, check: fn() -> Result<()>) -> Part {
    Part { name, check }
}

fn format() -> Result<()> {
    command::show(project_cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked"];
    // The end-to-end tests, too, which are only built where a stack is there for them.
    command::show(
        project_cargo()
            .args(arguments)
            .args(["--features", "numberline-end-to-end/end-to-end"])
            .args(["--", "--deny", "warnings"]),
    )
}

fn docs() -> Result<()> {
    let arguments = ["doc", "--workspace", "--no-deps", "--locked", "--quiet"];
    command::show(
        project_cargo()
            .args(arguments)
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn template() -> Result<()> {
    let place = Place::usual();
    let mut validate = Command::new(Environment::sam(&place)?.program("sam"));
    validate
        .current_dir(place.root())
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("SAM_CLI_TELEMETRY", "0")
        .env("__SAM_CLI_APP_DIR", place.temporary().join("sam"))
        .args(["validate", "--lint", "--template-file", "template.yaml"]);
    command::show(&mut validate)
}

/// With nextest where it is installed, which runs the tests of all crates side by side and keeps what they print.
fn tests() -> Result<()> {
    if !has_nextest() {
        let arguments = ["test", "--workspace", "--locked", "--all-targets"];
        return command::show(project_cargo().args(arguments));
    }
    command::show(project_cargo().args(["nextest", "run", "--workspace", "--locked"]))?;
    let target = Workspace::read(Place::usual().root())?.target_directory;
    let printed = target.join("nextest/default/junit.xml");
    let lines = secrets::scan_files(&[printed])?;
    println!("no secret in the {lines} lines that tests printed");
    Ok(())
}

/// The round trips of each use case, as a table: the test that holds them prints it, where somebody listens.
fn depths() -> Result<()> {
    // Tests side by side leave each line of the table whole.
    let arguments = ["--nocapture", "--test-threads", "2"];
    command::show(
        project_cargo()
            .args(["test", "--workspace", "--locked", "--test", "depths", "--"])
            .args(arguments),
    )
}

/// Apart, since nextest leaves them out.
fn doctests() -> Result<()> {
    command::show(project_cargo().args(["test", "--workspace", "--locked", "--doc", "--quiet"]))
}

fn matrix() -> Result<()> {
    crash_matrix::run(&crash_matrix::Options::default())
}

fn has_nextest() -> bool {
    project_cargo()
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn project_cargo() -> Command {
    cargo(Place::usual().root())
}
