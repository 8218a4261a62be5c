//! Places as people name them: states, provinces, towns.

use std::{fmt, str::FromStr};

use super::AREAS;

/// Longest name of a town, in characters. The longest of the United States has 45.
const LOCALITY_MAX: usize = 60;

/// A state, province or territory with area codes of its own: two letters, as the
/// post writes it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RegionCode([u8; 2]);

/// Why a text is no region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRegion {
    /// Not two letters.
    #[error("a region is written in two letters, for example TX")]
    NotTwoLetters,
    /// Two letters that no state, province or territory has.
    #[error("no state, province or territory of the United States or Canada has these letters")]
    Unknown,
}

/// A town, as people write its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locality(String);

/// A text that names no town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a locality is the name of a town in at most 60 letters, for example Austin")]
pub struct InvalidLocality;

impl RegionCode {
    /// The two letters, in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether a carrier that writes `name` means this region.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.as_str().eq_ignore_ascii_case(name.trim())
    }

    fn has_area_codes(self) -> bool {
        let regions = AREAS.lines().filter_map(|line| line.split(' ').nth(1));
        regions
            .flat_map(|column| column.split(','))
            .any(|region| region == self.as_str())
    }
}

impl FromStr for RegionCode {
    type Err = InvalidRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = text.as_bytes().try_into();
        let mut letters: [u8; 2] = letters.map_err(|_| InvalidRegion::NotTwoLetters)?;
        if !letters.iter().all(u8::is_ascii_alphabetic) {
            return Err(InvalidRegion::NotTwoLetters);
        }
        letters.make_ascii_uppercase();
        let region = Self(letters);
        if region.has_area_codes() {
            Ok(region)
        } else {
            Err(InvalidRegion::Unknown)
        }
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Locality {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a carrier that writes `name` means this town.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name.trim())
    }
}

impl FromStr for Locality {
    type Err = InvalidLocality;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        let in_a_name = |letter: char| letter.is_alphabetic() || " .'-".contains(letter);
        let begins = name.starts_with(char::is_alphabetic);
        if !begins || name.chars().count() > LOCALITY_MAX || !name.chars().all(in_a_name) {
            return Err(InvalidLocality);
        }
        Ok(Self(name.to_owned()))
    }
}
