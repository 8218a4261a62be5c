use bytes::Bytes;

use super::{
    Duration, Effect, Ending, ErrorKind, Method, Operation, Response, TransportError, midway,
    refused, unanswered, unreadable,
};
use crate::carrier::TransportErrorKind;

fn answer(status: u16, body: &str) -> Response {
    http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

fn relay(code: &str) -> String {
    format!(r#"{{"errors":[{{"detail":null,"status":"422","title":"x","code":"{code}"}}]}}"#)
}

fn laml(code: u32) -> String {
    format!(r#"{{"code":{code},"message":"no +15125550123","more_info":"x","status":422}}"#)
}

/// The other thing that 10000 says.
fn blank() -> String {
    laml(10000).replace("no +15125550123", "A required argument was left blank")
}

#[track_caller]
fn check(operation: Operation, status: u16, body: &str, kind: ErrorKind) {
    judge(operation, status, body, kind, Effect::None);
}

#[track_caller]
fn judge(operation: Operation, status: u16, body: &str, kind: ErrorKind, effect: Effect) {
    let error = refused(operation, &Method::POST, &answer(status, body)).error;
    let judged = (error.kind(), error.effect());
    assert_eq!(judged, (kind, effect), "{operation:?} {status} {body}");
}

#[test]
fn a_purchase_is_refused_for_the_number_or_for_something_else() {
    use ErrorKind::{AccountLimit, InsufficientFunds, NumberUnavailable, Rejected};
    for (status, body, kind) in [
        (422, relay("could_not_purchase"), NumberUnavailable),
        (422, relay("422"), NumberUnavailable),
        (422, laml(21401), NumberUnavailable),
        (400, laml(10000), NumberUnavailable),
        (422, relay("already_assigned"), NumberUnavailable),
        (409, String::new(), NumberUnavailable),
        (422, "<html>".to_owned(), NumberUnavailable),
        (422, laml(21402), Rejected),
        (400, relay("missing_required_parameter"), Rejected),
        (422, laml(90000), Rejected),
        (422, blank(), Rejected),
        (422, relay("insufficient_balance"), InsufficientFunds),
        (422, laml(4001), InsufficientFunds),
        (422, relay("account_limit_exceeded"), AccountLimit),
        (422, laml(10001), AccountLimit),
    ] {
        check(Operation::Purchase, status, &body, kind);
    }
}

#[test]
fn other_refusals_are_told_apart_in_all_four_shapes() {
    use ErrorKind::{
        AccountLimit, Held, NotFound, OptedOut, RateLimited, RegulatoryHold, Rejected,
        Unauthenticated,
    };
    let listed = r#"{"errors":[{"type":"validation_error","code":"nested_subprojects_not_allowed","message":"m","attribute":"a","url":"u"}]}"#;
    let second = r#"{"errors":[{"code":"invalid_parameter"},{"code":"rate_limit_exceeded"}]}"#;
    for (operation, status, body, kind) in [
        (
            Operation::Search,
            401,
            r#"{"error":"Unauthorized"}"#,
            Unauthenticated,
        ),
        (Operation::Search, 403, "", Unauthenticated),
        (Operation::Search, 422, &laml(20003), Unauthenticated),
        (
            Operation::CreateToken,
            422,
            &relay("invalid_subproject_id"),
            Unauthenticated,
        ),
        (Operation::Release, 422, &laml(22121), Held),
        (
            Operation::Release,
            422,
            &relay("purchased_too_recently"),
            Held,
        ),
        (
            Operation::Release,
            404,
            r#"{"error":"Not Found"}"#,
            NotFound,
        ),
        (Operation::Release, 400, &laml(20404), NotFound),
        (Operation::Release, 409, "", Rejected),
        (Operation::CreateProject, 422, listed, AccountLimit),
        (
            Operation::CloseSubproject,
            422,
            &relay("phone_numbers_must_be_removed"),
            Rejected,
        ),
        (Operation::CreateProject, 422, second, RateLimited),
        (
            Operation::CreateSipCredential,
            422,
            &relay("not_unique_within_project"),
            Rejected,
        ),
        (
            Operation::CreateSipCredential,
            422,
            &relay("not_purchased_or_verified"),
            Rejected,
        ),
        (Operation::SendMessage, 422, &laml(21717), RegulatoryHold),
        (Operation::SendMessage, 422, &laml(21610), OptedOut),
        (Operation::SendMessage, 422, &laml(21611), RateLimited),
        (Operation::SendMessage, 422, &laml(21401), Rejected),
        (Operation::Search, 429, "", RateLimited),
    ] {
        check(operation, status, body, kind);
    }
}

const FAILURES: [&str; 6] = [
    "20001",
    "20504",
    "31003",
    "internal_error_occurred",
    "unknown_error",
    "cannot_process",
];

#[test]
fn a_refusal_that_speaks_of_a_failure_says_nothing_of_what_was_done() {
    use Operation::{
        Configure, CreateProject, CreateToken, Purchase, Release, SendMessage, Transfer,
    };
    for operation in [
        Purchase,
        Configure,
        Release,
        Transfer,
        CreateProject,
        CreateToken,
        SendMessage,
    ] {
        for code in FAILURES {
            for status in [400, 404, 409, 422] {
                let body = relay(code);
                judge(
                    operation,
                    status,
                    &body,
                    ErrorKind::Unavailable,
                    Effect::Unknown,
                );
            }
        }
        let beside = r#"{"errors":[{"code":"could_not_purchase"},{"code":"unknown_error"}]}"#;
        let unavailable = ErrorKind::NumberUnavailable;
        judge(operation, 422, beside, unavailable, Effect::Unknown);
        judge(operation, 408, "", ErrorKind::Unavailable, Effect::Unknown);
    }
    judge(
        Purchase,
        422,
        &laml(20504),
        ErrorKind::Unavailable,
        Effect::Unknown,
    );
    let read = refused(Operation::Get, &Method::GET, &answer(422, &laml(20504)));
    assert_eq!(read.error.effect(), Effect::None);
    assert_eq!(read.ending, Ending::Failed);
}

#[test]
fn a_purchase_is_refused_only_by_what_we_understand() {
    for (status, body) in [
        (400, String::new()),
        (400, r#"{"error":"Bad Request"}"#.to_owned()),
        (405, String::new()),
        (409, relay("out_of_sync")),
        (422, relay("something_new")),
        (422, laml(12345)),
    ] {
        let rejected = ErrorKind::Rejected;
        judge(
            Operation::Purchase,
            status,
            &body,
            rejected,
            Effect::Unknown,
        );
        judge(Operation::Configure, status, &body, rejected, Effect::None);
    }
    for (status, kind) in [
        (401, ErrorKind::Unauthenticated),
        (403, ErrorKind::Unauthenticated),
        (404, ErrorKind::NotFound),
        (429, ErrorKind::RateLimited),
    ] {
        check(Operation::Purchase, status, "", kind);
        check(Operation::Purchase, status, &laml(12345), kind);
    }
}

#[test]
fn a_failing_carrier_may_have_sold() {
    for (method, effect) in [(Method::POST, Effect::Unknown), (Method::GET, Effect::None)] {
        let failed = refused(Operation::Purchase, &method, &answer(502, "")).error;
        let state = (failed.kind(), failed.effect());
        assert_eq!(state, (ErrorKind::Unavailable, effect));
        let moved = refused(Operation::Purchase, &method, &answer(302, "")).error;
        let state = (moved.kind(), moved.effect());
        assert_eq!(state, (ErrorKind::Unexpected, effect));
        let garbled = unreadable(Operation::Purchase, &method, "not JSON");
        let state = (garbled.kind(), garbled.effect());
        assert_eq!(state, (ErrorKind::Unexpected, effect));
    }
    let refused_connection = TransportError::new(TransportErrorKind::Connect, "refused");
    let never_sent = unanswered(Operation::Purchase, &Method::POST, refused_connection).error;
    let state = (never_sent.kind(), never_sent.effect());
    assert_eq!(state, (ErrorKind::Unavailable, Effect::None));
}

#[test]
fn how_long_to_wait_is_kept_and_survives_midway() {
    let mut limited = answer(429, &laml(20429));
    limited
        .headers_mut()
        .insert("retry-after", "7".parse().unwrap());
    let error = refused(Operation::CreateToken, &Method::POST, &limited).error;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let outer = midway(Operation::EnsureSubproject, error);
    assert_eq!(outer.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(outer.code(), Some("20429"));
    let state = (outer.kind(), outer.effect());
    assert_eq!(state, (ErrorKind::RateLimited, Effect::Unknown));
}

#[test]
fn an_error_tells_the_code_and_the_request_and_nothing_that_was_sent() {
    let mut response = answer(422, &laml(21211));
    response
        .headers_mut()
        .insert("x-request-id", "req-9".parse().unwrap());
    let error = refused(Operation::SendMessage, &Method::POST, &response).error;
    let line = error.to_string();
    assert_eq!(
        line,
        "signalwire send_message: Rejected (effect None, code 21211, status 422, request req-9)"
    );
    let outer = midway(Operation::EnsureSubproject, error).to_string();
    assert!(outer.ends_with("status 422, request req-9)"), "{outer}");
    response
        .headers_mut()
        .insert("x-request-id", "a secret?".parse().unwrap());
    let error = refused(Operation::SendMessage, &Method::POST, &response).error;
    assert!(error.to_string().ends_with("status 422)"), "{error}");
    let everything = format!("{error:?}");
    assert!(!everything.contains("5550123"), "{everything}");
    let strange = answer(422, r#"{"code":"<script>"}"#);
    let error = refused(Operation::SendMessage, &Method::POST, &strange).error;
    assert_eq!(error.code(), Some("422"));
}
