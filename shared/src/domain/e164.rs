//! Phone numbers of the North American Numbering Plan (NANP).
//!
//! Written by hand because the general `phonenumber` crate costs 45–67 ms on its
//! first use, more than a whole cold start here; it is the oracle of the tests.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::area_code::AreaCode;

/// A North American number in E.164: `+1`, area code, exchange, line.
///
/// Area code and exchange match `[2-9]XX` and neither is an `N11` service code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct E164(String);

/// Why a text is not a number Numberline can buy, text or route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidE164 {
    /// Not `+` and digits.
    #[error("write the number as + and digits, for example +15125550123")]
    NotE164,
    /// A country calling code other than 1.
    #[error("only North American numbers (+1 and ten digits) are supported")]
    NotNorthAmerican,
    /// Eleven digits that the numbering plan cannot assign.
    #[error("no such number exists in the North American numbering plan")]
    Unassignable,
}

impl E164 {
    /// The number in E.164, for example `+15125550123`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The area code this number lies in.
    #[must_use]
    pub fn area_code(&self) -> AreaCode {
        AreaCode::of_valid(self.digits(0))
    }

    /// The number as people here write it: `(512) 555-0123`.
    #[must_use]
    pub fn display(&self) -> String {
        format!(
            "({}) {}-{}",
            self.digits(0),
            self.digits(3),
            self.0.get(8..).unwrap_or_default()
        )
    }

    /// Three digits of the ten national ones, from `start`.
    fn digits(&self, start: usize) -> &str {
        self.0.get(start + 2..start + 5).unwrap_or_default()
    }
}

impl FromStr for E164 {
    type Err = InvalidE164;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('+').ok_or(InvalidE164::NotE164)?;
        if digits.len() < 7 || digits.len() > 15 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidE164::NotE164);
        }
        let national = match digits.strip_prefix('1') {
            Some(national) if national.len() == 10 => national,
            Some(_) | None => return Err(InvalidE164::NotNorthAmerican),
        };
        let exchange = national.get(3..6).unwrap_or_default();
        let area: Result<AreaCode, _> = national.get(..3).unwrap_or_default().parse();
        if area.is_err() || !is_exchange(exchange) {
            return Err(InvalidE164::Unassignable);
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_exchange(digits: &str) -> bool {
    digits.starts_with(|first: char| ('2'..='9').contains(&first)) && !digits.ends_with("11")
}

impl TryFrom<String> for E164 {
    type Error = InvalidE164;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<E164> for String {
    fn from(number: E164) -> Self {
        number.0
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{E164, InvalidE164};

    #[track_caller]
    fn check(text: &str, expected: Result<&str, InvalidE164>) {
        let parsed = text.parse::<E164>().map(|number| number.display());
        assert_eq!(parsed.as_deref(), expected.as_ref().copied());
    }

    #[test]
    fn north_american_numbers_are_read_and_displayed() {
        check("+15125550123", Ok("(512) 555-0123"));
        check("+12125550100", Ok("(212) 555-0100"));
    }

    #[test]
    fn everything_else_says_why_not() {
        check("", Err(InvalidE164::NotE164));
        check("5125550123", Err(InvalidE164::NotE164));
        check("+1512555012a", Err(InvalidE164::NotE164));
        check("+1512٥550123", Err(InvalidE164::NotE164));
        check("+442071838750", Err(InvalidE164::NotNorthAmerican));
        check("+151255501234", Err(InvalidE164::NotNorthAmerican));
        check("+11125550123", Err(InvalidE164::Unassignable));
        check("+19115550123", Err(InvalidE164::Unassignable));
        check("+15121550123", Err(InvalidE164::Unassignable));
        check("+15129110123", Err(InvalidE164::Unassignable));
    }

    #[test]
    fn the_area_code_is_the_first_three_digits() {
        let number: E164 = "+15125550123".parse().unwrap();
        assert_eq!(number.area_code().as_str(), "512");
    }
}
