//! What a failed request means: the carrier's code first, then the status,
//! because neither error list says which status a code comes with.
//!
//! A refusal is believed where it is understood. A code that speaks of a failure
//! of the carrier's, and any unknown code of a purchase, says nothing about what
//! was done: the effect is unknown, whatever the status.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode, header};

use self::codes::{Meaning, Reason};
use super::{ID, ending::Ending, operation::Operation};
use crate::carrier::{Answered, Effect, Error, ErrorKind, Response, TransportError};

mod codes;

/// A name of a request that is longer than this is none.
const REQUEST_ID_MAX: usize = 64;

/// A request that failed: what it means, and how it ended.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) ending: Ending,
    pub(super) error: Error,
}

/// A success whose body is not what it should be. Without the body: it may hold
/// secrets.
#[derive(Debug, thiserror::Error)]
#[error("the answer cannot be read: {0}")]
struct Unreadable(&'static str);

/// A request that was answered with anything but success. The carrier's message
/// is not kept: it may quote what was sent.
pub(super) fn refused(operation: Operation, method: &Method, response: &Response) -> Failed {
    let status = response.status();
    let reasons = codes::reasons(response.body());
    let meanings: Vec<Meaning> = reasons
        .iter()
        .filter_map(|reason| reason.meaning(operation))
        .collect();
    let ending = ending(operation, status, &reasons, &meanings);
    let kind = meanings
        .iter()
        .find_map(|meaning| meaning.kind())
        .unwrap_or_else(|| kind_of_status(operation, status, reasons.is_empty()));
    let code = reasons.into_iter().next().map(|reason| reason.code);
    let error = Error::new(ID, operation.name(), kind, ending.effect(method))
        .with_code(code.unwrap_or_else(|| status.as_u16().to_string()))
        .with_answer(Answered {
            status: status.as_u16(),
            request_id: request_id(response.headers()),
        })
        .with_retry_after(retry_after(response.headers()));
    Failed { ending, error }
}

/// A request that brought no answer.
pub(super) fn unanswered(operation: Operation, method: &Method, error: TransportError) -> Failed {
    let ending = Ending::from(error.kind);
    let effect = ending.effect(method);
    let error = Error::new(ID, operation.name(), ErrorKind::Unavailable, effect).with_source(error);
    Failed { ending, error }
}

/// A request that succeeded with an answer we cannot read.
pub(super) fn unreadable(operation: Operation, method: &Method, what: &'static str) -> Error {
    let effect = Ending::Unreadable.effect(method);
    Error::new(ID, operation.name(), ErrorKind::Unexpected, effect).with_source(Unreadable(what))
}

/// `error` as part of a longer operation that had begun to change things.
pub(super) fn midway(operation: Operation, error: Error) -> Error {
    let mut outer = Error::new(ID, operation.name(), error.kind(), Effect::Unknown)
        .with_retry_after(error.retry_after());
    if let Some(code) = error.code() {
        outer = outer.with_code(code);
    }
    if let Some(answered) = error.answered() {
        outer = outer.with_answer(answered.clone());
    }
    outer.with_source(error)
}

/// How far a request got that was answered with `status` and for these reasons.
fn ending(
    operation: Operation,
    status: StatusCode,
    reasons: &[Reason],
    meanings: &[Meaning],
) -> Ending {
    let ending = Ending::answered(status);
    let failed =
        meanings.contains(&Meaning::CarrierFailed) || status == StatusCode::REQUEST_TIMEOUT;
    let unknown = meanings.is_empty() && !is_refusal_by_itself(status, reasons.is_empty());
    if ending != Ending::Refused {
        ending
    } else if failed {
        Ending::Failed
    } else if operation == Operation::Purchase && unknown {
        Ending::Unreadable
    } else {
        Ending::Refused
    }
}

/// Whether a purchase with this status was certainly not made, without any code we
/// know: it was stopped at the door, or refused without any code.
fn is_refusal_by_itself(status: StatusCode, bare: bool) -> bool {
    match status.as_u16() {
        401 | 403 | 404 | 429 => true,
        409 | 422 => bare,
        _ => false,
    }
}

fn kind_of_status(operation: Operation, status: StatusCode, bare: bool) -> ErrorKind {
    match status.as_u16() {
        // Missing scopes are 401 in the description and 403 in the guide.
        401 | 403 => ErrorKind::Unauthenticated,
        404 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        // A purchase refused without any code speaks of the number; one with a
        // code we do not know speaks of something else.
        409 | 422 if bare && operation == Operation::Purchase => ErrorKind::NumberUnavailable,
        408 | 500..=599 => ErrorKind::Unavailable,
        400..=499 => ErrorKind::Rejected,
        _ => ErrorKind::Unexpected,
    }
}

/// In seconds. Whether SignalWire sends it is not documented; its SDK reads it.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// The carrier's name for the request, to quote to its support.
fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_name = (1..=REQUEST_ID_MAX).contains(&id.len()) && id.bytes().all(plain);
    is_name.then(|| id.to_owned())
}

#[cfg(test)]
mod tests;
