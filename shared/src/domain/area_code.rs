//! Area codes: the first three digits of a North American number.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A North American area code, `[2-9]XX`, never an `N11` service code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode([u8; 3]);

/// Why a text is not an area code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAreaCode {
    /// Not three digits.
    #[error("an area code has three digits, for example 512")]
    NotThreeDigits,
    /// `0XX`, `1XX` or a service code such as 911.
    #[error("this area code cannot have phone numbers; try one such as 512")]
    NotGeographic,
}

/// Where numbers of an area code ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// The United States (its states and the District of Columbia) or Canada.
    Mainland,
    /// A Caribbean or Pacific country or territory: calls and texts there cost
    /// many times the domestic price, which is what toll fraud lives on.
    Overseas,
    /// Toll-free.
    TollFree,
    /// 900 and personal numbers (5XX): the caller pays a premium.
    Premium,
}

/// Area codes of the NANP outside the United States and Canada (NANPA, 2026).
const OVERSEAS: [&str; 27] = [
    "242", "246", "264", "268", "284", "340", "345", "441", "473", "649", "658", "664", "670",
    "671", "684", "721", "758", "767", "784", "787", "809", "829", "849", "868", "869", "876",
    "939",
];

/// Toll-free area codes in service.
const TOLL_FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

/// Premium, personal and other non-geographic codes, where the caller pays more: 900,
/// the 5XX personal numbers in service, 700, and Canada's 600s (NANPA and CNAC, 2026).
const PREMIUM: [&str; 20] = [
    "500", "521", "522", "523", "524", "525", "526", "527", "528", "529", "533", "544", "566",
    "577", "588", "600", "622", "633", "700", "900",
];

impl AreaCode {
    /// The three digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What kind of place this code reaches.
    #[must_use]
    pub fn region(self) -> Region {
        let code = self.as_str();
        if OVERSEAS.contains(&code) {
            Region::Overseas
        } else if TOLL_FREE.contains(&code) {
            Region::TollFree
        } else if PREMIUM.contains(&code) {
            Region::Premium
        } else {
            Region::Mainland
        }
    }

    /// The toll-free codes in service.
    pub fn toll_free() -> impl Iterator<Item = Self> {
        TOLL_FREE.into_iter().map(Self::of_valid)
    }

    /// The code in digits that were already validated as part of a number.
    pub(super) fn of_valid(digits: &str) -> Self {
        Self(digits.as_bytes().try_into().unwrap_or(*b"200"))
    }
}

impl FromStr for AreaCode {
    type Err = InvalidAreaCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: [u8; 3] = text
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidAreaCode::NotThreeDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidAreaCode::NotThreeDigits);
        }
        let [first, rest @ ..] = digits;
        if first < b'2' || rest == *b"11" {
            return Err(InvalidAreaCode::NotGeographic);
        }
        Ok(Self(digits))
    }
}

impl TryFrom<String> for AreaCode {
    type Error = InvalidAreaCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{AreaCode, InvalidAreaCode, Region};

    #[track_caller]
    fn check(text: &str, expected: Result<Region, InvalidAreaCode>) {
        assert_eq!(text.parse::<AreaCode>().map(AreaCode::region), expected);
    }

    #[test]
    fn codes_know_where_they_ring() {
        check("512", Ok(Region::Mainland));
        check("416", Ok(Region::Mainland));
        check("876", Ok(Region::Overseas));
        check("888", Ok(Region::TollFree));
        check("900", Ok(Region::Premium));
        check("588", Ok(Region::Premium));
        check("600", Ok(Region::Premium));
    }

    #[test]
    fn other_texts_say_why_not() {
        check("12", Err(InvalidAreaCode::NotThreeDigits));
        check("5124", Err(InvalidAreaCode::NotThreeDigits));
        check("abc", Err(InvalidAreaCode::NotThreeDigits));
        check("911", Err(InvalidAreaCode::NotGeographic));
        check("112", Err(InvalidAreaCode::NotGeographic));
    }
}
