//! Python environments inside the project, made from pinned requirements and made anew when those change.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::command;
use super::progress::Step;
use crate::stack::place::Place;

/// A virtual environment in `.local/environments`.
#[derive(Debug)]
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// MiniStack, which plays AWS, and `boto3` for the scripts.
    pub(crate) fn ministack(place: &Place) -> Result<Self> {
        Self::ready(place, "ministack", "Installing MiniStack")
    }

    /// The AWS SAM CLI, which deploys.
    pub(crate) fn sam(place: &Place) -> Result<Self> {
        Self::ready(place, "sam", "Installing the AWS SAM CLI")
    }

    /// cargo-lambda, which runs functions alone.
    pub(crate) fn cargo_lambda(place: &Place) -> Result<Self> {
        Self::ready(place, "cargo-lambda", "Installing cargo-lambda")
    }

    /// A program that was installed into the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    fn ready(place: &Place, name: &str, label: &'static str) -> Result<Self> {
        let environment = Self {
            folder: place.environments().join(name),
        };
        let wanted = place.requirements(name);
        let requirements = fs::read_to_string(&wanted)
            .with_context(|| format!("cannot read {}", wanted.display()))?;
        let installed = environment.folder.join("installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|found| found == requirements) {
            return Ok(environment);
        }
        let step = Step::begin(label);
        if environment.folder.exists() {
            fs::remove_dir_all(&environment.folder)?;
        }
        let log = place.environments().join(format!("{name}.log"));
        let mut create = Command::new(super::needs::python()?);
        create.args(["-m", "venv"]).arg(&environment.folder);
        command::run(&mut create, &log, &step).context(
            "Python cannot make a virtual environment (Debian: apt install python3-venv)",
        )?;
        let mut install = Command::new(environment.program("python"));
        install
            .args([
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--no-input",
            ])
            .arg("--requirement")
            .arg(&wanted);
        command::run(&mut install, &log, &step)
            .with_context(|| {
            format!("cannot install {name} from PyPI: check the network (or pip's own settings) and run this again")
        })?;
        // Written last: a half-finished environment must not pass for a finished one.
        fs::write(&installed, requirements)?;
        step.done();
        Ok(environment)
    }
}
