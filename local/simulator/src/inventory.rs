//! The present truth: who owns what, now.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Carrier;

/// Everything that exists at the carriers: `GET /__sim/inventory`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// Owned numbers, oldest purchase first.
    pub numbers: Vec<HeldNumber>,
    /// Accounts, the platform's own first.
    pub accounts: Vec<HeldAccount>,
    /// Numbers for sale, by carrier and area code.
    pub stock: BTreeMap<Carrier, BTreeMap<String, usize>>,
}

/// A number somebody owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldNumber {
    /// Where.
    pub carrier: Carrier,
    /// The carrier's identifier.
    pub id: String,
    /// E.164.
    pub number: String,
    /// The account that owns it.
    pub account: String,
    /// The customer's own mark on it.
    pub reference: Option<String>,
    /// When it was bought.
    pub purchased_at: Timestamp,
    /// From when on the carrier takes it back.
    pub releasable_at: Timestamp,
    /// Where calls go.
    pub voice_url: Option<String>,
    /// Where calls go when that fails.
    pub voice_fallback_url: Option<String>,
    /// Where messages go.
    pub sms_url: Option<String>,
    /// Where messages go when that fails.
    pub sms_fallback_url: Option<String>,
    /// Where call statuses go.
    pub status_url: Option<String>,
}

/// An account that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldAccount {
    /// Where.
    pub carrier: Carrier,
    /// The carrier's identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The account above it; none for the platform's own.
    pub parent: Option<String>,
    /// How many API tokens it has.
    pub tokens: usize,
    /// How many SIP credentials it has.
    pub sip_credentials: usize,
    /// How many numbers it owns.
    pub numbers: usize,
}
