//! The proof that what is posted to our public address arrives, and arrives for
//! the right workspace.
//!
//! A carrier signs its webhooks with a key that only it and `webhook-inbound` have.
//! A probe is signed with a key made from that one, so whoever verifies can make a
//! probe but no webhook. The answer holds no name: it is a proof of what the receiver
//! saw, and only who expects the same can tell that it is right.
//!
//! A probe changes nothing, is bound to one address and to half a minute, and its
//! answer to its nonce. So there is nothing to gain from sending it again.

use std::{fmt, time::Duration};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{
    e164::E164,
    id::{WebhookToken, WorkspaceId},
    time::Timestamp,
    verify::VerifyCode,
};

/// The header with a probe's signature, in lower-case hex.
pub const HEADER: &str = "x-numberline-probe";

/// How far the clocks of sender and receiver may be apart, the way included.
pub const WINDOW: Duration = Duration::from_secs(30);

/// What a probe is signed with. Prints as `***`.
#[derive(Clone)]
pub struct ProbeKey(SecretString);

/// What a probe says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probe {
    /// Drawn for this probe alone: an answer to another one does not fit.
    pub nonce: String,
    /// When it was sent.
    pub at: Timestamp,
    /// The number whose events are asked about.
    pub to: E164,
}

/// What a proven probe is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Echo {
    /// Proves the address at which it was seen to arrive: carriers sign that.
    pub address: String,
    /// Proves the workspace that has the number; absent if none has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
}

/// Why a probe is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotProven {
    /// It is not signed with the key of this address.
    #[error("the probe is not signed with the key of this address")]
    Signature,
    /// It is signed and says nothing that can be read.
    #[error("the probe cannot be read")]
    Unreadable,
    /// It was sent too long ago, or is still to be sent.
    #[error("the probe is not of this time")]
    Stale,
}

/// What is expected of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The address it was posted to.
    pub address: &'a str,
    /// The workspace that has the number.
    pub workspace: &'a WorkspaceId,
}

impl ProbeKey {
    /// The key that belongs to an account's webhook key. There is no way back.
    #[must_use]
    pub fn derived(webhook_key: &str) -> Self {
        let secret = SecretString::from(webhook_key.to_owned());
        Self(SecretString::from(mac(&secret, &["probe key", "1"])))
    }

    /// Wraps a key that was derived before.
    #[must_use]
    pub fn new(key: String) -> Self {
        Self(SecretString::from(key))
    }

    /// The key, for the one place that keeps it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ProbeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The signature of a probe's `body` on its way to the address with `token`.
#[must_use]
pub fn signature(key: &ProbeKey, token: &WebhookToken, body: &str) -> String {
    mac(&key.0, &["probe", token.as_str(), body])
}

impl Probe {
    /// Reads a probe that arrived at the address with `token`: its signature first.
    pub fn read(
        key: &ProbeKey,
        token: &WebhookToken,
        body: &[u8],
        signed: &str,
        now: Timestamp,
    ) -> Result<Self, NotProven> {
        let body = std::str::from_utf8(body).map_err(|_| NotProven::Signature)?;
        if !same(&signature(key, token, body), signed) {
            return Err(NotProven::Signature);
        }
        let probe: Self = serde_json::from_str(body).map_err(|_| NotProven::Unreadable)?;
        let fresh = probe.at <= now.plus(WINDOW) && now <= probe.at.plus(WINDOW);
        if fresh {
            Ok(probe)
        } else {
            Err(NotProven::Stale)
        }
    }

    /// The number a probe says it asks about, before anything is believed: only good
    /// for reading its claim beside the key.
    #[must_use]
    pub fn addressee(body: &[u8]) -> Option<E164> {
        serde_json::from_slice::<Self>(body)
            .ok()
            .map(|probe| probe.to)
    }

    /// The answer of who saw it arrive at `address` for a number of `workspace`.
    #[must_use]
    pub fn echo(&self, key: &ProbeKey, address: &str, workspace: Option<&WorkspaceId>) -> Echo {
        Echo {
            address: mac(&key.0, &["address", &self.nonce, address]),
            workspace: workspace.map(|id| mac(&key.0, &["workspace", &self.nonce, id.as_str()])),
        }
    }

    /// What is wrong with an answer.
    #[must_use]
    pub fn judge(
        &self,
        key: &ProbeKey,
        answer: &Echo,
        expected: Expected<'_>,
    ) -> Option<VerifyCode> {
        let right = self.echo(key, expected.address, Some(expected.workspace));
        let of = |workspace: &Option<String>| workspace.clone().unwrap_or_default();
        if !same(&right.address, &answer.address) {
            Some(VerifyCode::ProbeAddressMismatch)
        } else if !same(&of(&right.workspace), &of(&answer.workspace)) {
            Some(VerifyCode::ProbeWrongWorkspace)
        } else {
            None
        }
    }
}

/// Takes the same time wherever the two differ.
fn same(right: &str, given: &str) -> bool {
    right.as_bytes().ct_eq(given.as_bytes()).into()
}

/// HMAC-SHA256 in lower-case hex over `parts`, each preceded by its length, so that
/// no two lists of parts read the same. The first part says what it is for.
fn mac(key: &SecretString, parts: &[&str]) -> String {
    // HMAC takes keys of any length; were one refused, nothing would fit.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else {
        return String::new();
    };
    for part in parts {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        mac.update(&length.to_be_bytes());
        mac.update(part.as_bytes());
    }
    let bytes = mac.finalize().into_bytes();
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests;
