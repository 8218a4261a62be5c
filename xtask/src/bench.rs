//! `cargo xtask bench`: what every function takes from cold, beside a bare floor, held to the budgets of
//! `docs/performance.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::stack::place::Place;
use crate::tool::cargo::{Workspace, cargo};
use crate::tool::progress::Step;
use crate::tool::{alone, command, needs};

/// The function that does nothing.
const FLOOR: &str = "floor";

/// Zips a program as `sam deploy` does: with Python's own zipfile. Arguments: the zip, the program.
const ZIP: &str = "import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.write(sys.argv[2], 'bootstrap')";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How often each function is started
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// Only this function; repeat for more
    #[arg(long = "function", value_name = "NAME")]
    only: Vec<String>,
    /// Another profile than the one that is deployed; then no budget is held
    #[arg(long, default_value = "release")]
    profile: String,
}

/// Runs the verb.
pub(crate) fn run(options: &Options) -> Result<()> {
    let place = Place::usual();
    let workspace = Workspace::read(place.root())?;
    let program = alone::built(&place)?;
    let functions = workspace.packages_in(&place.root().join("functions"));
    build(&place, options, &functions)?;
    // Cargo keeps what `dev` builds in a folder of another name.
    let folder = match options.profile.as_str() {
        "dev" => "debug",
        other => other,
    };
    let binaries = workspace.target_directory.join(folder);
    let zips = zip(&place, &binaries, &wanted(options, &functions))?;
    let mut bench = Command::new(program);
    bench
        .args(["bench", "--runs", &options.runs.to_string()])
        .args(options.only.iter().flat_map(|name| ["--function", name]))
        .arg("--binaries")
        .arg(&binaries)
        .arg("--floor")
        .arg(binaries.join(FLOOR))
        .arg("--zips")
        .arg(zips)
        .arg("--logs")
        .arg(place.logs().join("bench"));
    if options.profile != "release" {
        bench.arg("--unjudged");
    }
    command::show(&mut bench)
}

fn wanted<'name>(options: &'name Options, functions: &[&'name str]) -> Vec<&'name str> {
    if options.only.is_empty() {
        return functions.to_vec();
    }
    options.only.iter().map(String::as_str).collect()
}

/// Builds the functions, each with the features that all of them have together, as `cargo lambda build` does; and the
/// floor by itself, so that no function's features reach it.
fn build(place: &Place, options: &Options, functions: &[&str]) -> Result<()> {
    let step = Step::begin("Building the functions as they are deployed");
    let log = place.logs().join("bench-build.log");
    let build = || {
        let mut build = cargo(place.root());
        build.args(["build", "--profile", &options.profile]);
        build
    };
    let bins = wanted(options, functions);
    let bins = bins.into_iter().flat_map(|name| ["--bin", name]);
    command::run(build().args(bins), &log, &step)?;
    command::run(build().args(["--package", FLOOR]), &log, &step)?;
    step.done();
    Ok(())
}

/// A zip for each program, as it would be uploaded.
fn zip(place: &Place, binaries: &Path, functions: &[&str]) -> Result<PathBuf> {
    let folder = binaries.join("zips");
    fs::create_dir_all(&folder)?;
    let step = Step::begin("Zipping");
    for name in functions.iter().copied().chain([FLOOR]) {
        let mut zip = Command::new(needs::python()?);
        zip.args(["-c", ZIP])
            .arg(folder.join(format!("{name}.zip")))
            .arg(binaries.join(name));
        command::run(&mut zip, &place.logs().join("bench-zip.log"), &step)?;
    }
    step.done();
    Ok(folder)
}
