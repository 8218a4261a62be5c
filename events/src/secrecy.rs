//! What no answer of the API may say (P8): who the carrier is, what things are called
//! there, and secrets.

use numberline_simulator::Settings;

use crate::cast;

/// What `text` gives away, if anything.
pub(crate) fn given_away(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let platform = Settings::default();
    let hidden = [
        ("the carrier", cast::carrier().as_str().to_owned()),
        (
            "an account at the carrier",
            cast::account().as_str().to_owned(),
        ),
        ("the platform's account at the carrier", platform.project_id),
        ("an API token", cast::API_TOKEN.to_owned()),
        (
            "the platform's API token",
            platform.api_token.expose().to_owned(),
        ),
        ("a signing key", cast::SIGNING_KEY.to_owned()),
        (
            "the platform's signing key",
            platform.signing_key.expose().to_owned(),
        ),
        (
            "a webhook's token",
            cast::webhook_token().as_str().to_owned(),
        ),
    ];
    let mut hidden = hidden.into_iter();
    let found = hidden.find(|(_, word)| text.contains(&word.to_lowercase()));
    found.map(|(what, _)| what)
}

#[cfg(test)]
mod tests {
    use super::given_away;
    use crate::cast;

    #[test]
    fn the_carrier_its_accounts_and_secrets_are_found_however_they_are_written() {
        let account = cast::account();
        for (text, what) in [
            ("number not known at SignalWire", "the carrier"),
            (account.as_str(), "an account at the carrier"),
            (cast::API_TOKEN, "an API token"),
            (cast::SIGNING_KEY, "a signing key"),
            ("/wht_00000000000000000000000001", "a webhook's token"),
        ] {
            assert_eq!(given_away(&format!("{{\"x\":\"{text}\"}}")), Some(what));
        }
        assert_eq!(given_away("{\"label\":\"Front desk\"}"), None);
    }
}
