//! Numbers that spell something: letters as they stand on a telephone's keys.

use std::fmt;

use super::e164::E164;

/// Fewest keys of a pattern: one digit is in nearly every number.
const KEYS_MIN: usize = 2;
/// The digits after the area code, among which a pattern is looked for.
const KEYS_MAX: usize = 7;

/// What stands between keys and means nothing.
const BETWEEN: [char; 6] = [' ', '-', '.', '(', ')', '/'];

/// A row of keys that a number has after its area code. A letter is the digit on its
/// key, and `*` is any one digit: `555-ACME` is 5552263, `7*7*7` is five keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Digits and stars.
    keys: String,
    position: Position,
}

/// Where in a number a pattern is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Anywhere after the area code.
    Anywhere,
    /// Its last digits.
    End,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// A character that is on no key.
    #[error("a pattern has digits, letters, and * for any one digit, for example 555-ACME")]
    NoKey,
    /// Fewer than two keys.
    #[error("a pattern has at least two digits or letters")]
    TooShort,
    /// More than follow an area code.
    #[error("a pattern has at most seven digits or letters: those after the area code")]
    TooLong,
    /// Nothing but stars.
    #[error("a pattern needs a digit or a letter beside *")]
    OnlyStars,
}

impl Pattern {
    /// The pattern that people write as `text`, at `position`.
    pub fn new(text: &str, position: Position) -> Result<Self, InvalidPattern> {
        let written = text.chars().filter(|letter| !BETWEEN.contains(letter));
        let keys: Option<String> = written.map(key).collect();
        let keys = keys.ok_or(InvalidPattern::NoKey)?;
        match keys.len() {
            0..KEYS_MIN => Err(InvalidPattern::TooShort),
            KEYS_MIN..=KEYS_MAX if keys.bytes().all(|key| key == b'*') => {
                Err(InvalidPattern::OnlyStars)
            }
            KEYS_MIN..=KEYS_MAX => Ok(Self { keys, position }),
            _ => Err(InvalidPattern::TooLong),
        }
    }

    /// Where it is looked for.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Whether `number` has it.
    #[must_use]
    pub fn fits(&self, number: &E164) -> bool {
        let digits = number.as_str().as_bytes();
        let after_area_code = digits.get(digits.len().saturating_sub(KEYS_MAX)..);
        let digits = after_area_code.unwrap_or_default();
        let mut places = digits.windows(self.keys.len());
        match self.position {
            Position::Anywhere => places.any(|place| self.is_at(place)),
            Position::End => places.next_back().is_some_and(|place| self.is_at(place)),
        }
    }

    fn is_at(&self, digits: &[u8]) -> bool {
        let mut pairs = self.keys.bytes().zip(digits);
        pairs.all(|(key, digit)| key == b'*' || key == *digit)
    }

    /// Its digits, if it is nothing else: what carriers can be asked for.
    #[must_use]
    pub fn digits(&self) -> Option<&str> {
        (!self.keys.contains('*')).then_some(&self.keys)
    }

    /// Its longest row of digits without a star: what a number that has it surely has.
    #[must_use]
    pub fn longest_row(&self) -> &str {
        let rows = self.keys.split('*');
        rows.max_by_key(|row| row.len()).unwrap_or_default()
    }
}

/// The key that a letter is on (ITU-T E.161), a digit or a star as it is.
const fn key(letter: char) -> Option<char> {
    Some(match letter.to_ascii_lowercase() {
        same @ ('0'..='9' | '*') => same,
        'a'..='c' => '2',
        'd'..='f' => '3',
        'g'..='i' => '4',
        'j'..='l' => '5',
        'm'..='o' => '6',
        'p'..='s' => '7',
        't'..='v' => '8',
        'w'..='z' => '9',
        _ => return None,
    })
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Position::Anywhere => f.write_str(&self.keys),
            Position::End => write!(f, "{}$", self.keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{E164, InvalidPattern, Pattern, Position};

    fn anywhere(text: &str) -> Result<Pattern, InvalidPattern> {
        Pattern::new(text, Position::Anywhere)
    }

    #[track_caller]
    fn check(text: &str, expected: Result<&str, InvalidPattern>) {
        let read = anywhere(text).map(|pattern| format!("{pattern:?}"));
        assert_eq!(read.as_deref(), expected.as_ref().copied(), "{text}");
    }

    #[track_caller]
    fn fits(text: &str, position: Position, number: &str, expected: bool) {
        let number: E164 = number.parse().unwrap();
        let pattern = Pattern::new(text, position).unwrap();
        assert_eq!(pattern.fits(&number), expected, "{text} in {number}");
    }

    #[test]
    fn letters_stand_for_the_keys_they_are_on() {
        check("555-ACME", Ok("5552263"));
        check("(flowers)", Ok("3569377"));
        check("pqrs", Ok("7777"));
        check("WXYZ", Ok("9999"));
        check("7*7*7", Ok("7*7*7"));
        check("1.2", Ok("12"));
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        check("", Err(InvalidPattern::TooShort));
        check("-", Err(InvalidPattern::TooShort));
        check("5", Err(InvalidPattern::TooShort));
        check("512-555-ACME", Err(InvalidPattern::TooLong));
        check("***", Err(InvalidPattern::OnlyStars));
        check("ACME!", Err(InvalidPattern::NoKey));
        check("55?", Err(InvalidPattern::NoKey));
        check("übe", Err(InvalidPattern::NoKey));
    }

    #[test]
    fn a_pattern_is_looked_for_after_the_area_code() {
        let number = "+15125552263";
        fits("555-ACME", Position::Anywhere, number, true);
        fits("acme", Position::Anywhere, number, true);
        fits("5*5*2", Position::Anywhere, number, true);
        fits("512", Position::Anywhere, number, false);
        fits("255", Position::Anywhere, number, false);
        fits("ACME", Position::End, number, true);
        fits("2*63", Position::End, number, true);
        fits("226", Position::End, number, false);
    }

    #[test]
    fn the_longest_row_has_no_star() {
        assert_eq!(anywhere("12*345*").unwrap().longest_row(), "345");
        assert_eq!(anywhere("*1").unwrap().longest_row(), "1");
        assert_eq!(anywhere("12*").unwrap().digits(), None);
        assert_eq!(anywhere("12A").unwrap().digits(), Some("122"));
    }

    proptest! {
        #[test]
        fn what_is_spelled_is_what_the_keys_say(word in "[a-zA-Z0-9*]{2,7}") {
            let Ok(pattern) = anywhere(&word) else {
                prop_assert!(word.bytes().all(|letter| letter == b'*'));
                return Ok(());
            };
            let apart: Vec<String> = word.chars().map(String::from).collect();
            prop_assert_eq!(&anywhere(&apart.join("-")).unwrap(), &pattern);
            prop_assert_eq!(&anywhere(&word.to_uppercase()).unwrap(), &pattern);
            let keys = format!("{pattern:?}");
            prop_assert_eq!(&anywhere(&keys).unwrap(), &pattern);
            prop_assert!(keys.contains(pattern.longest_row()));
        }

        #[test]
        fn every_part_of_a_number_is_found_in_it(line in 2_000_000_u32..9_999_999, from in 0_usize..5) {
            let Ok(number) = format!("+1512{line}").parse::<E164>() else {
                return Ok(());
            };
            let digits = line.to_string();
            let part = &digits[from..];
            prop_assert!(Pattern::new(part, Position::End).unwrap().fits(&number));
            let part = &digits[from..from + 2];
            prop_assert!(anywhere(part).unwrap().fits(&number));
        }
    }
}
