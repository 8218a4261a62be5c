//! The environment of all functions together, as `cargo lambda watch --env-file` reads it.

use std::fmt::Write as _;

use anyhow::Result;
use numberline_events::cast::{ADA, ISSUER};
use serde_json::json;

use crate::template::{Function, Variables, WEBHOOK_BASE, functions, of_lambda};

/// The variable from which a debug build takes its caller where there is no authorizer
/// (`shared/src/edge/debug_identity.rs`).
pub(crate) const DEBUG_CLAIMS: &str = "NUMBERLINE_DEBUG_CLAIMS";

/// What every function needs in the world at `origin`, and Ada as the caller of what comes without an authorizer.
pub(crate) fn of_all(origin: &str) -> Result<Variables> {
    let mut variables = of_lambda(origin);
    for Function { variables: own, .. } in functions(origin)? {
        variables.extend(own);
    }
    // One environment serves all, and webhooks are signed for the address of the events.
    variables.insert("WEBHOOK_BASE_URL".to_owned(), WEBHOOK_BASE.to_owned());
    let claims = json!({ "iss": ISSUER, "sub": ADA.subject, "scope": ADA.scope });
    variables.insert(DEBUG_CLAIMS.to_owned(), claims.to_string());
    Ok(variables)
}

/// A line for each variable. Quoted singly: a shell and cargo-lambda read the same.
pub(crate) fn file(variables: &Variables) -> String {
    let mut file = String::new();
    for (name, value) in variables {
        // Writing to a text cannot fail.
        let _written = writeln!(file, "{name}='{value}'");
    }
    file
}

#[cfg(test)]
mod tests {
    use std::fs;

    use numberline_tests::repository::root;

    use super::{DEBUG_CLAIMS, file, of_all};

    #[test]
    fn everybody_finds_what_they_need_and_ada_is_the_caller() {
        let file = file(&of_all("http://127.0.0.1:4620").unwrap());
        for line in [
            "AWS_ENDPOINT_URL='http://127.0.0.1:4620'",
            "CORE_TABLE='core'",
            "MESSAGES_TABLE='messages'",
            r#"NUMBERLINE_DEBUG_CLAIMS='{"iss":"https://issuer.example","scope":"openid","sub":"ada"}'"#,
        ] {
            assert!(file.lines().any(|written| written == line), "{file}");
        }
    }

    #[test]
    fn no_value_ends_its_quotes() {
        let variables = of_all("http://127.0.0.1:4620").unwrap();
        assert!(
            variables
                .values()
                .all(|value| !value.contains(['\'', '\n']))
        );
    }

    /// The name is written twice, since a release build of this program must not need the debug build's.
    #[test]
    fn the_variable_is_the_one_that_debug_builds_read() {
        let path = root().join("shared/src/edge/debug_identity.rs");
        let source = fs::read_to_string(path).unwrap();
        assert!(source.contains(&format!("\"{DEBUG_CLAIMS}\"")));
    }
}
