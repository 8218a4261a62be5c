//! Writes that did not come to an answer, and whether they may have been made.

use std::{error::Error as StdError, io};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::store::{self, error::said};

/// A write of the local carrier's books that did not come to an answer.
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {detail}")]
pub struct Unwritten {
    operation: &'static str,
    /// How it ended.
    pub ending: Ending,
    detail: String,
}

/// How a write ended that was not answered with yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was never sent.
    NotSent,
    /// It was refused before it had any effect.
    Refused,
    /// There were too many at once. Nothing was written.
    Limited,
    /// No answer came, or one that says nothing: it may have been written.
    Unanswered,
}

/// What DynamoDB says when there is too much at once, or another transaction on the item.
const LIMITS: [&str; 4] = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionConflictException",
];

impl Unwritten {
    /// A row that could not be put in shape.
    pub(super) fn not_sent(error: &store::Error) -> Self {
        Self {
            operation: "local row",
            ending: Ending::NotSent,
            detail: error.to_string(),
        }
    }

    /// False for a condition that did not hold, and an error for everything else.
    pub(super) fn unless_refused<E>(
        operation: &'static str,
        error: &SdkError<E, HttpResponse>,
    ) -> Result<bool, Self>
    where
        E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
    {
        if error.code() == Some("ConditionalCheckFailedException") {
            return Ok(false);
        }
        Err(Self {
            operation,
            ending: ending(error),
            detail: said(error),
        })
    }
}

fn ending<E>(error: &SdkError<E, HttpResponse>) -> Ending
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    if matches!(error, SdkError::ConstructionFailure(_)) || never_connected(error) {
        return Ending::NotSent;
    }
    // Only a refusal says that nothing was written. A success that cannot be read counts
    // as an error of the service, too.
    let failed = error
        .raw_response()
        .is_none_or(|response| !response.status().is_client_error());
    if error.as_service_error().is_none() {
        Ending::Unanswered
    } else if error.code().is_some_and(|code| LIMITS.contains(&code)) {
        Ending::Limited
    } else if failed {
        Ending::Unanswered
    } else {
        Ending::Refused
    }
}

/// Whether nobody listened: the one way to fail after which nothing can have arrived.
fn never_connected<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    let SdkError::DispatchFailure(failure) = error else {
        return false;
    };
    let mut cause = failure
        .as_connector_error()
        .map(|error| error as &(dyn StdError + 'static));
    while let Some(error) = cause {
        let refused = error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
        if refused {
            return true;
        }
        cause = error.source();
    }
    false
}
