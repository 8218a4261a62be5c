//! What SignalWire says, as it says it, and what that is in our words.
//!
//! Lenient on purpose: unknown members are ignored and only what we cannot do
//! without is required. No `Debug` here, because some answers carry secrets.

use jiff::fmt::rfc2822;
use serde::{Deserialize, Deserializer};

use crate::{
    carrier::{AvailableNumber, Credentials, OwnedNumber, SentMessage, WebhookKey},
    domain::{
        AccountId, CarrierNumberId, E164, MicroDollars, Timestamp, carrier::CarrierMessageId,
        e164::InvalidE164, number,
    },
};

use super::status;

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
    /// Null on the last page.
    pub(super) next_page_uri: Option<String>,
}

/// An owned number in LaML.
#[derive(Deserialize)]
pub(super) struct Number {
    sid: String,
    account_sid: String,
    phone_number: String,
    friendly_name: Option<String>,
    #[serde(default)]
    capabilities: Capabilities,
    voice_url: Option<String>,
    sms_url: Option<String>,
    date_created: Option<String>,
}

/// One page of projects.
#[derive(Deserialize)]
pub(super) struct Projects {
    pub(super) data: Vec<Project>,
    #[serde(default)]
    pub(super) links: Links,
}

/// Where the pages of a native list are.
#[derive(Default, Deserialize)]
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
    pub(super) id: String,
    signing_key: String,
}

/// An API token as shown once.
#[derive(Deserialize)]
pub(super) struct Token {
    token: String,
}

/// A message that was taken. Counts are numbers here and texts at Twilio, whose
/// format this is; either is read.
#[derive(Deserialize)]
pub(super) struct Message {
    sid: String,
    status: Option<String>,
    #[serde(default, deserialize_with = "count")]
    num_segments: u32,
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
        self.phone_number == e164.as_str()
            && self.account_sid.eq_ignore_ascii_case(account.as_str())
    }
}

impl TryFrom<Number> for OwnedNumber {
    type Error = InvalidE164;

    fn try_from(number: Number) -> Result<Self, Self::Error> {
        Ok(Self {
            e164: number.phone_number.parse()?,
            id: CarrierNumberId::new(number.sid),
            account: AccountId::new(number.account_sid),
            reference: number.friendly_name,
            capabilities: number.capabilities.into(),
            voice_url: number.voice_url,
            sms_url: number.sms_url,
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
mod tests {
    use super::{Message, Numbers, OwnedNumber, Search, SentMessage};
    use crate::domain::{AccountId, E164, MessageStatus, MicroDollars, number::Capabilities};

    const SEARCH: &str = include_str!("../../../tests/fixtures/signalwire-search.json");
    const NUMBERS: &str = include_str!("../../../tests/fixtures/signalwire-numbers.json");
    const MESSAGE: &str = include_str!("../../../tests/fixtures/signalwire-message.json");

    const ALL: Capabilities = Capabilities {
        voice: true,
        sms: true,
        mms: true,
    };

    #[test]
    fn offers_we_cannot_serve_are_left_out() {
        let search: Search = serde_json::from_str(SEARCH).unwrap();
        let price = MicroDollars::from_dollars(1);
        let offers: Vec<_> = search
            .data
            .into_iter()
            .filter_map(|o| o.at(price))
            .collect();
        let numbers: Vec<_> = offers.iter().map(|offer| offer.e164.as_str()).collect();
        assert_eq!(numbers, ["+14155550142", "+14155550143"]);
        let [full, bare] = offers.try_into().unwrap();
        assert_eq!(full.locality.as_deref(), Some("SAN FRANCISCO"));
        assert_eq!(full.region.as_deref(), Some("CA"));
        assert_eq!(full.capabilities, ALL);
        assert_eq!((bare.locality, bare.region), (None, None));
        assert_eq!(bare.capabilities, Capabilities::default());
    }

    #[test]
    fn owned_numbers_keep_what_we_left_with_them() {
        let page: Numbers = serde_json::from_str(NUMBERS).unwrap();
        let e164: E164 = "+14155550142".parse().unwrap();
        let account = AccountId::new("7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55");
        let first = page.incoming_phone_numbers.into_iter().next().unwrap();
        assert!(first.is(&e164, &account));
        assert!(!first.is(&e164, &AccountId::new("another")));
        assert!(!first.is(&"+14155550143".parse().unwrap(), &account));
        let number = OwnedNumber::try_from(first).unwrap();
        assert_eq!(number.reference.as_deref(), Some("ord_7"));
        assert_eq!(number.capabilities, ALL);
        let bought = number.purchased_at.unwrap().to_string();
        assert_eq!(bought, "2026-08-21T17:04:15.000Z");
        assert_eq!(
            number.voice_url.as_deref(),
            Some("https://hooks.example.com/voice")
        );
        assert_eq!(number.sms_url, None);
        assert!(page.next_page_uri.is_some());
    }

    #[test]
    fn capabilities_are_read_in_each_spelling() {
        for spelling in [
            r#"{"voice":true,"sms":true,"mms":true,"fax":true}"#,
            r#"{"voice":true,"SMS":true,"MMS":true}"#,
            r#"["voice","sms","mms","fax"]"#,
        ] {
            let read: super::Capabilities = serde_json::from_str(spelling).unwrap();
            assert_eq!(Capabilities::from(read), ALL, "{spelling}");
        }
    }

    #[test]
    fn a_taken_message_is_read_with_numbers_or_texts() {
        let message: Message = serde_json::from_str(MESSAGE).unwrap();
        let sent = SentMessage::from(message);
        assert_eq!(sent.id.as_str(), "c0ffee00-1111-4222-8333-444455556666");
        assert_eq!((sent.status, sent.segments), (MessageStatus::Queued, 2));
        for (written, segments) in [(r#""3""#, 3), ("null", 1), (r#""x""#, 1)] {
            let body = format!(r#"{{"sid":"s","status":"sent","num_segments":{written}}}"#);
            let sent = SentMessage::from(serde_json::from_str::<Message>(&body).unwrap());
            assert_eq!(
                (sent.status, sent.segments),
                (MessageStatus::Sent, segments)
            );
        }
    }
}
