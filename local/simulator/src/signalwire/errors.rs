//! The wording of answers: four shapes of error, two of success.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use super::{refusal::Refusal, route::Dialect};

/// What an endpoint answers when it does not refuse.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// 200 with a body.
    Ok(Value),
    /// 201 with a body.
    Created(Value),
    /// 204.
    Gone,
}

/// What an endpoint comes to.
pub(super) type Outcome = Result<Answer, Refusal>;

/// Where both APIs explain their codes.
const NATIVE_LIST: &str = "https://signalwire.com/docs/apis/error-codes";
const LAML_LIST: &str = "https://signalwire.com/docs/compatibility-api/error-codes";

/// Seconds a client is told to wait after 429. The carrier documents none; its
/// own client honours the header where it comes.
const RETRY_AFTER_SECONDS: u16 = 1;

/// Words an outcome in the dialect of the path that was asked.
pub(super) fn worded(outcome: Outcome, dialect: Dialect) -> Response<Bytes> {
    match outcome {
        Ok(Answer::Ok(body)) => response(StatusCode::OK, &body),
        Ok(Answer::Created(body)) => response(StatusCode::CREATED, &body),
        Ok(Answer::Gone) => {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Err(refusal) => refused(&refusal, dialect),
    }
}

/// Words a refusal.
pub(super) fn refused(refusal: &Refusal, dialect: Dialect) -> Response<Bytes> {
    let body = match dialect {
        Dialect::Laml => laml(refusal),
        Dialect::Relay | Dialect::Api if is_bare(refusal.status) => {
            json!({"error": refusal.status.canonical_reason()})
        }
        Dialect::Relay => relay(refusal),
        Dialect::Api => api(refusal),
    };
    let mut response = response(refusal.status, &body);
    if refusal.status == StatusCode::TOO_MANY_REQUESTS {
        let wait = HeaderValue::from(RETRY_AFTER_SECONDS);
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

/// Natively these carry one word and no code.
fn is_bare(status: StatusCode) -> bool {
    [
        StatusCode::BAD_REQUEST,
        StatusCode::UNAUTHORIZED,
        StatusCode::NOT_FOUND,
        StatusCode::INTERNAL_SERVER_ERROR,
    ]
    .contains(&status)
}

fn relay(refusal: &Refusal) -> Value {
    let status = refusal.status.as_str();
    let (detail, code) = if refusal.vague {
        (Value::Null, status)
    } else {
        (refusal.message.as_str().into(), refusal.code)
    };
    json!({"errors": [{
        "detail": detail,
        "status": status,
        "title": "Invalid Attribute",
        "code": code,
    }]})
}

fn api(refusal: &Refusal) -> Value {
    json!({"errors": [{
        "type": "validation_error",
        "code": refusal.code,
        "message": refusal.message,
        "attribute": refusal.field,
        "url": NATIVE_LIST,
    }]})
}

fn laml(refusal: &Refusal) -> Value {
    json!({
        "code": refusal.laml,
        "message": refusal.message,
        "more_info": format!("{LAML_LIST}#{}", refusal.laml),
        "status": refusal.status.as_u16(),
    })
}

fn response(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(refusal: &Refusal, dialect: Dialect) -> Value {
        serde_json::from_slice(refused(refusal, dialect).body()).unwrap()
    }

    #[test]
    fn one_refusal_has_a_shape_in_each_dialect() {
        let refusal = Refusal::missing("name");
        assert_eq!(
            body(&refusal, Dialect::Relay),
            json!({"errors": [{"detail": "`name` is required", "status": "422",
                "title": "Invalid Attribute", "code": "missing_required_parameter"}]})
        );
        assert_eq!(
            body(&refusal, Dialect::Api),
            json!({"errors": [{"type": "validation_error", "code": "missing_required_parameter",
                "message": "`name` is required", "attribute": "name", "url": NATIVE_LIST}]})
        );
        assert_eq!(
            body(&refusal, Dialect::Laml),
            json!({"code": 10000, "message": "`name` is required", "status": 422,
                "more_info": format!("{LAML_LIST}#10000")})
        );
    }

    #[test]
    fn who_is_unknown_natively_gets_one_word() {
        for dialect in [Dialect::Relay, Dialect::Api] {
            let expected = json!({"error": "Unauthorized"});
            assert_eq!(body(&Refusal::unauthorized(), dialect), expected);
            let expected = json!({"error": "Not Found"});
            assert_eq!(body(&Refusal::not_found(), dialect), expected);
        }
        assert_eq!(body(&Refusal::unauthorized(), Dialect::Laml)["code"], 20003);
    }

    #[test]
    fn who_asks_too_often_is_told_when_to_come_back() {
        let response = refused(&Refusal::rate_limited(), Dialect::Relay);
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    }
}
