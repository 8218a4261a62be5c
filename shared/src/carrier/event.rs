//! What carriers tell us, and what we answer.

use crate::domain::{
    AccountId, CallOutcome, E164, MessageStatus, VoiceRouting,
    carrier::{CarrierCallId, CarrierMessageId},
};

/// An authentic event from a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CarrierEvent {
    /// A text came in.
    MessageReceived {
        /// The account it came to.
        account: AccountId,
        /// The carrier's name for it.
        id: CarrierMessageId,
        /// Who wrote: an E.164, or a short code.
        from: String,
        /// Our number.
        to: E164,
        /// The text.
        body: String,
        /// Parts it was charged as.
        segments: u32,
    },
    /// News of a message we sent.
    MessageStatus {
        /// The account it was sent from.
        account: AccountId,
        /// The carrier's name for it.
        id: CarrierMessageId,
        /// How far it got.
        status: MessageStatus,
        /// The carrier's reason, if it failed.
        failure: Option<String>,
    },
    /// A call asks what to do.
    CallReceived {
        /// The account it came to.
        account: AccountId,
        /// The carrier's name for it.
        id: CarrierCallId,
        /// Who calls, in the carrier's spelling.
        from: String,
        /// Our number.
        to: E164,
    },
    /// A call to a number of ours has ended.
    CallEnded {
        /// The account it came to.
        account: AccountId,
        /// The carrier's name for it.
        id: CarrierCallId,
        /// Who called, in the carrier's spelling.
        from: String,
        /// Our number.
        to: E164,
        /// In which way.
        outcome: CallOutcome,
        /// How long it lasted.
        seconds: u32,
    },
    /// Anything else that needs no more than an answer: news of a call that goes on, of
    /// the second leg of one that is forwarded, or that a message came in which is told
    /// of elsewhere.
    Other {
        /// The account it belongs to.
        account: AccountId,
    },
}

impl CarrierEvent {
    /// The account the event is from.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        match self {
            Self::MessageReceived { account, .. }
            | Self::MessageStatus { account, .. }
            | Self::CallReceived { account, .. }
            | Self::CallEnded { account, .. }
            | Self::Other { account } => account,
        }
    }
}

/// Why a webhook was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The signature is missing.
    #[error("the webhook is not signed")]
    Unsigned,
    /// The signature does not fit.
    #[error("the webhook's signature is wrong")]
    BadSignature,
    /// Authentic, but not a shape we know.
    #[error("the webhook's content is not understood")]
    Unrecognised,
}

/// What a webhook is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Thank you; nothing to do.
    Done,
    /// Answer the text with this one.
    Text(String),
    /// Do this with the call.
    Call(VoiceRouting),
    /// Nobody is here any more.
    HangUp,
}

/// An answer in the carrier's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its media type.
    pub content_type: &'static str,
    /// Its text.
    pub body: String,
}
