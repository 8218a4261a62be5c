//! What happened, in order: the witness of every test.
//!
//! Only effects are entered. A refused request leaves no entry, a request whose
//! answer was lost does.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Carrier, Operation};

/// What an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A number was bought.
    Purchase,
    /// A number was given back.
    Release,
    /// Name or webhooks of a number were changed.
    Configure,
    /// A number moved to another account.
    Transfer,
    /// A subproject was made.
    Subproject,
    /// A subproject was changed.
    SubprojectUpdate,
    /// A subproject was deleted.
    SubprojectClosure,
    /// An API token was made.
    Token,
    /// An API token was changed.
    TokenUpdate,
    /// An API token was deleted.
    TokenDeletion,
    /// A signing key was replaced.
    KeyRotation,
    /// A SIP credential was made.
    SipCredential,
    /// A SIP credential was changed.
    SipCredentialUpdate,
    /// A SIP credential was deleted.
    SipCredentialDeletion,
    /// A message was accepted for sending.
    Message,
    /// A status callback was sent to the customer.
    Callback,
    /// An inbound webhook was sent to the customer.
    Inbound,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// When, on the simulator's clock.
    pub at: Timestamp,
    /// Where.
    pub carrier: Carrier,
    /// What.
    pub kind: Kind,
    /// The account it happened in.
    pub account: String,
    /// The number concerned (E.164).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The customer's own mark on it: `FriendlyName`, `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The carrier's identifier of the thing concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// More, by kind: the URLs of a configuration, the other party of a
    /// message, the answer of a webhook. Never a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Value>,
}

/// The ledger as it is handed out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ledger {
    /// Everything that happened, oldest first.
    pub entries: Vec<Entry>,
    /// Entries by kind.
    pub totals: BTreeMap<Kind, u64>,
    /// Requests by operation, also those refused or lost.
    pub requests: BTreeMap<Operation, u64>,
}

impl Ledger {
    /// How many entries of one kind there are.
    #[must_use]
    pub fn total(&self, kind: Kind) -> u64 {
        self.totals.get(&kind).copied().unwrap_or(0)
    }

    /// The entries of one kind, oldest first.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    pub(crate) fn enter(&mut self, at: Timestamp, note: Note) {
        *self.totals.entry(note.kind).or_default() += 1;
        self.entries.push(Entry {
            seq: u64::try_from(self.entries.len())
                .unwrap_or(u64::MAX)
                .saturating_add(1),
            at,
            carrier: note.carrier,
            kind: note.kind,
            account: note.account,
            number: note.number,
            reference: note.reference,
            id: note.id,
            details: note.details,
        });
    }

    pub(crate) fn count(&mut self, operation: Operation) {
        *self.requests.entry(operation).or_default() += 1;
    }
}

/// An entry in the making: the ledger itself adds its place and its time.
#[derive(Debug)]
pub(crate) struct Note {
    carrier: Carrier,
    kind: Kind,
    account: String,
    number: Option<String>,
    reference: Option<String>,
    id: Option<String>,
    details: BTreeMap<String, Value>,
}

impl Note {
    pub(crate) fn new(carrier: Carrier, kind: Kind, account: &str) -> Self {
        Self {
            carrier,
            kind,
            account: account.to_owned(),
            number: None,
            reference: None,
            id: None,
            details: BTreeMap::new(),
        }
    }

    pub(crate) fn number(mut self, number: &str) -> Self {
        self.number = Some(number.to_owned());
        self
    }

    pub(crate) fn reference(mut self, reference: Option<&str>) -> Self {
        self.reference = reference.map(str::to_owned);
        self
    }

    pub(crate) fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    pub(crate) fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_numbered_and_counted() {
        let mut ledger = Ledger::default();
        for kind in [Kind::Purchase, Kind::Release, Kind::Purchase] {
            let note = Note::new(Carrier::SignalWire, kind, "p").number("+15125550100");
            ledger.enter(Timestamp::UNIX_EPOCH, note);
        }
        let places: Vec<u64> = ledger.entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(places, [1, 2, 3]);
        assert_eq!(ledger.total(Kind::Purchase), 2);
        assert_eq!(ledger.total(Kind::Message), 0);
        assert_eq!(ledger.of(Kind::Release).count(), 1);
    }
}
