//! Programs that a person has to install; each missing one is one line with the way out.

use std::process::Command;

use anyhow::{Result, bail};

/// The oldest Python that everything here is tried with, as the README says.
const PYTHON: Version = Version(3, 11);
/// The oldest Node that the web app is built with.
const NODE: Version = Version(20, 0);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

/// The name of a Python that is new enough.
pub(crate) fn python() -> Result<&'static str> {
    let found = ["python3", "python"]
        .into_iter()
        .find(|name| version_of(name).is_some_and(|version| version >= PYTHON));
    match found {
        Some(name) => Ok(name),
        None => bail!(
            "Python {}.{} or newer is needed and `python3` is not it: install it (Debian: apt install python3 python3-venv; macOS: brew install python) and run this again",
            PYTHON.0,
            PYTHON.1
        ),
    }
}

/// Fails unless there is a Node that is new enough.
pub(crate) fn node() -> Result<()> {
    if version_of("node").is_some_and(|version| version >= NODE) {
        return Ok(());
    }
    bail!(
        "Node {} or newer is needed and `node` is not it: install it (https://nodejs.org) and run this again",
        NODE.0
    )
}

fn version_of(program: &str) -> Option<Version> {
    let output = Command::new(program).arg("--version").output().ok()?;
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `Python 3.11.7` and `v20.11.1`.
fn parse(text: &str) -> Option<Version> {
    let digits = text.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let mut parts = digits.trim().split('.');
    Some(Version(
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::{NODE, PYTHON, Version, parse};

    #[test]
    fn reads_what_programs_print() {
        assert_eq!(parse("Python 3.11.7\n"), Some(Version(3, 11)));
        assert_eq!(parse("v20.11.1\n"), Some(Version(20, 11)));
        assert_eq!(parse(""), None);
        assert_eq!(parse("no version"), None);
    }

    #[test]
    fn compares_numbers_and_not_letters() {
        assert!(Version(3, 9) < PYTHON);
        assert!(Version(3, 10) < PYTHON);
        assert!(Version(3, 11) >= PYTHON);
        assert!(Version(18, 20) < NODE);
    }
}
