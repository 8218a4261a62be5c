//! ZIP codes of the United States.

use std::{fmt, str::FromStr};

use super::{AreaCode, Table, area};

/// `10001 10099 212`: the first and the last ZIP code of a run, and an area code of
/// their place. ZIP codes that nobody has may lie in between.
pub(super) const ZIPS: Table = Table::new(include_str!("zip-codes.txt"));

/// The five digits of a ZIP code.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ZipCode([u8; 5]);

/// A text that is no ZIP code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a ZIP code has five digits, for example 78701")]
pub struct InvalidZip;

impl ZipCode {
    /// The five digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The area codes of its place: the one that is there the longest, then those that
    /// overlay it. None if there is no such ZIP code.
    ///
    /// Where areas meet within one ZIP code, these are the codes of the one whose middle
    /// is nearer; the other is a neighbour.
    #[must_use]
    pub fn area_codes(self) -> Vec<AreaCode> {
        self.area_code().map_or_else(Vec::new, |code| {
            let overlays = area(code).map_or_else(Vec::new, |area| area.overlays);
            [vec![code], overlays].concat()
        })
    }

    fn area_code(self) -> Option<AreaCode> {
        let mut columns = ZIPS.at_or_before(self.as_str())?.split(' ').skip(1);
        let last = columns.next()?;
        let code = columns.next()?.parse().ok()?;
        (self.as_str() <= last).then_some(code)
    }
}

impl FromStr for ZipCode {
    type Err = InvalidZip;

    /// Five digits; the four of a ZIP+4 may follow and tell nothing here.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (five, four) = text.split_once('-').unwrap_or((text, "0000"));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if four.len() != 4 || !digits(four) || !digits(five) {
            return Err(InvalidZip);
        }
        let five = five.as_bytes().try_into().map_err(|_| InvalidZip)?;
        Ok(Self(five))
    }
}

impl fmt::Debug for ZipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
