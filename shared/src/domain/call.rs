//! Calls that came in.

use serde::{Deserialize, Serialize};

use super::{
    carrier::{AccountId, CarrierCallId, CarrierId},
    digest::digest,
    e164::E164,
    id::{CallId, WorkspaceId},
    time::Timestamp,
};

/// A call to a workspace's number. Its beginning and its end are told apart, in any
/// order and any number; each is written once, and neither changes the other (P7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who called whom.
    pub parties: CallParties,
    /// When it began, as far as is known.
    pub at: Timestamp,
    /// What it was answered; unknown while only its end was told.
    pub answer: Option<CallAnswer>,
    /// How it ended, once it has.
    pub end: Option<CallEnd>,
}

/// Who called whom: what both its beginning and its end say of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallParties {
    /// The call.
    pub id: CallId,
    /// Whose number was called.
    pub workspace: WorkspaceId,
    /// The number that was called.
    pub ours: E164,
    /// Who called: an E.164, or what the carrier says instead.
    pub theirs: String,
    /// The carrier that brought it.
    pub carrier: CarrierId,
    /// The account it came to.
    pub account: AccountId,
    /// The carrier's name for it.
    pub carrier_call: CarrierCallId,
}

/// What a caller met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum CallAnswer {
    /// A spoken text.
    Greeting,
    /// The call went on to another number. That second leg is a call of its own at the
    /// carrier, and none here.
    Forward {
        /// Where to.
        to: E164,
    },
    /// Nobody: the number was not active.
    Declined,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallEnd {
    /// In which way.
    pub outcome: CallOutcome,
    /// How long it lasted.
    pub seconds: u32,
    /// When its end was told.
    pub at: Timestamp,
}

/// In which way a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallOutcome {
    /// Somebody or something answered, and the call is over.
    Completed,
    /// It was not answered.
    Failed,
}

/// How far a call is, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallStatus {
    /// Its end was not told.
    Open,
    /// Somebody or something answered, and the call is over.
    Completed,
    /// It was not answered.
    Failed,
}

impl Call {
    /// How far it is.
    #[must_use]
    pub fn status(&self) -> CallStatus {
        match self.end.map(|end| end.outcome) {
            None => CallStatus::Open,
            Some(CallOutcome::Completed) => CallStatus::Completed,
            Some(CallOutcome::Failed) => CallStatus::Failed,
        }
    }
}

impl CallEnd {
    /// Minutes it is charged as: each minute that was begun. Rates are published per
    /// minute (SignalWire, 2026-08-27); that begun ones count in full is what Twilio
    /// documents, and unconfirmed elsewhere.
    #[must_use]
    pub const fn minutes(self) -> u32 {
        self.seconds.div_ceil(60)
    }
}

/// The identifier of a call: the same at every telling.
#[must_use]
pub fn call_id(carrier: &CarrierId, account: &AccountId, name: &CarrierCallId) -> CallId {
    CallId::derived(digest(&[
        "call",
        carrier.as_str(),
        account.as_str(),
        name.as_str(),
    ]))
}

#[cfg(test)]
mod tests {
    use super::{CallEnd, CallOutcome, Timestamp};

    #[test]
    fn every_minute_that_was_begun_counts() {
        for (seconds, minutes) in [(0, 0), (1, 1), (59, 1), (60, 1), (61, 2), (3_600, 60)] {
            let end = CallEnd {
                outcome: CallOutcome::Completed,
                seconds,
                at: Timestamp::from_millis(0),
            };
            assert_eq!(end.minutes(), minutes, "{seconds} s");
        }
    }
}
