//! What comes in from outside: a text, a call, a status.
//!
//! A customer of the customer does something, and the carrier tells about it
//! with a webhook, signed as that carrier signs.

use serde::{Deserialize, Serialize};

use crate::Carrier;

/// Something that happens outside: `POST /__sim/inbound`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inbound {
    /// Which carrier tells about it.
    #[serde(default = "signalwire")]
    pub carrier: Carrier,
    /// What happens.
    pub kind: InboundKind,
    /// The owned number it happens to; for a message's status, the recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The other party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Media of a text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// The message or call; made up when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The status of a `status` or `call-status`; `delivered` or `completed`
    /// when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The carrier's error code that goes with a bad status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// How many seconds a call lasted; 12 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// How it is signed.
    #[serde(default)]
    pub signing: Signing,
    /// How often it is told; once when left out.
    #[serde(default = "once")]
    pub repeat: u32,
    /// Tell this URL instead of the configured one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Sign for this account instead of the number's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

const fn signalwire() -> Carrier {
    Carrier::SignalWire
}

const fn once() -> u32 {
    1
}

impl Inbound {
    /// Something that happens at `carrier`, correctly signed, told once.
    #[must_use]
    pub const fn new(carrier: Carrier, kind: InboundKind) -> Self {
        Self {
            carrier,
            kind,
            to: None,
            from: None,
            body: None,
            media: Vec::new(),
            id: None,
            status: None,
            error_code: None,
            duration: None,
            signing: Signing::Good,
            repeat: 1,
            url: None,
            account: None,
        }
    }

    /// A text message.
    #[must_use]
    pub fn sms(carrier: Carrier, from: &str, to: &str, body: &str) -> Self {
        Self {
            to: Some(to.to_owned()),
            from: Some(from.to_owned()),
            body: Some(body.to_owned()),
            ..Self::new(carrier, InboundKind::Sms)
        }
    }

    /// A call that rings.
    #[must_use]
    pub fn call(carrier: Carrier, from: &str, to: &str) -> Self {
        Self {
            to: Some(to.to_owned()),
            from: Some(from.to_owned()),
            ..Self::new(carrier, InboundKind::Call)
        }
    }

    /// The end of a call that rang, after `seconds`.
    #[must_use]
    pub fn call_ended(carrier: Carrier, from: &str, to: &str, call: &str, seconds: u32) -> Self {
        Self {
            id: Some(call.to_owned()),
            duration: Some(seconds),
            kind: InboundKind::CallStatus,
            ..Self::call(carrier, from, to)
        }
    }

    /// A new status of a message that was sent.
    #[must_use]
    pub fn status(carrier: Carrier, message: &str, status: &str) -> Self {
        Self {
            id: Some(message.to_owned()),
            status: Some(status.to_owned()),
            ..Self::new(carrier, InboundKind::Status)
        }
    }
}

/// What happens outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InboundKind {
    /// A text to an owned number.
    Sms,
    /// A call to an owned number.
    Call,
    /// A message that was sent has a new status.
    Status,
    /// A call to an owned number has ended.
    CallStatus,
}

/// How a webhook is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signing {
    /// As the carrier signs.
    #[default]
    Good,
    /// With a key that is not the account's.
    Wrong,
    /// With an empty key, as anybody can.
    Empty,
    /// Not at all.
    None,
}

/// What the customer answered to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Where the request went.
    pub url: String,
    /// The status answered; none when there was no answer.
    pub status: Option<u16>,
    /// The body answered.
    pub body: String,
    /// Why there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether this went to the fallback URL, after the main one failed.
    pub fallback: bool,
}

impl Receipt {
    /// Whether the customer took it: any 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// What came of telling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    /// The message or call told about.
    pub id: String,
    /// The status of the last answer of the main URL.
    pub status: Option<u16>,
    /// Its body.
    pub body: String,
    /// Every request that was made, in order.
    pub receipts: Vec<Receipt>,
}

/// Why nothing can be told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboundError {
    /// A field is needed for this kind.
    #[error("`{0}` is needed")]
    Missing(&'static str),
    /// Nobody owns the number, so the carrier tells nobody.
    #[error("nobody owns `{0}`; name `url` and `account` to tell somebody all the same")]
    UnknownNumber(String),
    /// There is no such account.
    #[error("there is no account `{0}`")]
    UnknownAccount(String),
    /// No message with this identifier was sent.
    #[error("no message `{0}` was sent")]
    UnknownMessage(String),
    /// The carrier has no such status.
    #[error("`{0}` is no status")]
    UnknownStatus(String),
    /// No URL is configured for it.
    #[error("`{0}` has no URL for this")]
    NoUrl(String),
    /// The URL configured cannot be used.
    #[error("`{0}` is no URL")]
    BadUrl(String),
    /// Told too often.
    #[error("`repeat` is 1 to {REPEAT_MAX}")]
    Repeat,
}

pub(crate) const REPEAT_MAX: u32 = 1000;

/// A telling that is ready to go out.
#[derive(Debug)]
pub(crate) struct Telling {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) number: Option<String>,
    pub(crate) main: http::Request<bytes::Bytes>,
    pub(crate) fallback: Option<http::Request<bytes::Bytes>>,
}
