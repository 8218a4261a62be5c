//! What a provisioning order knows.

use serde::{Deserialize, Serialize};

use crate::domain::{
    area_code::AreaCode,
    carrier::{AccountId, CarrierNumberId},
    e164::E164,
    id::{NumberId, WebhookToken},
    money::MicroDollars,
    number::Capabilities,
    time::Timestamp,
};

use super::trouble::TroubleCode;

/// A number on its way to a workspace. Each step adds what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provision {
    /// The identifier the number will have.
    pub number: NumberId,
    /// What was asked for.
    pub wish: Wish,
    /// What people will call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What was reserved for it a month.
    pub price: MicroDollars,
    /// The step it is at.
    pub step: ProvisionStep,
    /// The claimed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<E164>,
    /// Numbers that were definitely refused.
    #[serde(default)]
    pub refused: Vec<E164>,
    /// Why the candidate was refused, until a look has shown that it is not ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<TroubleCode>,
    /// Whether an attempt to buy the candidate ended without an answer. A carrier that
    /// lists what it sold later than it says may then refuse what is ours.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unclear: bool,
    /// The workspace's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// What the webhook addresses of that account carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<WebhookToken>,
    /// What was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned: Option<Owned>,
    /// Numbers to choose from instead, when the chosen one was gone or there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<E164>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference over"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Provision {
    /// The area code that was preferred, if the number is of another one.
    #[must_use]
    pub fn fell_back_from(&self) -> Option<AreaCode> {
        match (&self.wish, &self.candidate) {
            (Wish::Any(area_codes), Some(e164)) => area_codes
                .first()
                .copied()
                .filter(|preferred| *preferred != e164.area_code()),
            (Wish::Any(_), None) | (Wish::Exact(_), _) => None,
        }
    }
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// This number and no other.
    Exact(E164),
    /// Any number of these area codes, the first with stock.
    Any(Vec<AreaCode>),
}

/// The steps of a provisioning, in the order they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvisionStep {
    /// Find a number and claim it.
    Search,
    /// Have a subproject to buy it in.
    Isolate,
    /// Buy it.
    Purchase,
    /// Move it into the subproject, where the carrier sells only to the platform.
    Assign,
    /// Point its webhooks at us.
    Configure,
    /// Read back what the carrier has.
    Verify,
    /// Hand it to the workspace.
    Activate,
}

/// A bought number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owned {
    /// The carrier's name for it.
    pub carrier_number: CarrierNumberId,
    /// The account that owns it now.
    pub account: AccountId,
    /// What it can carry.
    pub capabilities: Capabilities,
    /// When it was bought.
    pub purchased_at: Timestamp,
    /// Whether its webhooks were set with the purchase.
    pub wired: bool,
}
