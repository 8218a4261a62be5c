//! Where things of a local stack lie.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// A folder for one local stack inside the project. Git ignores it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    root: PathBuf,
    folder: PathBuf,
}

impl Place {
    /// The stack that `cargo xtask run` starts.
    pub(crate) fn usual() -> Self {
        Self::named("")
    }

    /// A stack beside the usual one, with ports and tables of its own.
    pub(crate) fn named(name: &str) -> Self {
        let root = project_root();
        let folder = root.join(".local").join(name);
        Self { root, folder }
    }

    /// A stack in a folder of its own.
    #[cfg(test)]
    pub(crate) fn at(folder: &Path) -> Self {
        Self {
            root: project_root(),
            folder: folder.to_owned(),
        }
    }

    /// Keeps every other `cargo xtask` from starting a stack here, until this is dropped.
    pub(crate) fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.folder)?;
        let path = self.folder.join("lock");
        let lock =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => {
                bail!("another `cargo xtask` is just starting this stack: wait until it is up")
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// The project's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What the running stack is described in.
    pub(crate) fn description(&self) -> PathBuf {
        self.folder.join("stack.json")
    }

    /// What was started here, also of a stack that is not up yet.
    pub(crate) fn processes(&self) -> PathBuf {
        self.folder.join("processes.json")
    }

    /// One log per process and per program that was run.
    pub(crate) fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// Tables, queues and keys, as MiniStack leaves them when it stops.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// Temporary files of MiniStack and of the functions.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    /// What is deployed: the template and, where it expects them, the functions of this machine. A folder apart, so
    /// that a build for this machine is never what a later `sam deploy` sends to AWS.
    pub(crate) fn deployment(&self) -> PathBuf {
        self.folder.join("deployment")
    }

    /// Python environments, shared by all stacks.
    pub(crate) fn environments(&self) -> PathBuf {
        self.root.join(".local/environments")
    }

    /// Pinned requirements of a Python environment.
    pub(crate) fn requirements(&self, environment: &str) -> PathBuf {
        self.root
            .join("local/stack/requirements")
            .join(format!("{environment}.txt"))
    }

    /// A Python script of the local stack.
    pub(crate) fn script(&self, name: &str) -> PathBuf {
        self.root.join("local/stack/scripts").join(name)
    }
}

fn project_root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Place;

    #[test]
    fn a_stack_is_started_by_one_at_a_time() {
        let folder = std::env::temp_dir().join(format!("xtask-place-{}", std::process::id()));
        let place = Place::at(&folder);
        let lock = place.lock().unwrap();
        let refused = place.lock().unwrap_err().to_string();
        assert!(refused.contains("wait until it is up"), "{refused}");
        drop(lock);
        place.lock().unwrap();
        fs::remove_dir_all(folder).unwrap();
    }
}
