//! Walking along a chain, to see whether anybody has been at it.
//!
//! What can be seen: an entry that was altered, replaced, taken out or put in, and,
//! with the head that is kept elsewhere, that the newest were taken away. What can
//! not: that whoever may write both tables wrote the whole chain and its head anew.
//! Against that a head noted outside helps: every event carries one.

use serde::{Deserialize, Serialize};

use super::{Hash, Sealed, Tip};

/// What is wrong at a place of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub sequence: u64,
    /// How many places from there on.
    pub count: u64,
    /// What.
    pub fault: Fault,
}

/// Ways in which a chain can be broken. The names are part of the public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The content is not what was sealed.
    Altered,
    /// There is no entry in this place.
    Missing,
    /// It does not continue the entry before: one of the two was replaced, or put in.
    Replaced,
    /// It was never recorded: the chain did not come this far, or has no such place.
    Inserted,
}

impl Fault {
    /// One sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Altered => "What this entry says is not what was recorded.",
            Self::Missing => "There was an entry here, and it is gone.",
            Self::Replaced => {
                "This entry does not continue the one before it: one of the two was replaced or put in later."
            }
            Self::Inserted => "This entry was never recorded: somebody put it here.",
        }
    }
}

/// A walk along a chain, entry by entry, from anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    next: u64,
    /// The hash that the next entry must continue, where that is known.
    last: Option<Hash>,
    checked: u64,
    findings: Vec<Finding>,
}

impl Walk {
    /// A walk whose first entry is the one at `sequence`.
    #[must_use]
    pub fn from(sequence: u64) -> Self {
        Self {
            next: sequence.max(1),
            last: (sequence <= 1).then(Hash::default),
            checked: 0,
            findings: Vec::new(),
        }
    }

    /// Looks at the entry that is kept next after the last one.
    pub fn step(&mut self, sealed: &Sealed) {
        if sealed.sequence < self.next {
            return self.find(sealed.sequence, 1, Fault::Inserted);
        }
        self.checked += 1;
        if sealed.sequence > self.next {
            self.find(self.next, sealed.sequence - self.next, Fault::Missing);
            self.last = None;
        }
        if !sealed.is_intact() {
            self.find(sealed.sequence, 1, Fault::Altered);
        }
        let continues = self
            .last
            .as_ref()
            .is_none_or(|last| *last == sealed.previous);
        if !continues {
            self.find(sealed.sequence, 1, Fault::Replaced);
        }
        self.next = sealed.sequence.saturating_add(1);
        self.last = Some(sealed.hash.clone());
    }

    /// Looks at an entry whose place is none that entries have.
    pub fn stray(&mut self) {
        self.find(self.next, 1, Fault::Inserted);
    }

    /// The walk has come to the end: compares it with how far the chain is known to
    /// have come.
    pub fn end(&mut self, head: &Tip) {
        let last = self.next.saturating_sub(1);
        if head.sequence > last {
            self.find(self.next, head.sequence - last, Fault::Missing);
        } else if head.sequence < last {
            self.find(head.sequence + 1, last - head.sequence, Fault::Inserted);
        } else if self.last.as_ref().is_some_and(|hash| *hash != head.hash) {
            self.find(last, 1, Fault::Replaced);
        }
    }

    fn find(&mut self, sequence: u64, count: u64, fault: Fault) {
        self.findings.push(Finding {
            sequence,
            count,
            fault,
        });
    }

    /// The place of the entry that would come next.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// How many entries were looked at.
    #[must_use]
    pub const fn checked(&self) -> u64 {
        self.checked
    }

    /// What is wrong.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

#[cfg(test)]
mod tests;
