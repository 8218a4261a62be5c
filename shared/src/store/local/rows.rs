//! The rows of the local carrier's books. No secret is in them, only hashes of some.

use serde::{Deserialize, Serialize};

use crate::domain::{
    AccountId, E164, Timestamp,
    carrier::{CarrierMessageId, CarrierNumberId},
};

/// A subproject at the local carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedAccount {
    /// Its identifier, which is computed from its name.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// SHA-256 of what opens it; absent until it was given a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_hash: Option<String>,
    /// Since when it is open.
    pub since: Timestamp,
}

/// A number that the local carrier sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldNumber {
    /// The carrier's name for this sale of it.
    pub id: CarrierNumberId,
    /// The number.
    pub e164: E164,
    /// Who has it.
    pub account: AccountId,
    /// The buyer's reference.
    pub reference: String,
    /// Where its calls go.
    pub voice_url: String,
    /// Where its texts go.
    pub sms_url: String,
    /// When it was sold.
    pub sold_at: Timestamp,
}

/// A SIP credential at the local carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SipEntry {
    /// The carrier's name for it.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// What the phone registers as.
    pub username: String,
    /// SHA-256 of user name, registrar and password, with `:` in between.
    pub password_hash: String,
    /// The number people see who are called.
    pub caller_id: E164,
    /// The name they see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// A text that was handed to the local carrier: that it was, and not what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentText {
    /// The carrier's name for it.
    pub id: CarrierMessageId,
    /// Who sent it.
    pub account: AccountId,
    /// From which number.
    pub from: E164,
    /// To whom.
    pub to: E164,
    /// Where news of it goes.
    pub status_url: String,
    /// Parts it is counted as.
    pub segments: u32,
    /// When.
    pub sent_at: Timestamp,
}
