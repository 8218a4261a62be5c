//! What failed reads and writes of the books mean, in a carrier's terms.

use std::time::Duration;

use super::ID;
use crate::{
    carrier::{Effect, Error, ErrorKind},
    store::{
        self,
        local::{Ending, Unwritten},
    },
};

/// How long to wait after there was too much at once. DynamoDB names no time; its
/// partitions recover within seconds.
const BREATHER: Duration = Duration::from_secs(1);

/// A refusal, after which nothing was done.
pub(super) fn refused(operation: &'static str, kind: ErrorKind) -> Error {
    Error::new(ID, operation, kind, Effect::None)
}

/// A read that was not answered. Reads change nothing.
pub(super) fn unread(operation: &'static str, error: store::Error) -> Error {
    refused(operation, ErrorKind::Unavailable).with_source(error)
}

/// A write that was not answered: done, perhaps.
pub(super) fn unwritten(operation: &'static str, error: Unwritten) -> Error {
    let (kind, effect, wait) = match error.ending {
        Ending::NotSent | Ending::Refused => (ErrorKind::Unavailable, Effect::None, None),
        Ending::Limited => (ErrorKind::RateLimited, Effect::None, Some(BREATHER)),
        Ending::Unanswered => (ErrorKind::Unavailable, Effect::Unknown, None),
    };
    Error::new(ID, operation, kind, effect)
        .with_retry_after(wait)
        .with_source(error)
}
