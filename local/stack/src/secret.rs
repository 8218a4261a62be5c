//! A value that must not reach a log by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A password, token or key of the local stack. Written to `stack.json` in clear, printed as `***`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the value in.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_hides_the_value() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
    }

    #[test]
    fn json_keeps_the_value() {
        let json = serde_json::to_string(&Secret::new("hunter2")).unwrap();
        assert_eq!(json, r#""hunter2""#);
        assert_eq!(
            serde_json::from_str::<Secret>(&json).unwrap().expose(),
            "hunter2"
        );
    }
}
