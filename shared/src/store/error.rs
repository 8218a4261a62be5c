//! What can go wrong with a table. A lost condition is not an error but a result
//! of the operation that had it.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Result of a store operation.
pub type Result<T> = std::result::Result<T, Error>;

/// A store operation that did not come to an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// AWS did not answer, or refused; whether the write happened is open.
    #[error("{operation}: {detail}")]
    Unavailable {
        /// Which call.
        operation: &'static str,
        /// What the SDK says, for logs.
        detail: String,
    },
    /// An item is not of the shape it was written in.
    #[error("{what} has an unreadable item: {detail}")]
    Corrupt {
        /// What was read.
        what: &'static str,
        /// What does not fit.
        detail: String,
    },
    /// A list that is needed whole has no end in sight.
    #[error("the list of {what} is longer than is read")]
    TooLong {
        /// What is listed.
        what: &'static str,
    },
    /// A list was asked to go on at a place it does not have.
    #[error(transparent)]
    InvalidCursor(#[from] super::cursor::InvalidCursor),
    /// A list was asked for what is newer than a place it does not have.
    #[error(transparent)]
    InvalidSince(super::cursor::InvalidCursor),
    /// A transaction kept meeting others on the same items.
    #[error("{operation}: still contended after {tries} tries")]
    Contended {
        /// Which transaction.
        operation: &'static str,
        /// How often it was tried.
        tries: u32,
    },
}

impl Error {
    /// The SDK's failure of `operation`.
    pub(crate) fn unavailable<E, R>(operation: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        Self::Unavailable {
            operation,
            detail: said(error),
        }
    }

    pub(crate) fn corrupt(what: &'static str, detail: impl std::fmt::Display) -> Self {
        Self::Corrupt {
            what,
            detail: detail.to_string(),
        }
    }
}

/// What the SDK says of a failure: AWS's code and message, or how far the call got.
/// Never the raw answer, which may hold a secret.
pub(crate) fn said<E, R>(error: &SdkError<E, R>) -> String
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    if let Some(service) = error.as_service_error() {
        let message = service.message().unwrap_or("no message");
        return format!("{}: {message}", service.code().unwrap_or("no code"));
    }
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        said.push_str(": ");
        said.push_str(&cause.to_string());
        source = cause.source();
    }
    said
}
