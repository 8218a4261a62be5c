//! Cargo, and what it knows about the workspace.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::command;

/// The packages of the workspace and where they are built.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    /// Folder of everything cargo makes.
    pub(crate) target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let text =
            command::output(cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&text).context("cannot read what cargo says about the workspace")
    }

    /// Names of the packages below a folder. Below `functions`, a package's name is also its binary's and its
    /// Lambda function's.
    pub(crate) fn packages_in(&self, folder: &Path) -> Vec<&str> {
        self.packages
            .iter()
            .filter(|package| package.manifest_path.starts_with(folder))
            .map(|package| package.name.as_str())
            .collect()
    }
}

/// Cargo, in the project's folder.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    as_a_person_would(&mut command);
    command
}

/// Takes away what `cargo run` tells this program about itself. Build scripts ask for it, and would build half of the
/// dependencies anew whenever cargo is started by a chore after it was started by a person, or the other way round.
pub(crate) fn as_a_person_would(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
}
