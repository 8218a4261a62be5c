//! SIP credentials: what a phone registers with.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{carrier::account::SipPassword, domain::E164};

/// The longest user name: Kamailio's tables hold 64 characters (its SQL schema,
/// 2026-08-21), and no carrier we know of is narrower.
const USERNAME_MAX: usize = 64;

/// A carrier's name for a SIP credential.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SipCredentialId(String);

impl SipCredentialId {
    /// Takes the carrier's text as it is.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The carrier's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The user part of a SIP address, chosen by us: letters in lower case, digits,
/// `-`, `_` and `.`. Narrower than what carriers take, so that a name is spelled
/// in one way only and stands in an address as it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SipUsername(String);

/// A text that cannot be the user part of a SIP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SIP user name: 1 to 64 of a-z, 0-9, `-`, `_` and `.`")]
pub struct InvalidSipUsername;

impl SipUsername {
    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SipUsername {
    type Error = InvalidSipUsername;

    fn try_from(text: String) -> Result<Self, InvalidSipUsername> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
        if (1..=USERNAME_MAX).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(InvalidSipUsername)
        }
    }
}

impl FromStr for SipUsername {
    type Err = InvalidSipUsername;

    fn from_str(text: &str) -> Result<Self, InvalidSipUsername> {
        text.to_owned().try_into()
    }
}

impl From<SipUsername> for String {
    fn from(name: SipUsername) -> Self {
        name.0
    }
}

impl fmt::Display for SipUsername {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SipUsername {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A SIP credential to be made.
#[derive(Clone, Debug)]
pub struct SipCredentialRequest {
    /// Our name for the line; no two of an account are the same.
    pub username: SipUsername,
    /// What the phone proves itself with. Made by us, because no carrier shows it again.
    pub password: SipPassword,
    /// The number that people who are called see: one that the account owns.
    pub caller_id: E164,
    /// The name they see, where their network shows one; without it, the number.
    pub display_name: Option<String>,
}

/// A SIP credential as the carrier has it, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipCredential {
    /// The carrier's name for it.
    pub id: SipCredentialId,
    /// What the phone registers as.
    pub username: SipUsername,
    /// The host it registers at, as the carrier says it.
    pub registrar: String,
}

#[cfg(test)]
mod tests {
    use super::{InvalidSipUsername, SipCredentialRequest, SipPassword, SipUsername};

    #[test]
    fn a_user_name_is_spelled_in_one_way() {
        let longest = "x".repeat(64);
        for name in ["line_01jd3q5k8w2v", "a", "front.desk-2", &longest] {
            let read: SipUsername = name.parse().unwrap();
            assert_eq!(read.to_string(), name);
        }
        let too_long = "x".repeat(65);
        for name in ["", "Line", "a b", "a@b", "a:b", "ü", "a/b", &too_long] {
            assert_eq!(
                name.parse::<SipUsername>(),
                Err(InvalidSipUsername),
                "{name}"
            );
        }
    }

    #[test]
    fn a_request_keeps_its_password_to_itself() {
        let request = SipCredentialRequest {
            username: "line_1".parse().unwrap(),
            password: SipPassword::new("a-secret"),
            caller_id: "+15125550123".parse().unwrap(),
            display_name: None,
        };
        let shown = format!("{request:?}");
        assert!(
            shown.contains("***") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
