//! Building the functions and the local programs for this machine, and laying the functions out for `sam deploy`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::place::Place;
use crate::tool::cargo::{Workspace, cargo};
use crate::tool::command;
use crate::tool::progress::Step;

/// The local programs that run beside MiniStack.
const PROGRAMS: [&str; 2] = ["numberline-simulator", "numberline-stack"];

/// What a build leaves behind.
#[derive(Debug)]
pub(crate) struct Built {
    binaries: PathBuf,
}

impl Built {
    /// A local program.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }
}

/// Builds everything with the development profile and lays out `deployment/`: the template, and `target/lambda/` with
/// one folder per function.
pub(crate) fn build(place: &Place) -> Result<Built> {
    let workspace = Workspace::read(place.root())?;
    let functions = workspace.packages_in(&place.root().join("functions"));
    let step = Step::begin("Building the functions");
    // Apart from the programs, whose features must not reach the functions: what runs here has those that are
    // deployed, and `cargo lambda watch` finds it built.
    compile(place, &functions, "build-functions.log", &step)?;
    compile(place, &PROGRAMS, "build-programs.log", &step)?;
    let built = Built {
        binaries: workspace.target_directory.join("debug"),
    };
    for function in &functions {
        step.now(function);
        lay_out(&built.program(function), &place.deployment(), function)?;
    }
    fs::copy(
        place.root().join("template.yaml"),
        place.deployment().join("template.yaml"),
    )
    .context("cannot read template.yaml")?;
    step.done();
    Ok(built)
}

fn compile(place: &Place, packages: &[&str], log: &str, step: &Step) -> Result<()> {
    let mut compile = cargo(place.root());
    compile.args(["build", "--bins"]);
    for package in packages {
        compile.args(["--package", package]);
    }
    command::run(&mut compile, &place.logs().join(log), step)
}

/// Puts a function where the template expects it, without symbols where `strip` is installed: they are most of a
/// development build, and would be zipped and unpacked at every deployment.
fn lay_out(binary: &Path, deployment: &Path, function: &str) -> Result<()> {
    let folder = deployment.join("target/lambda").join(function);
    let bootstrap = folder.join("bootstrap");
    if is_current(&bootstrap, binary)? {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    let stripped = Command::new("strip")
        .arg("-o")
        .args([&bootstrap, binary])
        .status();
    if !stripped.is_ok_and(|status| status.success()) {
        fs::copy(binary, &bootstrap)?;
    }
    Ok(())
}

fn is_current(copy: &Path, original: &Path) -> Result<bool> {
    let built = fs::metadata(original)
        .and_then(|file| file.modified())
        .with_context(|| format!("cargo built no {}", original.display()))?;
    let copied = fs::metadata(copy).and_then(|file| file.modified());
    Ok(copied.is_ok_and(|copied| copied >= built))
}
