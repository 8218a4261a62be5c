//! What somebody does to a number in the carrier's own dashboard, behind the
//! customer's back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Carrier;

/// A change of where a number's events go: `POST /__sim/wiring`.
///
/// It is not in the ledger, which has what the customer does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rewiring {
    /// Where.
    #[serde(default = "signalwire")]
    pub carrier: Carrier,
    /// Of which number (E.164).
    pub number: String,
    /// What is set; null takes it away.
    pub set: BTreeMap<Wire, Option<String>>,
}

const fn signalwire() -> Carrier {
    Carrier::SignalWire
}

/// Something that decides where a number's events go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Wire {
    /// Where calls go.
    VoiceUrl,
    /// By which method.
    VoiceMethod,
    /// Where calls go when that fails.
    VoiceFallbackUrl,
    /// By which method.
    VoiceFallbackMethod,
    /// The application that takes calls, whatever address is set.
    VoiceApplication,
    /// The trunk that takes calls, whatever application is set.
    Trunk,
    /// Where texts go.
    SmsUrl,
    /// By which method.
    SmsMethod,
    /// Where texts go when that fails.
    SmsFallbackUrl,
    /// By which method.
    SmsFallbackMethod,
    /// The application that takes texts, whatever address is set.
    SmsApplication,
    /// Where news of calls goes.
    StatusUrl,
    /// By which method.
    StatusMethod,
}

/// Nobody owns the number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody owns {0}")]
pub struct NobodysNumber(pub(crate) String);

impl Rewiring {
    /// Sets `wire` of `number` to `value`, or takes it away.
    #[must_use]
    pub fn one(carrier: Carrier, number: &str, wire: Wire, value: Option<&str>) -> Self {
        Self {
            carrier,
            number: number.to_owned(),
            set: BTreeMap::from([(wire, value.map(str::to_owned))]),
        }
    }
}
