//! Where a list goes on. A cursor names a place inside the caller's own partition,
//! so a forged one reads nothing of anybody else's.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// An opaque place in a list of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    list: String,
    place: Vec<String>,
}

/// A text that is no cursor of ours, or one of another list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this cursor is not one we gave out for this list")]
pub struct InvalidCursor;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; absent on the last.
    pub next: Option<Cursor>,
    /// From where on to ask for what is newer, in lists that can be asked so.
    pub latest: Option<Cursor>,
}

impl<T> Listed<T> {
    /// A list that has one page.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next: None,
            latest: None,
        }
    }

    /// The same page with each thing read by `read`.
    pub(super) fn try_map<U, E>(self, read: impl Fn(&T) -> Result<U, E>) -> Result<Listed<U>, E> {
        Ok(Listed {
            items: self.items.iter().map(read).collect::<Result<_, _>>()?,
            next: self.next,
            latest: self.latest,
        })
    }
}

/// No cursor of ours is longer, in characters.
const LENGTH_MAX: usize = 512;

/// Separates the parts; no key contains it.
const SEPARATOR: &str = "\n";

/// The first part of every cursor: one that was tampered with rarely keeps it.
const MARK: &str = "c1";

impl Cursor {
    /// A place in the list called `list`.
    pub(super) fn new(list: &str, place: Vec<String>) -> Self {
        Self {
            list: list.to_owned(),
            place,
        }
    }

    /// The place, if it is one in `list` and has as many parts as places there have.
    pub(super) fn place<const PARTS: usize>(
        &self,
        list: &str,
    ) -> Result<&[String; PARTS], InvalidCursor> {
        let place = self.place.as_slice().try_into();
        place
            .ok()
            .filter(|_| self.list == list)
            .ok_or(InvalidCursor)
    }

    /// The cursor as clients carry it.
    #[must_use]
    pub fn encode(&self) -> String {
        let parts: Vec<&str> = [MARK, &self.list]
            .into_iter()
            .chain(self.place.iter().map(String::as_str))
            .collect();
        URL_SAFE_NO_PAD.encode(parts.join(SEPARATOR))
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
        match (parts.next().as_deref(), parts.next()) {
            (Some(MARK), Some(list)) => {
                let place: Vec<String> = parts.collect();
                let whole = place.iter().all(|part| !part.is_empty());
                whole.then_some(Self { list, place }).ok_or(InvalidCursor)
            }
            (Some(_) | None, _) => Err(InvalidCursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cursor, InvalidCursor};

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let cursor = Cursor::new("ORDER#", vec!["ord_1".to_owned()]);
        assert!(cursor.place::<1>("ORDER#").is_ok());
        assert_eq!(cursor.place::<1>("NUMBER#"), Err(InvalidCursor));
        assert_eq!(cursor.place::<2>("ORDER#"), Err(InvalidCursor));
    }

    proptest! {
        #[test]
        fn what_is_given_out_comes_back(place in proptest::collection::vec("[A-Z#a-z0-9_]{1,40}", 1..4)) {
            let cursor = Cursor::new("ORDER#", place);
            prop_assert_eq!(cursor.encode().parse(), Ok(cursor));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let read: Result<Cursor, InvalidCursor> = text.parse();
            prop_assert!(read.is_err() || text.starts_with("Yz"));
        }
    }
}
