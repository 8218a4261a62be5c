//! Identifiers: a prefix that names the kind, then 26 characters that sort by time.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`, and it sorts as its values do.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters after the prefix: 48 bits of time and 80 of chance (or 128 of a digest).
const LENGTH: usize = 26;

/// A text that is not an identifier of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct InvalidId;

/// Writes 128 bits as 26 characters.
fn encode(bits: u128) -> String {
    (0..LENGTH)
        .rev()
        .map(|place| {
            let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or(0);
            char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
        })
        .collect()
}

/// The 26 characters of a new identifier made at `now`.
fn sortable(now: Timestamp, chance: u128) -> String {
    let millis = u128::from(u64::try_from(now.as_millis()).unwrap_or(0));
    encode((millis << 80) | (chance & ((1 << 80) - 1)))
}

fn is_body(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|b| ALPHABET.contains(&b))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new identifier that sorts by `now`; `chance` makes it unique.
            #[must_use]
            pub fn new(now: Timestamp, chance: u128) -> Self {
                Self(format!(concat!($prefix, "_{}"), sortable(now, chance)))
            }

            /// The identifier that belongs to `digest`: the same for the same bits.
            #[must_use]
            pub fn derived(digest: u128) -> Self {
                Self(format!(concat!($prefix, "_{}"), encode(digest)))
            }

            /// The identifier's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                match text.strip_prefix(concat!($prefix, "_")) {
                    Some(body) if is_body(body) => Ok(Self(text.to_owned())),
                    Some(_) | None => Err(InvalidId),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A workspace: the tenant.
    WorkspaceId = "ws";
    /// A member of a workspace; derived from issuer and subject.
    MemberId = "mem";
    /// An order.
    OrderId = "ord";
    /// A number that is or was owned.
    NumberId = "num";
    /// A message; of an outgoing one, derived from its idempotency key.
    MessageId = "msg";
    /// A conversation; derived from workspace, our number and theirs.
    ConversationId = "cnv";
    /// A call; derived from the carrier's name for it.
    CallId = "cll";
    /// One attempt at a step: the intent's name, and the mark of its write.
    AttemptId = "att";
    /// One worker's hold on an order.
    LeaseId = "lea";
    /// What a carrier's webhook URL carries instead of an account's name.
    WebhookToken = "wht";
    /// One change of one item; derived from the stream's record of it.
    ChangeId = "chg";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{OrderId, Timestamp, WorkspaceId};

    #[test]
    fn the_prefix_names_the_kind() {
        let order = OrderId::new(Timestamp::from_millis(1_795_240_800_000), 7);
        assert_eq!(order.as_str(), "ord_01m7yb1br00000000000000007");
        assert!(order.as_str().parse::<WorkspaceId>().is_err());
        assert_eq!(order.as_str().parse(), Ok(order));
    }

    proptest! {
        #[test]
        fn later_identifiers_sort_later(at in 0_i64..2_000_000_000_000, a: u128, b: u128) {
            let earlier = OrderId::new(Timestamp::from_millis(at), a);
            let later = OrderId::new(Timestamp::from_millis(at + 1), b);
            prop_assert!(earlier < later);
        }

        #[test]
        fn any_text_is_an_identifier_or_refused(text in "\\PC*") {
            if let Ok(id) = text.parse::<OrderId>() {
                prop_assert_eq!(id.as_str(), text.as_str());
            }
        }
    }
}
