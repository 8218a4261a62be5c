//! What holds an order up or ended it, in words people can act on.

use serde::{Deserialize, Serialize};

use crate::domain::{time::Timestamp, verify::VerifyCode};

/// What holds an order up, or ended it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What it is.
    pub code: TroubleCode,
    /// Since when.
    pub since: Timestamp,
}

/// Kinds of trouble. The names are part of the public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleCode {
    /// No number is for sale in the area codes asked for.
    NoInventory,
    /// The chosen number was sold to somebody else.
    NumberUnavailable,
    /// The carrier does not answer.
    CarrierUnavailable,
    /// The carrier told us to slow down.
    CarrierBusy,
    /// The platform's account at the carrier: credentials, funds or a limit.
    PlatformAccount,
    /// The carrier wants documents first.
    RegulatoryHold,
    /// The workspace's account is being set up.
    SettingUpAccount,
    /// A purchase or release whose outcome the carrier has not said yet.
    OutcomeUnknown,
    /// The carrier does not show the webhooks we set.
    NotWired,
    /// The number turned up in an account where it should not be.
    FoundElsewhere,
    /// The workspace still has numbers on their way back.
    NumbersLeft,
    /// The network keeps numbers of the workspace's account for now.
    StockLeft,
    /// The workspace is suspended, or going: nothing is bought for it.
    WorkspaceNotActive,
    /// What verifying found, by its own name, that setting the webhooks again does
    /// not put right.
    #[serde(untagged)]
    Unproven(VerifyCode),
}

impl TroubleCode {
    /// One sentence for people: what is going on, and what they can do.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoInventory => {
                "No phone number is available in this area code right now. Choose another area code."
            }
            Self::NumberUnavailable => {
                "This number was taken by somebody else a moment ago. Choose another one."
            }
            Self::CarrierUnavailable => {
                "The phone network is not answering. We keep trying; nothing is lost or charged twice."
            }
            Self::CarrierBusy => "The phone network is busy. We continue in a moment.",
            Self::PlatformAccount => {
                "The operators must put something right with the phone network. They know; we keep trying."
            }
            Self::RegulatoryHold => {
                "This number needs documents before it can be used. The operators will contact you."
            }
            Self::SettingUpAccount => "Your private phone account is being set up.",
            Self::OutcomeUnknown => {
                "The phone network has not confirmed yet. We check before doing anything else, so nothing happens twice."
            }
            Self::NotWired => {
                "The number is yours, but calls and texts do not reach us yet. We keep trying."
            }
            Self::FoundElsewhere => {
                "The number is not where it should be. The operators will look into it."
            }
            Self::NumbersLeft => {
                "The workspace's numbers are on their way back. It is deleted when the last one is gone."
            }
            Self::StockLeft => {
                "The workspace is deleted. The phone network keeps some of its numbers for now; the operators wait for them, and you pay nothing."
            }
            Self::WorkspaceNotActive => {
                "This workspace is suspended. Nothing is bought for it until it is active again."
            }
            Self::Unproven(code) => code.sentence(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TroubleCode, VerifyCode};

    #[test]
    fn what_verifying_found_is_written_by_its_own_name() {
        for (code, text) in [
            (TroubleCode::NotWired, "\"not_wired\""),
            (
                TroubleCode::Unproven(VerifyCode::ProbeSlow),
                "\"probe_slow\"",
            ),
        ] {
            assert_eq!(serde_json::to_string(&code).unwrap(), text);
            assert_eq!(serde_json::from_str::<TroubleCode>(text).unwrap(), code);
        }
        assert!(serde_json::from_str::<TroubleCode>("\"bad_mood\"").is_err());
    }
}
