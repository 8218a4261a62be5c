//! What SignalWire says, as it says it, and what that is in our words.
//!
//! Lenient on purpose: unknown members are ignored and only what we cannot do
//! without is required. No `Debug` here, because some answers carry secrets.

use jiff::fmt::rfc2822;
use serde::{Deserialize, Deserializer, de};

use crate::{
    carrier::{AvailableNumber, Credentials, OwnedNumber, SentMessage, WebhookKey},
    domain::{
        AccountId, CarrierNumberId, E164, MicroDollars, Timestamp, carrier::CarrierMessageId,
        e164::InvalidE164, number,
    },
};

use super::{routing::Routing, status};

/// Answer to a native search.
#[derive(Deserialize)]
pub(super) struct Search {
    pub(super) data: Vec<Offer>,
}

/// A number for sale. Everything but the number may be missing.
#[derive(Deserialize)]
pub(super) struct Offer {
    number: String,
    region: Option<String>,
    city: Option<String>,
    #[serde(default)]
    capabilities: Capabilities,
}

/// Capabilities are an object of booleans on offers and in LaML, and a list of
/// names on numbers owned natively; LaML writes some keys in capitals.
#[derive(Deserialize)]
#[serde(untagged)]
enum Capabilities {
    Flags {
        #[serde(default)]
        voice: bool,
        #[serde(default, alias = "SMS")]
        sms: bool,
        #[serde(default, alias = "MMS")]
        mms: bool,
    },
    Names(Vec<String>),
}

/// One page of owned numbers in LaML.
#[derive(Deserialize)]
pub(super) struct Numbers {
    pub(super) incoming_phone_numbers: Vec<Number>,
    /// Null on the last page. A page that says nothing of a next one is not read: it
    /// would pass for the last, and what is on the others for absent.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) next_page_uri: Option<String>,
}

/// An owned number in LaML.
#[derive(Deserialize)]
pub(super) struct Number {
    #[serde(deserialize_with = "filled")]
    sid: String,
    account_sid: String,
    #[serde(rename = "phone_number")]
    e164: String,
    friendly_name: Option<String>,
    #[serde(default)]
    capabilities: Capabilities,
    #[serde(flatten)]
    routing: Routing,
    date_created: Option<String>,
}

/// One page of projects.
#[derive(Deserialize)]
pub(super) struct Projects {
    pub(super) data: Vec<Project>,
    pub(super) links: Links,
}

/// Where the pages of a native list are.
#[derive(Deserialize)]
pub(super) struct Links {
    /// Absent on the last page.
    pub(super) next: Option<String>,
}

/// A project without its secrets. The list has the root project, too.
#[derive(Deserialize)]
pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) subproject: bool,
    pub(super) parent_project_id: Option<String>,
    /// ISO 8601, so that the order of texts is the order of instants.
    #[serde(default)]
    pub(super) created_at: String,
}

/// A project as shown once, when it is created and when its key is rotated.
#[derive(Deserialize)]
pub(super) struct KeyedProject {
    #[serde(deserialize_with = "filled")]
    pub(super) id: String,
    #[serde(deserialize_with = "filled")]
    signing_key: String,
}

/// An API token as shown once.
#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(deserialize_with = "filled")]
    token: String,
}

/// A message that was taken. Counts are numbers here and texts at Twilio, whose
/// format this is; either is read.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(deserialize_with = "filled")]
    sid: String,
    status: Option<String>,
    #[serde(default, deserialize_with = "count")]
    num_segments: u32,
}

/// A list that comes in pages.
pub(super) trait Paged {
    /// Where the next page is; none on the last.
    fn next(&self) -> Option<&str>;
}

impl Paged for Numbers {
    fn next(&self) -> Option<&str> {
        self.next_page_uri.as_deref()
    }
}

impl Paged for Projects {
    fn next(&self) -> Option<&str> {
        self.links.next.as_deref()
    }
}

impl Offer {
    /// The offer at `monthly_price`; none for numbers we cannot serve.
    pub(super) fn at(self, monthly_price: MicroDollars) -> Option<AvailableNumber> {
        Some(AvailableNumber {
            e164: self.number.parse().ok()?,
            locality: self.city.filter(|city| !city.is_empty()),
            region: self.region.filter(|region| !region.is_empty()),
            capabilities: self.capabilities.into(),
            monthly_price,
        })
    }
}

impl Number {
    /// Whether this is `e164` in `account`: lists match parts of numbers.
    pub(super) fn is(&self, e164: &E164, account: &AccountId) -> bool {
        self.e164 == e164.as_str() && self.account_sid.eq_ignore_ascii_case(account.as_str())
    }
}

impl TryFrom<Number> for OwnedNumber {
    type Error = InvalidE164;

    fn try_from(number: Number) -> Result<Self, Self::Error> {
        Ok(Self {
            e164: number.e164.parse()?,
            id: CarrierNumberId::new(number.sid),
            account: AccountId::new(number.account_sid),
            reference: number.friendly_name,
            capabilities: number.capabilities.into(),
            routes: Box::new(number.routing.into()),
            purchased_at: number.date_created.as_deref().and_then(instant),
        })
    }
}

impl Project {
    /// Whether this is the subproject of `platform` that is named `name`.
    pub(super) fn is(&self, name: &str, platform: &AccountId) -> bool {
        let parent = self.parent_project_id.as_deref();
        self.subproject
            && self.name == name
            && parent.is_some_and(|parent| parent.eq_ignore_ascii_case(platform.as_str()))
    }
}

impl KeyedProject {
    pub(super) fn into_key(self) -> WebhookKey {
        WebhookKey::new(self.signing_key)
    }
}

impl From<Token> for Credentials {
    fn from(token: Token) -> Self {
        Self::new(token.token)
    }
}

impl From<Message> for SentMessage {
    fn from(message: Message) -> Self {
        Self {
            id: CarrierMessageId::new(message.sid),
            status: status::of_taken(message.status.as_deref()),
            segments: message.num_segments.max(1),
        }
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Self::Names(Vec::new())
    }
}

impl From<Capabilities> for number::Capabilities {
    fn from(capabilities: Capabilities) -> Self {
        match capabilities {
            Capabilities::Flags { voice, sms, mms } => Self { voice, sms, mms },
            Capabilities::Names(names) => {
                let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
                Self {
                    voice: has("voice"),
                    sms: has("sms"),
                    mms: has("mms"),
                }
            }
        }
    }
}

/// LaML dates are RFC 2822: `Fri, 21 Aug 2026 17:04:15 +0000`.
fn instant(text: &str) -> Option<Timestamp> {
    let zoned = rfc2822::parse(text).ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}

/// A text that says something. A blank name leads nowhere, and a blank key opens
/// everything.
fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() {
        Err(de::Error::custom("blank"))
    } else {
        Ok(text)
    }
}

/// A count, written as a number or as a text.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u32),
        Text(String),
        Nothing(()),
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::Number(count) => count,
        Written::Text(text) => text.parse().unwrap_or_default(),
        Written::Nothing(()) => 0,
    })
}

#[cfg(test)]
mod tests;
