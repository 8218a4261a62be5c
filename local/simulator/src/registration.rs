//! A phone that wants in.

use serde::Deserialize;

use crate::{Carrier, Secret};

/// What a phone registers with: `POST /__sim/register`. The answer is whether it
/// is let in; SIP itself is not spoken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    /// Where.
    #[serde(default = "signalwire")]
    pub carrier: Carrier,
    /// The host it registers at.
    pub domain: String,
    /// The user part of its address.
    pub username: String,
    /// What it proves itself with.
    pub password: Secret,
}

const fn signalwire() -> Carrier {
    Carrier::SignalWire
}
