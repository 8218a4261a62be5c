//! Why a request was not done, in terms a person can act on.

use std::time::Duration;

use crate::{
    carrier,
    domain::{E164, TooManyTexts, workspace::OverLimit},
    store::{self, Refusal},
};

/// Result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where: a JSON pointer, or the name of a parameter.
    pub pointer: String,
    /// What: stable, part of the public contract.
    pub code: &'static str,
    /// What to do about it.
    pub detail: String,
}

/// Why a request was not done. Except for [`Error::Store`] and [`Error::Carrier`]
/// nothing was changed, and what was is written down.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No valid identity came with the request.
    #[error("sign in first")]
    Unauthenticated,
    /// The caller is in no workspace, or in several and named none.
    #[error("name the workspace in the x-workspace-id header")]
    WorkspaceRequired,
    /// There is no such thing for this caller (P8).
    #[error("there is no such thing here")]
    NotFound,
    /// Only admins may do this.
    #[error("only admins of the workspace may do this")]
    AdminOnly,
    /// The caller may not choose this plan by themselves.
    #[error("this plan cannot be chosen at sign-up; ask the operator for it")]
    PlanNotAllowed,
    /// The identity has founded as many workspaces as it may.
    #[error("you have created as many workspaces as one person may")]
    TooManyWorkspaces,
    /// The external id names another workspace.
    #[error("a workspace with this external id exists already")]
    ExternalIdTaken,
    /// They are a member already.
    #[error("this person is a member already")]
    AlreadyMember,
    /// They are the workspace's only admin, and it keeps one.
    #[error("a workspace keeps an admin: add another one first, or delete the workspace")]
    LastAdmin,
    /// The request does not say what it must, or says it wrongly.
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    /// A write that costs money came without an idempotency key.
    #[error("send an Idempotency-Key header, so that a repeated request is not paid twice")]
    KeyRequired,
    /// The key was used for another request (P4).
    #[error("this Idempotency-Key was used for another request; take a new one")]
    KeyReused,
    /// A limit of the plan.
    #[error(transparent)]
    OverLimit(OverLimit),
    /// The workspace has sent as much as it may for now.
    #[error(transparent)]
    TooManyTexts(TooManyTexts),
    /// Somebody has the number, or is buying it.
    #[error("this number was taken a moment ago; choose another one")]
    NumberTaken {
        /// Others nearby.
        alternatives: Vec<E164>,
    },
    /// Buying is switched off.
    #[error("phone numbers cannot be bought right now")]
    PurchasesDisabled,
    /// The workspace has no number to send from.
    #[error("this workspace has no active phone number to send from; get one first")]
    NoNumber,
    /// The recipient wants no messages from the number.
    #[error(
        "this customer has asked for no more messages; only they can take that back, with START"
    )]
    RecipientOptedOut,
    /// Every shared number writes to this customer for somebody else.
    #[error(
        "no shared number is free for this customer now; get a number of your own to write at once"
    )]
    SharedNumbersTaken,
    /// Messages and calls to this place are not allowed.
    #[error("messages and calls to this destination are not allowed")]
    DestinationNotAllowed,
    /// The number cannot be given back in its present status.
    #[error("this number cannot be released in its present state")]
    NotReleasable,
    /// The number is no longer the workspace's.
    #[error("this number is no longer yours; only its record is left")]
    NumberGone,
    /// The order has ended, and what it brought is given back in other ways.
    #[error("this order has ended; a number that it brought can be released")]
    OrderEnded,
    /// Only orders for numbers are canceled.
    #[error("what gives a number back or deletes a workspace cannot be canceled")]
    NotCancelable,
    /// Trying again makes no sense, or was done often enough.
    #[error("this order cannot be tried again; place a new one")]
    NotRetryable,
    /// The workspace is going, or gone.
    #[error("this workspace is being deleted")]
    WorkspaceClosing,
    /// Only the SaaS product's own backend may do this.
    #[error("only the product's own backend may do this")]
    ServiceOnly,
    /// The number has nothing to verify in its present status.
    #[error("only numbers that work, or are being set up, can be verified")]
    NotVerifiable,
    /// No carrier is configured, or a part of its settings is missing.
    #[error("{0}")]
    NotConfigured(&'static str),
    /// The platform's own account does not own the number.
    #[error("the platform's own account does not own this number at the carrier")]
    NotOwned,
    /// A workspace has the number, or it is on its way back to the carrier.
    #[error("this number belongs to a workspace, or is on its way back to the carrier")]
    NumberInUse,
    /// There are as many shared numbers as there may be.
    #[error("there are as many shared numbers as there may be; stop lending one first")]
    TooManySharedNumbers,
    /// The carrier took the number's settings and shows others.
    #[error("the number's events do not come here yet; send the request again in a moment")]
    NotWired,
    /// The carrier did not answer, or refused.
    #[error("the phone network is not answering; try again in a moment")]
    Carrier(#[source] carrier::Error),
    /// A table did not answer.
    #[error("something went wrong on our side; try again in a moment")]
    Store(#[source] store::Error),
    /// The same thing was changed by many at once.
    #[error("many requests changed the same thing at once; try again in a moment")]
    Busy,
}

impl Error {
    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Carrier(_)
            | Self::Store(_)
            | Self::Busy
            | Self::TooManyTexts(_)
            | Self::PurchasesDisabled
            | Self::NotWired => true,
            Self::Unauthenticated
            | Self::WorkspaceRequired
            | Self::NotFound
            | Self::AdminOnly
            | Self::PlanNotAllowed
            | Self::TooManyWorkspaces
            | Self::ExternalIdTaken
            | Self::AlreadyMember
            | Self::LastAdmin
            | Self::Invalid(_)
            | Self::KeyRequired
            | Self::KeyReused
            | Self::OverLimit(_)
            | Self::NumberTaken { .. }
            | Self::NoNumber
            | Self::RecipientOptedOut
            | Self::SharedNumbersTaken
            | Self::DestinationNotAllowed
            | Self::NotReleasable
            | Self::NumberGone
            | Self::OrderEnded
            | Self::NotCancelable
            | Self::NotRetryable
            | Self::WorkspaceClosing
            | Self::ServiceOnly
            | Self::NotVerifiable
            | Self::NotConfigured(_)
            | Self::NotOwned
            | Self::NumberInUse
            | Self::TooManySharedNumbers => false,
        }
    }

    /// When to try again, where that makes sense.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        const SOON: Duration = Duration::from_secs(5);
        const LATER: Duration = Duration::from_mins(5);
        if !self.retryable() {
            return None;
        }
        if let Self::Carrier(error) = self {
            return Some(error.retry_after().unwrap_or(SOON));
        }
        if let Self::TooManyTexts(why) = self {
            return Some(why.again_in());
        }
        let until_an_operator_acts = matches!(self, Self::PurchasesDisabled);
        Some(if until_an_operator_acts { LATER } else { SOON })
    }

    /// One invalid field.
    #[must_use]
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            pointer: pointer.to_owned(),
            code,
            detail: detail.into(),
        }])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Contended { .. } => Self::Busy,
            store::Error::InvalidCursor(error) => {
                Self::invalid("cursor", "invalid_cursor", error.to_string())
            }
            store::Error::InvalidSince(error) => {
                Self::invalid("since", "invalid_cursor", error.to_string())
            }
            store::Error::Unavailable { .. }
            | store::Error::Corrupt { .. }
            | store::Error::TooLong { .. } => Self::Store(error),
        }
    }
}

impl From<carrier::Error> for Error {
    fn from(error: carrier::Error) -> Self {
        Self::Carrier(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OverLimit(limit) => Self::OverLimit(limit),
            Refusal::NumberTaken => Self::NumberTaken {
                alternatives: Vec::new(),
            },
            Refusal::PurchasesDisabled => Self::PurchasesDisabled,
        }
    }
}

impl From<OverLimit> for Error {
    fn from(limit: OverLimit) -> Self {
        Self::OverLimit(limit)
    }
}
