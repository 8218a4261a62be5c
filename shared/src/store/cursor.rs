//! Where a list goes on. A cursor names a place inside the caller's own partition,
//! so a forged one reads nothing of anybody else's.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// An opaque place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub(crate) Vec<String>);

/// A text that is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this cursor is not one we gave out")]
pub struct InvalidCursor;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; absent on the last.
    pub next: Option<Cursor>,
}

/// No cursor of ours is longer, in characters.
const LENGTH_MAX: usize = 512;

/// Separates the parts; no key contains it.
const SEPARATOR: char = '\n';

/// The first part of every cursor: one that was tampered with rarely keeps it.
const MARK: &str = "c1";

impl Cursor {
    /// The cursor as clients carry it.
    #[must_use]
    pub fn encode(&self) -> String {
        let parts: Vec<&str> = [MARK]
            .into_iter()
            .chain(self.0.iter().map(String::as_str))
            .collect();
        URL_SAFE_NO_PAD.encode(parts.join(&SEPARATOR.to_string()))
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LENGTH_MAX {
            return Err(InvalidCursor);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        let joined = String::from_utf8(bytes).map_err(|_| InvalidCursor)?;
        let mut parts = joined.split(SEPARATOR).map(ToOwned::to_owned);
        match parts.next() {
            Some(mark) if mark == MARK => Ok(Self(parts.collect())),
            Some(_) | None => Err(InvalidCursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cursor, InvalidCursor};

    proptest! {
        #[test]
        fn what_is_given_out_comes_back(parts in proptest::collection::vec("[A-Z#a-z0-9_]{0,40}", 1..4)) {
            let cursor = Cursor(parts);
            prop_assert_eq!(cursor.encode().parse(), Ok(cursor));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let read: Result<Cursor, InvalidCursor> = text.parse();
            prop_assert!(read.is_err() || text.starts_with("Yz"));
        }
    }
}
