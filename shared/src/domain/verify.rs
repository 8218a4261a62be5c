//! What verifying a number can find wrong, in words people can act on.

use serde::{Deserialize, Serialize};

/// One thing that keeps a number's events from reaching its workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Of what.
    pub channel: Channel,
    /// What it is.
    pub code: VerifyCode,
}

/// What a fault is of. The names are part of the public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The number itself.
    Number,
    /// Its calls.
    Voice,
    /// Its calls, when the first try of telling us of one failed.
    VoiceFallback,
    /// Its texts.
    Sms,
    /// Its texts, when the first try failed.
    SmsFallback,
    /// News of its calls.
    Status,
    /// The public address that all of it is posted to.
    Webhooks,
}

/// Kinds of faults. The names are part of the public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifyCode {
    /// The carrier does not list the number in the workspace's account.
    NumberMissing,
    /// No address is set.
    NotSet,
    /// Another address is set.
    UrlMismatch,
    /// Our address is set, with another method.
    WrongMethod,
    /// An application at the carrier goes before our address.
    OverriddenByApplication,
    /// A trunk at the carrier goes before our address.
    OverriddenByTrunk,
    /// The public address would be called in the open.
    AddressNotHttps,
    /// The account has no key to prove itself with: an earlier version opened it.
    ProbeKeyMissing,
    /// Nothing answers at the public address.
    ProbeUnreachable,
    /// The public address answers too late for a carrier to wait.
    ProbeSlow,
    /// The public address answers that it is broken.
    ProbeFailed,
    /// The public address refuses what is proven.
    ProbeRefused,
    /// The public address checks with another key than the account's.
    WrongSigningKey,
    /// What answers at the public address is not ours.
    ProbeWrongAnswer,
    /// The receiver sees another address than the one that is signed.
    ProbeAddressMismatch,
    /// What comes in for the number goes to another workspace, or to none.
    ProbeWrongWorkspace,
    /// The public address takes what nobody signed.
    ProbeNotRefusedUnsigned,
}

impl VerifyCode {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::NumberMissing,
        Self::NotSet,
        Self::UrlMismatch,
        Self::WrongMethod,
        Self::OverriddenByApplication,
        Self::OverriddenByTrunk,
        Self::AddressNotHttps,
        Self::ProbeKeyMissing,
        Self::ProbeUnreachable,
        Self::ProbeSlow,
        Self::ProbeFailed,
        Self::ProbeRefused,
        Self::WrongSigningKey,
        Self::ProbeWrongAnswer,
        Self::ProbeAddressMismatch,
        Self::ProbeWrongWorkspace,
        Self::ProbeNotRefusedUnsigned,
    ];

    /// Whether setting the number's webhooks again puts it right.
    #[must_use]
    pub const fn is_mended_by_configuring(self) -> bool {
        match self {
            Self::NotSet
            | Self::UrlMismatch
            | Self::WrongMethod
            | Self::OverriddenByApplication => true,
            Self::NumberMissing
            | Self::OverriddenByTrunk
            | Self::AddressNotHttps
            | Self::ProbeKeyMissing
            | Self::ProbeUnreachable
            | Self::ProbeSlow
            | Self::ProbeFailed
            | Self::ProbeRefused
            | Self::WrongSigningKey
            | Self::ProbeWrongAnswer
            | Self::ProbeAddressMismatch
            | Self::ProbeWrongWorkspace
            | Self::ProbeNotRefusedUnsigned => false,
        }
    }

    /// What is going on and what to do about it, for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NumberMissing => {
                "The phone network does not show this number in your account. Right after a purchase that takes some \
                 seconds; if it lasts, ask the operators where the number is."
            }
            Self::NotSet => {
                "The phone network has no address to report this to. Verify again with repair to set it."
            }
            Self::UrlMismatch => {
                "The phone network reports this to another address. Somebody changed it there; verify again with \
                 repair to set ours."
            }
            Self::WrongMethod => {
                "The phone network reports this to us in a way we do not read. Verify again with repair to put it right."
            }
            Self::OverriddenByApplication => {
                "An application at the phone network takes this instead of us. Verify again with repair to detach it."
            }
            Self::OverriddenByTrunk => {
                "A SIP trunk at the phone network takes this instead of us. Repair cannot change that: ask the \
                 operators to take the number out of the trunk."
            }
            Self::AddressNotHttps => {
                "Our public address is not secure. The operators must configure it with https."
            }
            Self::ProbeKeyMissing => {
                "Your account has no key to prove with that calls and texts arrive. The operators must renew its secrets."
            }
            Self::ProbeUnreachable => {
                "Nothing answers at our public address. The operators must check its name, its certificate and what \
                 stands before it."
            }
            Self::ProbeSlow => {
                "Our public address answers too late: the phone network gives up before. Try again in a minute; if it \
                 lasts, the operators must look into it."
            }
            Self::ProbeFailed => {
                "Our public address reports a fault of its own. Try again in a minute; if it lasts, the operators must \
                 look into it."
            }
            Self::ProbeRefused => {
                "Our public address refuses what it should take. The operators must check that it leads to this \
                 installation and that nothing before it turns requests away."
            }
            Self::WrongSigningKey => {
                "Our public address does not check with the key of your account, so it refuses your calls and texts. \
                 The operators must check that it leads to this installation, or renew the account's secrets."
            }
            Self::ProbeWrongAnswer => {
                "Something else answers at our public address. The operators must check where it leads."
            }
            Self::ProbeAddressMismatch => {
                "Something on the way changes our public address, so that signatures do not fit. The operators must \
                 configure the address exactly as the phone network calls it."
            }
            Self::ProbeWrongWorkspace => {
                "What comes in for this number would not reach your workspace. The operators must look into who has it."
            }
            Self::ProbeNotRefusedUnsigned => {
                "Our public address takes what nobody signed, so texts could be forged. The operators must close it at \
                 once."
            }
        }
    }
}

/// Whether `channel` works as far as `faults` say. What is wrong with the number or
/// with the public address is wrong with every channel.
#[must_use]
pub fn works(faults: &[Fault], channel: Channel) -> bool {
    let shared = [Channel::Number, Channel::Webhooks];
    !faults
        .iter()
        .any(|fault| fault.channel == channel || shared.contains(&fault.channel))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Channel, Fault, VerifyCode, works};

    #[test]
    fn every_code_says_what_to_do_and_no_two_the_same() {
        let sentences: BTreeSet<_> = VerifyCode::ALL.map(VerifyCode::sentence).into();
        assert_eq!(sentences.len(), VerifyCode::ALL.len());
        for code in VerifyCode::ALL {
            let sentence = code.sentence().to_lowercase();
            let by_repair = sentence.contains("verify again with repair");
            assert!(by_repair || sentence.contains("operators"), "{sentence}");
            assert_eq!(code.is_mended_by_configuring(), by_repair, "{sentence}");
        }
    }

    #[test]
    fn a_channel_works_unless_it_or_what_all_share_has_a_fault() {
        let faults = |channel| {
            [Fault {
                channel,
                code: VerifyCode::NotSet,
            }]
        };
        for (channel, voice, sms) in [
            (Channel::Voice, false, true),
            (Channel::Sms, true, false),
            (Channel::VoiceFallback, true, true),
            (Channel::Status, true, true),
            (Channel::Webhooks, false, false),
            (Channel::Number, false, false),
        ] {
            let faults = faults(channel);
            let found = (works(&faults, Channel::Voice), works(&faults, Channel::Sms));
            assert_eq!(found, (voice, sms), "{channel:?}");
        }
        assert!(works(&[], Channel::Voice));
    }
}
