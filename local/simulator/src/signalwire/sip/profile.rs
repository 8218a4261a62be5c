//! The SIP profile of a project: where its phones register, and the defaults of
//! its endpoints.

use serde_json::{Value, json};

/// What an endpoint can be told to encrypt with (API description, 2026-08-21).
pub(super) const CIPHERS: [&str; 5] = [
    "AEAD_AES_256_GCM_8",
    "AES_256_CM_HMAC_SHA1_80",
    "AES_CM_128_HMAC_SHA1_80",
    "AES_256_CM_HMAC_SHA1_32",
    "AES_CM_128_HMAC_SHA1_32",
];

/// What an endpoint can be told to speak (the same).
pub(super) const CODECS: [&str; 6] = ["OPUS", "G722", "PCMU", "PCMA", "VP8", "H264"];

/// Characters of a project's identifier in its domain: enough to tell projects apart.
const IDENTIFIER_LENGTH: usize = 12;

/// The profile as it is shown.
pub(super) fn view(account: &str) -> Value {
    json!({
        "domain": domain(account),
        "domain_identifier": identifier(account),
        "default_codecs": CODECS,
        "default_ciphers": CIPHERS,
        "default_encryption": "optional",
        "default_send_as": null,
    })
}

/// The host that the project's phones register at. The carrier's own name stands
/// in it, under a top-level domain where no phone finds anything.
pub(super) fn domain(account: &str) -> String {
    format!("simulator-{}.sip.signalwire.example", identifier(account))
}

fn identifier(account: &str) -> String {
    let characters = account.chars().filter(char::is_ascii_alphanumeric);
    let identifier: String = characters.take(IDENTIFIER_LENGTH).collect();
    identifier.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn a_project_has_a_domain_of_its_own() {
        let one = domain("7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55");
        assert_eq!(one, "simulator-7b1f6d0a3c52.sip.signalwire.example");
        assert_ne!(one, domain("7b1f6d0a-3c53-4d0e-9a61-0f2f4c1d9e55"));
    }
}
