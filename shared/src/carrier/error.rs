//! What went wrong at a carrier, in terms the order machine can act on.

use std::{error::Error as StdError, fmt, time::Duration};

use crate::domain::CarrierId;

/// Result of a carrier operation.
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The number was sold to somebody else, or never existed.
    NumberUnavailable,
    /// The thing acted on is not in this account.
    NotFound,
    /// The carrier keeps the number for now, for example in its first days.
    Held,
    /// Our credentials were refused.
    Unauthenticated,
    /// The carrier wants documents or an address first.
    RegulatoryHold,
    /// The account has no funds.
    InsufficientFunds,
    /// The account has reached a limit of the carrier's, or may not do this.
    AccountLimit,
    /// We were told to slow down.
    RateLimited,
    /// The recipient wants no messages from this number.
    OptedOut,
    /// The request itself is wrong: the destination, the text.
    Rejected,
    /// Not offered by this carrier.
    Unsupported,
    /// The carrier answered 5xx, or not at all.
    Unavailable,
    /// The carrier answered something we cannot read.
    Unexpected,
}

/// May a failed request have changed anything at the carrier?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// No: refused, or never arrived.
    None,
    /// Perhaps: look before anything else, never repeat blindly.
    Unknown,
}

/// The longest wait a carrier can ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_mins(15);

/// The answer a request failed with, as the carrier's support can find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The carrier's name for the request, if it gave one.
    pub request_id: Option<String>,
}

/// A failed carrier operation.
#[derive(Debug, thiserror::Error)]
pub struct Error {
    carrier: CarrierId,
    operation: &'static str,
    kind: ErrorKind,
    effect: Effect,
    code: Option<String>,
    // Boxed: an error is returned from everywhere, and should not be large.
    answered: Option<Box<Answered>>,
    retry_after: Option<Duration>,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A failure of `operation`.
    #[must_use]
    pub fn new(
        carrier: CarrierId,
        operation: &'static str,
        kind: ErrorKind,
        effect: Effect,
    ) -> Self {
        Self {
            carrier,
            operation,
            kind,
            effect,
            code: None,
            answered: None,
            retry_after: None,
            source: None,
        }
    }

    /// Adds the carrier's own code, for logs and for operators.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds the answer, for logs and for the carrier's support.
    #[must_use]
    pub fn with_answer(mut self, answered: Answered) -> Self {
        self.answered = Some(Box::new(answered));
        self
    }

    /// Adds how long the carrier asked us to wait; more than a quarter of an hour is
    /// not believed: a proxy's slip must not end orders.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait.map(|wait| wait.min(RETRY_AFTER_MAX));
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the request may have taken effect.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// The carrier's own code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The answer it failed with, if there was one.
    #[must_use]
    pub fn answered(&self) -> Option<&Answered> {
        self.answered.as_deref()
    }

    /// How long the carrier asked us to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

/// One line for logs, with nothing that was sent:
/// `signalwire purchase: NumberUnavailable (effect None, code 21401, status 422, request req-9)`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            carrier,
            operation,
            kind,
            effect,
            code,
            answered,
            ..
        } = self;
        write!(f, "{carrier} {operation}: {kind:?} (effect {effect:?}")?;
        if let Some(code) = code {
            write!(f, ", code {code}")?;
        }
        if let Some(Answered { status, request_id }) = answered.as_deref() {
            write!(f, ", status {status}")?;
            if let Some(request_id) = request_id {
                write!(f, ", request {request_id}")?;
            }
        }
        f.write_str(")")
    }
}
