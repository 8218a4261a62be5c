//! Sealing entries: the hash of each covers its content and the hash before it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Entry;
use crate::domain::digest::hex;

/// Says what is hashed and how, so that another way can be told from this one.
const SCHEME: &str = "numberline audit 1";

/// A hash of the chain: SHA-256 in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash(String);

impl Hash {
    /// A hash as it was kept. Whether it is one shows when it is compared.
    #[must_use]
    pub fn kept(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The hash's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What comes before the first entry.
impl Default for Hash {
    fn default() -> Self {
        Self("0".repeat(64))
    }
}

/// How far a chain has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tip {
    /// The newest entry's place, counted from 1; 0 before the first.
    pub sequence: u64,
    /// Its hash.
    pub hash: Hash,
}

/// An entry in its place, as it is kept. The content is hashed byte by byte as it is,
/// so that no later version of this code can read it differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its place, counted from 1.
    pub sequence: u64,
    /// The hash of the entry before.
    pub previous: Hash,
    /// The hash of this one.
    pub hash: Hash,
    /// The entry with its place, as JSON.
    pub content: String,
}

/// What is hashed: the entry and its place, so that it counts nowhere else.
#[derive(Serialize)]
struct Content<'e> {
    sequence: u64,
    #[serde(flatten)]
    entry: &'e Entry,
}

/// The place that a content says it has.
#[derive(Deserialize)]
struct Place {
    sequence: u64,
}

impl Sealed {
    /// Seals `entry` at the place `sequence`, after the entry whose hash is `previous`.
    pub fn new(entry: &Entry, sequence: u64, previous: &Hash) -> serde_json::Result<Self> {
        let content = serde_json::to_string(&Content { sequence, entry })?;
        Ok(Self {
            sequence,
            hash: hash(previous, &content),
            previous: previous.clone(),
            content,
        })
    }

    /// Whether the content is what was sealed here.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        let place = serde_json::from_str::<Place>(&self.content);
        place.is_ok_and(|place| place.sequence == self.sequence)
            && hash(&self.previous, &self.content) == self.hash
    }

    /// The entry.
    pub fn entry(&self) -> serde_json::Result<Entry> {
        serde_json::from_str(&self.content)
    }

    /// The chain as far as this entry.
    #[must_use]
    pub fn tip(&self) -> Tip {
        Tip {
            sequence: self.sequence,
            hash: self.hash.clone(),
        }
    }
}

/// Every part is preceded by its length, so that no two lists of parts read the same.
fn hash(previous: &Hash, content: &str) -> Hash {
    let mut hash = Sha256::new();
    for part in [SCHEME, previous.as_str(), content] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    Hash(hex(&hash.finalize()))
}
