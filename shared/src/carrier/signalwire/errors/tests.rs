use bytes::Bytes;

use super::{
    Duration, Effect, ErrorKind, Method, Response, TransportError, midway, refused, unanswered,
    unreadable,
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

#[track_caller]
fn check(operation: &'static str, status: u16, body: &str, kind: ErrorKind) {
    let error = refused(operation, &Method::POST, &answer(status, body));
    assert_eq!(error.kind(), kind, "{operation} {status} {body}");
    assert_eq!(error.effect(), Effect::None, "{operation} {status} {body}");
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
        (400, String::new(), Rejected),
        (422, laml(21402), Rejected),
        (422, laml(90000), Rejected),
        (422, relay("insufficient_balance"), InsufficientFunds),
        (422, laml(4001), InsufficientFunds),
        (422, relay("account_limit_exceeded"), AccountLimit),
        (422, laml(10001), AccountLimit),
    ] {
        check("purchase", status, &body, kind);
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
            "search",
            401,
            r#"{"error":"Unauthorized"}"#,
            Unauthenticated,
        ),
        ("search", 403, "", Unauthenticated),
        ("search", 422, &laml(20003), Unauthenticated),
        (
            "create_token",
            422,
            &relay("invalid_subproject_id"),
            Unauthenticated,
        ),
        ("release", 422, &laml(22121), Held),
        ("release", 422, &relay("purchased_too_recently"), Held),
        ("release", 404, r#"{"error":"Not Found"}"#, NotFound),
        ("release", 400, &laml(20404), NotFound),
        ("release", 409, "", Rejected),
        ("create_project", 422, listed, AccountLimit),
        (
            "close_subproject",
            422,
            &relay("phone_numbers_must_be_removed"),
            Rejected,
        ),
        ("create_project", 422, second, RateLimited),
        (
            "create_sip_credential",
            422,
            &relay("not_unique_within_project"),
            Rejected,
        ),
        (
            "create_sip_credential",
            422,
            &relay("not_purchased_or_verified"),
            Rejected,
        ),
        ("send_message", 422, &laml(21717), RegulatoryHold),
        ("send_message", 422, &laml(21610), OptedOut),
        ("send_message", 422, &laml(21611), RateLimited),
        ("send_message", 422, &laml(21401), Rejected),
        ("search", 429, "", RateLimited),
    ] {
        check(operation, status, body, kind);
    }
}

#[test]
fn a_failing_carrier_may_have_sold() {
    for (method, effect) in [(Method::POST, Effect::Unknown), (Method::GET, Effect::None)] {
        let failed = refused("purchase", &method, &answer(502, ""));
        let state = (failed.kind(), failed.effect());
        assert_eq!(state, (ErrorKind::Unavailable, effect));
        let moved = refused("purchase", &method, &answer(302, ""));
        let state = (moved.kind(), moved.effect());
        assert_eq!(state, (ErrorKind::Unexpected, effect));
        let garbled = unreadable("purchase", &method, "not JSON");
        let state = (garbled.kind(), garbled.effect());
        assert_eq!(state, (ErrorKind::Unexpected, effect));
    }
    let refused_connection = TransportError::new(TransportErrorKind::Connect, "refused");
    let never_sent = unanswered("purchase", &Method::POST, refused_connection);
    let state = (never_sent.kind(), never_sent.effect());
    assert_eq!(state, (ErrorKind::Unavailable, Effect::None));
}

#[test]
fn how_long_to_wait_is_kept_and_survives_midway() {
    let mut limited = answer(429, &laml(20429));
    limited
        .headers_mut()
        .insert("retry-after", "7".parse().unwrap());
    let error = refused("create_token", &Method::POST, &limited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let outer = midway("ensure_subproject", error);
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
    let error = refused("send_message", &Method::POST, &response);
    let line = error.to_string();
    assert_eq!(
        line,
        "signalwire send_message: Rejected (effect None, code 21211)"
    );
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        source,
        "answered 422 Unprocessable Entity, request id req-9"
    );
    let everything = format!("{error:?}");
    assert!(!everything.contains("5550123"), "{everything}");
    let strange = answer(422, r#"{"code":"<script>"}"#);
    let error = refused("send_message", &Method::POST, &strange);
    assert_eq!(error.code(), Some("422"));
}
