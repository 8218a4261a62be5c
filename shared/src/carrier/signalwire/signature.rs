//! Proof that a webhook came from SignalWire: an HMAC-SHA1 under the signing key
//! of the project that owns the number, never under its API token.
//!
//! One header name, two schemes. Forms (cXML) are signed as base64 over the URL
//! and the sorted fields; JSON as lower-case hex over the URL and the raw body.
//! JSON on a cXML address is the third case: base64 over the URL alone, which
//! then carries the body's hash. Known answers: `signalwire-signatures.json`.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::carrier::WebhookKey;

/// The query parameter that carries the hash of a JSON body.
const BODY_HASH: &str = "bodySHA256";

/// A webhook and what it is said to be signed with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed<'a> {
    /// The address it was posted to, as the carrier knows it.
    pub(super) url: &'a str,
    /// Its body, as it came.
    pub(super) body: &'a [u8],
    /// The signature that came with it.
    pub(super) signature: &'a str,
}

impl Signed<'_> {
    /// Whether the fields of a form were signed with one of `keys`.
    ///
    /// Repeated fields count as often as they were sent, in that order: here
    /// SignalWire differs from Twilio, whose format this is.
    pub(super) fn is_authentic_form(self, keys: &[WebhookKey]) -> bool {
        if std::str::from_utf8(self.body).is_err() {
            return false;
        }
        let mut fields: Vec<_> = form_urlencoded::parse(self.body).collect();
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        let fields: String = fields
            .into_iter()
            .flat_map(|(name, value)| [name, value])
            .collect();
        let expected = spellings(self.url).flat_map(|url| {
            let signed = format!("{url}{fields}");
            let macs = keys.iter().map(move |key| mac(key, &[signed.as_bytes()]));
            macs.flatten().map(|mac| BASE64_STANDARD.encode(mac))
        });
        self.is_any_of(expected)
    }

    /// Whether a JSON body was signed with one of `keys`.
    pub(super) fn is_authentic_json(self, keys: &[WebhookKey]) -> bool {
        let url = self.url.as_bytes();
        if let Some(hash) = body_hash(self.url) {
            let actual = hex(&Sha256::digest(self.body));
            let macs = keys.iter().filter_map(|key| mac(key, &[url]));
            actual == hash && self.is_any_of(macs.map(|mac| BASE64_STANDARD.encode(mac)))
        } else {
            let macs = keys.iter().filter_map(|key| mac(key, &[url, self.body]));
            self.is_any_of(macs.map(|mac| hex(&mac)))
        }
    }

    /// Looks at every candidate for the same time, whichever fits.
    fn is_any_of(self, expected: impl Iterator<Item = String>) -> bool {
        let given = self.signature.as_bytes();
        expected
            .fold(Choice::from(0), |fits, one| {
                fits | one.as_bytes().ct_eq(given)
            })
            .into()
    }
}

/// The code of `parts` under `key`. Under a blank one there is none: everybody has it.
fn mac(key: &WebhookKey, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let key = key.expose();
    if key.trim().is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The hash in the address of a JSON webhook on a cXML address.
fn body_hash(url: &str) -> Option<Cow<'_, str>> {
    let (_, query) = url.split_once('?')?;
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == BODY_HASH)
        .map(|(_, hash)| hash)
}

/// The ways to write `url`: proxies add and drop the default port, and the carrier
/// signed one of both.
fn spellings(url: &str) -> impl Iterator<Item = Cow<'_, str>> {
    [Some(Cow::Borrowed(url)), with_other_port(url)]
        .into_iter()
        .flatten()
}

/// `url` with the default port of its scheme written out, or left out if it was
/// written. Another port has no other spelling.
fn with_other_port(url: &str) -> Option<Cow<'_, str>> {
    let (scheme, rest) = url.split_once("://")?;
    let default = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.strip_suffix(default) {
        Some(host) => Some(format!("{scheme}://{host}{path}").into()),
        None if has_port(authority) => None,
        None => Some(format!("{scheme}://{authority}{default}{path}").into()),
    }
}

/// Whether a port is written; the colons inside `[::1]` are none.
fn has_port(authority: &str) -> bool {
    let after_address = authority.rsplit(']').next().unwrap_or(authority);
    after_address.contains(':')
}

#[cfg(test)]
mod tests;
