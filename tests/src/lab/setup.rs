//! How a world is set up.

use std::{fmt, str::FromStr, time::Duration};

use super::Passing;
use anyhow::{Context as _, Result};
use numberline::{
    carrier::signalwire::Placement,
    domain::{order::Mutant, pace::Rate},
};

/// Which carrier a world buys from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabCarrier {
    /// SignalWire's adapter, over the simulator.
    #[default]
    SignalWire,
    /// The local carrier, over the tables.
    Local,
}

impl LabCarrier {
    /// Both.
    pub const ALL: [Self; 2] = [Self::SignalWire, Self::Local];

    /// Its name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignalWire => "signalwire",
            Self::Local => "local",
        }
    }
}

impl fmt::Display for LabCarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for LabCarrier {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut known = Self::ALL.into_iter();
        known
            .find(|carrier| carrier.name() == text)
            .with_context(|| format!("`{text}` is no carrier: signalwire, local"))
    }
}

/// How a world is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Decides every identifier.
    pub seed: u64,
    /// Where numbers are bought.
    pub carrier: LabCarrier,
    /// In which account numbers are bought.
    pub placement: Placement,
    /// How long a purchase is missing from the carrier's lists; at the local carrier it
    /// never is.
    pub settle_delay: Duration,
    /// Numbers that the platform's own account owns from the start.
    pub owned: &'static [&'static str],
    /// A signing key of the platform's that its carrier does not use yet.
    pub next_signing_key: Option<&'static str>,
    /// How many calls a second the carrier takes from us, and refuses beyond; no bound
    /// if absent.
    pub rate: Option<Rate>,
    /// Whether the carrier overlooks the webhooks that come with a purchase; the local one
    /// never does.
    pub sells_unwired: bool,
    /// How long the carrier takes for a call.
    pub carrier_takes: Duration,
    /// How time passes.
    pub passing: Passing,
    /// Where carriers are told to post to.
    pub webhook_base: &'static str,
    /// A rule that is broken on purpose.
    pub mutant: Option<Mutant>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            seed: 0,
            carrier: LabCarrier::default(),
            placement: Placement::default(),
            settle_delay: Duration::ZERO,
            owned: &[],
            next_signing_key: None,
            rate: None,
            sells_unwired: false,
            carrier_takes: Duration::from_millis(700),
            passing: Passing::Jumping,
            webhook_base: "https://hooks.numberline.example",
            mutant: None,
        }
    }
}
