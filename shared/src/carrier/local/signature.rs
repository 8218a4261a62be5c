//! Proof that a webhook is from somebody who has the account's key: HMAC-SHA256 over the
//! address, a line feed and the body, in lower-case hex. Any shell with `openssl` can
//! make it, which is how a developer plays the carrier.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use crate::carrier::WebhookKey;

/// The header that carries the signature.
pub const SIGNATURE: &str = "x-numberline-signature";

/// The signature of `body`, posted to `url`, under `key`.
#[must_use]
pub fn sign(key: &WebhookKey, url: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length; were one refused, nothing would fit.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()) else {
        return String::new();
    };
    for part in [url.as_bytes(), b"\n", body] {
        mac.update(part);
    }
    let digest = mac.finalize().into_bytes();
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

/// Whether `signature` was made with one of `keys`. Looks at each for the same time. An
/// empty key is none: everybody has it.
pub(super) fn fits(keys: &[WebhookKey], url: &str, body: &[u8], signature: &str) -> bool {
    let given = signature.as_bytes();
    let keys = keys.iter().filter(|key| !key.expose().trim().is_empty());
    let fits = keys.fold(Choice::from(0), |fits, key| {
        let expected = sign(key, url, body);
        fits | (expected.as_bytes().ct_eq(given) & Choice::from(u8::from(!expected.is_empty())))
    });
    fits.into()
}

#[cfg(test)]
mod tests {
    use super::{WebhookKey, fits, sign};

    const URL: &str = "https://hooks.example.com/webhooks/local/sms/wht_1";
    const BODY: &[u8] = br#"{"event":"message.received"}"#;

    /// `printf '%s\n%s' "$URL" "$BODY" | openssl dgst -sha256 -hmac "$KEY"`
    #[test]
    fn openssl_makes_the_same_signature() {
        let key = WebhookKey::new("0123456789abcdef0123456789abcdef");
        let known = "83a1cd86f041579e9ec633f4382ed03d4e204198f9d0c30356ba9c1b420b686b";
        assert_eq!(sign(&key, URL, BODY), known);
        assert!(fits(std::slice::from_ref(&key), URL, BODY, known));
    }

    #[test]
    fn nothing_fits_without_a_key_or_a_signature() {
        let key = WebhookKey::new("0123456789abcdef0123456789abcdef");
        assert!(!fits(&[], URL, BODY, ""));
        assert!(!fits(std::slice::from_ref(&key), URL, BODY, ""));
        let empty = WebhookKey::new("");
        let signature = sign(&empty, URL, BODY);
        assert!(!fits(&[empty], URL, BODY, &signature));
    }
}
