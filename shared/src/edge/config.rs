//! The one reader of the environment. It collects everything that is missing or
//! malformed, so that a wrong deployment is put right in one go.

use std::{fmt, str::FromStr};

/// Everything that is wrong with the environment.
#[derive(Default)]
pub struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is not usable: {}", self.0.join("; "))
    }
}

/// What `main` prints when it cannot start: sentences, as for [`fmt::Display`].
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    pub(super) fn add(&mut self, fault: impl fmt::Display) {
        let fault = fault.to_string();
        // A variable that several pieces read is wrong once.
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    /// Nothing, if nothing was wrong.
    pub(super) fn or_else_nothing(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

/// Reads variables and notes what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Environment {
    pub(super) faults: ConfigError,
}

impl Environment {
    /// The variable; empty is as good as absent.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the environment"
    )]
    pub(super) fn optional(name: &str) -> Option<String> {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    }

    /// The variable; its absence is a fault.
    pub(super) fn required(&mut self, name: &str) -> String {
        Self::optional(name).unwrap_or_else(|| {
            self.faults.add(format_args!("{name} is not set"));
            String::new()
        })
    }

    /// The variable as a `T`, or `default` if it is absent; another text is a fault.
    pub(super) fn parsed<T: FromStr>(&mut self, name: &str, default: T) -> T {
        match Self::optional(name).map(|text| text.trim().parse()) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(_)) => {
                self.faults.add(format_args!("{name} cannot be read"));
                default
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[test]
    fn everything_that_is_missing_is_said_at_once() {
        let mut environment = Environment::default();
        environment.required("NUMBERLINE_TEST_ABSENT_ONE");
        for _ in 0..2 {
            environment.required("NUMBERLINE_TEST_ABSENT_TWO");
        }
        let said = environment
            .faults
            .or_else_nothing()
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("ABSENT_ONE") && said.contains("ABSENT_TWO"),
            "{said}"
        );
        assert_eq!(said.matches("ABSENT_TWO").count(), 1, "{said}");
    }
}
