//! What a failed request means: the carrier's code first, then the status,
//! because neither error list says which status a code comes with.
//!
//! Codes are those of the native and of the LaML error list (2026-08-21).
//! Where they leave a case open, the choice and its reason stand at the arm.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode, header};
use serde_json::Value;

use super::{ID, ending::Ending};
use crate::carrier::{Effect, Error, ErrorKind, Response, TransportError};

/// A code longer than this is no code.
const CODE_MAX: usize = 64;

/// An answer that refuses, for whoever reads the log. Without the carrier's
/// message: that may quote what was sent.
#[derive(Debug, thiserror::Error)]
#[error("answered {status}, request id {request_id}")]
struct Refusal {
    status: StatusCode,
    request_id: String,
}

/// A success whose body is not what it should be. Without the body: it may hold
/// secrets.
#[derive(Debug, thiserror::Error)]
#[error("the answer cannot be read: {0}")]
struct Unreadable(&'static str);

/// A request that was answered with anything but success.
pub(super) fn refused(operation: &'static str, method: &Method, response: &Response) -> Error {
    let status = response.status();
    let codes = codes(response.body());
    let kind = codes
        .iter()
        .find_map(|code| kind_of_code(operation, code))
        .unwrap_or_else(|| kind_of_status(operation, status, codes.is_empty()));
    let code = codes.into_iter().next();
    let request_id = request_id(response.headers());
    Error::new(ID, operation, kind, Ending::answered(status).effect(method))
        .with_code(code.unwrap_or_else(|| status.as_u16().to_string()))
        .with_retry_after(retry_after(response.headers()))
        .with_source(Refusal { status, request_id })
}

/// A request that brought no answer.
pub(super) fn unanswered(operation: &'static str, method: &Method, error: TransportError) -> Error {
    let effect = Ending::from(error.kind).effect(method);
    Error::new(ID, operation, ErrorKind::Unavailable, effect).with_source(error)
}

/// A request that succeeded with an answer we cannot read.
pub(super) fn unreadable(operation: &'static str, method: &Method, what: &'static str) -> Error {
    let effect = Ending::Unreadable.effect(method);
    Error::new(ID, operation, ErrorKind::Unexpected, effect).with_source(Unreadable(what))
}

/// `error` as part of a longer operation that had begun to change things.
pub(super) fn midway(operation: &'static str, error: Error) -> Error {
    let outer = Error::new(ID, operation, error.kind(), Effect::Unknown)
        .with_retry_after(error.retry_after());
    let outer = match error.code() {
        Some(code) => outer.with_code(code),
        None => outer,
    };
    outer.with_source(error)
}

/// The codes of an answer, in any of its four shapes: two kinds of `errors`
/// list, a LaML object with a number, and a bare `error` text without a code.
fn codes(body: &[u8]) -> Vec<String> {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    let listed = answer.get("errors").and_then(Value::as_array);
    listed
        .into_iter()
        .flatten()
        .chain([&answer])
        .filter_map(|error| match error.get("code")? {
            Value::String(code) => Some(code.clone()),
            Value::Number(code) => Some(code.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        })
        .filter(|code| is_code(code))
        .collect()
}

fn is_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.len() <= CODE_MAX && text.bytes().all(plain)
}

fn kind_of_code(operation: &str, code: &str) -> Option<ErrorKind> {
    let buying = operation == "purchase";
    Some(match code {
        // "The resource could not be purchased."
        "could_not_purchase" => ErrorKind::NumberUnavailable,
        // LaML has no code for a number that is gone. Ours is always well
        // formed, so "invalid format" and "invalid argument" of a purchase speak
        // of what cannot be bought; likewise "already assigned", which may mean
        // to us: the order machine looks before it moves on.
        "21401"
        | "10000"
        | "already_assigned"
        | "not_unique_within_project"
        | "not_unique_within_space"
        | "value_not_unique"
        | "number_blacklisted"
        | "not_e164"
        | "invalid_number_format"
            if buying =>
        {
            ErrorKind::NumberUnavailable
        }
        // Purchases are also refused with their own status for a code, without
        // a detail (signalwire-legacy-node#503).
        "422" if buying => ErrorKind::NumberUnavailable,
        // "Costs more than the available balance"; 30002 is that of messages.
        "insufficient_balance" | "insufficient_balance_to_send_message" | "4001" | "30002" => {
            ErrorKind::InsufficientFunds
        }
        // "This number was purchased too recently to release."
        "purchased_too_recently" | "22121" => ErrorKind::Held,
        // "The account must be upgraded", "not enabled on the Space", and kin.
        "account_limit_exceeded"
        | "unsupported_region"
        | "feature_not_available"
        | "not_allowed_on_subscription_plan"
        | "nested_subprojects_not_allowed"
        | "sending_disabled_for_space"
        | "10001"
        | "20010"
        | "21219" => ErrorKind::AccountLimit,
        // A token that is not the account's; one without the scope says 401.
        "20003" | "10004" | "must_belong_to_project" | "invalid_subproject_id" => {
            ErrorKind::Unauthenticated
        }
        // "The 'From' number must belong to an active campaign" (10DLC).
        "21717"
        | "inactive_campaign"
        | "campaign_not_active"
        | "associated_campaign_inactive"
        | "associated_campaign_suspended" => ErrorKind::RegulatoryHold,
        // "The recipient has opted out of receiving messages from this number."
        "21610" | "message_blocked_by_number" => ErrorKind::OptedOut,
        // Too many requests, and full queues of messages.
        "rate_limit_exceeded"
        | "20429"
        | "21611"
        | "30022"
        | "campaign_throughput_exceeded"
        | "max_queued_messages_exceeded"
        | "message_backlog_limit_exceeded" => ErrorKind::RateLimited,
        "20404" | "does_not_exist" => ErrorKind::NotFound,
        _ => return None,
    })
}

fn kind_of_status(operation: &str, status: StatusCode, bare: bool) -> ErrorKind {
    match status.as_u16() {
        // Missing scopes are 401 in the description and 403 in the guide.
        401 | 403 => ErrorKind::Unauthenticated,
        404 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        // A purchase refused without any code speaks of the number; one with a
        // code we do not know speaks of something else.
        409 | 422 if bare && operation == "purchase" => ErrorKind::NumberUnavailable,
        400..=499 => ErrorKind::Rejected,
        500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Unexpected,
    }
}

/// In seconds. Whether SignalWire sends it is not documented; its SDK reads it.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// The carrier's name for the request, to quote to its support.
fn request_id(headers: &HeaderMap) -> String {
    headers
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .filter(|id| id.len() <= CODE_MAX)
        .unwrap_or("unknown")
        .to_owned()
}

#[cfg(test)]
mod tests;
