//! Signatures of webhooks: two schemes under one header.
//!
//! Always with the signing key of the project that owns the number, never
//! with an API token.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// The header both schemes use.
pub(super) const HEADER: &str = "x-signalwire-signature";
/// The header JSON webhooks about calls carry beside it.
pub(super) const HEADER_SHA256: &str = "x-signalwire-sha256-signature";

/// Forms (cXML): the URL, then every parameter sorted by name, repeated ones in
/// the order sent; HMAC-SHA1 in base64.
pub(super) fn form(key: &str, url: &str, params: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = params.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut text = url.to_owned();
    for (name, value) in sorted {
        text.push_str(name);
        text.push_str(value);
    }
    STANDARD.encode(sha1(key, text.as_bytes(), b""))
}

/// JSON: the URL, then the body as it is; HMAC-SHA1 in lowercase hex.
pub(super) fn json(key: &str, url: &str, body: &[u8]) -> String {
    hex(&sha1(key, url.as_bytes(), body))
}

/// JSON again, with HMAC-SHA256.
pub(super) fn json_sha256(key: &str, url: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length: the error cannot come.
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_or_else(
        |_| String::new(),
        |mac| {
            hex(&mac
                .chain_update(url)
                .chain_update(body)
                .finalize()
                .into_bytes())
        },
    )
}

fn sha1(key: &str, first: &[u8], second: &[u8]) -> Vec<u8> {
    Hmac::<Sha1>::new_from_slice(key.as_bytes()).map_or_else(
        |_| Vec::new(),
        |mac| {
            let mac = mac.chain_update(first).chain_update(second);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors() -> Vec<Value> {
        let text = include_str!("../../tests/vectors/signalwire.json");
        serde_json::from_str(text).unwrap()
    }

    fn of_scheme(scheme: &str) -> Vec<Value> {
        let mut vectors = vectors();
        vectors.retain(|vector| vector["scheme"].as_str().unwrap().starts_with(scheme));
        vectors
    }

    fn text<'v>(vector: &'v Value, name: &str) -> &'v str {
        vector[name].as_str().unwrap()
    }

    #[test]
    fn forms_are_signed_as_the_carriers_own_sdk_verifies_them() {
        let vectors = of_scheme("B");
        assert_eq!(vectors.len(), 6);
        for vector in vectors {
            let params: Vec<(String, String)> =
                form_urlencoded::parse(vector["form_body"].as_str().unwrap_or_default().as_bytes())
                    .into_owned()
                    .collect();
            let signature = form(
                text(&vector, "signing_key"),
                text(&vector, "signed_url"),
                &params,
            );
            assert_eq!(signature, text(&vector, "signature"), "{}", vector["name"]);
        }
    }

    #[test]
    fn json_is_signed_as_the_carriers_own_sdk_verifies_it() {
        let vectors = of_scheme("A");
        assert_eq!(vectors.len(), 3);
        for vector in vectors {
            let key = text(&vector, "signing_key");
            let url = text(&vector, "signed_url");
            let body = text(&vector, "raw_body").as_bytes();
            let name = text(&vector, "name");
            assert_eq!(
                json(key, url, body),
                text(&vector, "signature_sha1"),
                "{name}"
            );
            let longer = json_sha256(key, url, body);
            assert_eq!(longer, text(&vector, "signature_sha256"), "{name}");
        }
    }
}
