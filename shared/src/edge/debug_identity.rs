//! Who calls where there is no authorizer: under `cargo lambda watch`, on a developer's machine.
//!
//! The whole module is compiled into debug builds only. A release build does not know the variable's name;
//! `cargo xtask bench` looks for it in every binary that it measures.

use std::collections::HashMap;

use super::config::Environment;

/// The variable that holds the caller's claims, as a token would: `{"iss": "…", "sub": "ada"}`.
const CLAIMS: &str = "NUMBERLINE_DEBUG_CLAIMS";

/// The claims in the environment, if there are any.
pub(super) fn claims() -> Option<HashMap<String, String>> {
    read(&Environment::optional(CLAIMS)?)
}

fn read(text: &str) -> Option<HashMap<String, String>> {
    let claims = serde_json::from_str(text);
    if let Err(error) = &claims {
        tracing::warn!(%error, "{CLAIMS} is no JSON object of texts: nobody calls");
    }
    claims.ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn claims_are_read_as_a_token_has_them() {
        let claims = read(r#"{"iss": "https://issuer.example", "sub": "ada"}"#).unwrap();
        assert_eq!(claims.get("sub").map(String::as_str), Some("ada"));
    }

    #[test]
    fn what_is_no_object_of_texts_is_nobody() {
        for text in ["ada", "[]", r#"{"sub": 7}"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
