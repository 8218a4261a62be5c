//! Replies, and how they become responses.

use http::{HeaderName, HeaderValue, StatusCode, header};
use lambda_http::{Body, Request, RequestExt, Response, request::RequestContext};
use serde::Serialize;

use super::{
    problem::{Problem, cause, code},
    telemetry::{Metric, Sink, count_in},
};
use crate::{app::workspaces::SignedUp, domain::Timestamp};

/// What a function answers when it did what was asked.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    body: Vec<u8>,
    headers: Vec<(HeaderName, String)>,
}

impl Reply {
    fn json(status: StatusCode, view: &impl Serialize) -> Self {
        let body = serde_json::to_vec(view).unwrap_or_default();
        Self {
            status,
            body,
            headers: Vec::new(),
        }
    }

    /// 200 with `view`.
    pub fn ok(view: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, view)
    }

    /// 201 with `view`, which is found at `location`.
    pub fn created(location: String, view: &impl Serialize) -> Self {
        Self::json(StatusCode::CREATED, view).at(location)
    }

    /// 202 with `view`, to be followed at `location`.
    pub fn accepted(location: String, view: &impl Serialize) -> Self {
        Self::json(StatusCode::ACCEPTED, view).at(location)
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: Vec::new(),
            headers: Vec::new(),
        }
    }

    fn at(mut self, location: String) -> Self {
        self.headers.push((header::LOCATION, location));
        self
    }

    /// Adds when it is worth asking again.
    #[must_use]
    pub fn retry_after(mut self, millis: Option<u32>) -> Self {
        if let Some(millis) = millis {
            self.headers
                .push((header::RETRY_AFTER, millis.div_ceil(1_000).to_string()));
        }
        self
    }
}

/// Turns what a function came to into a response. Never an error: Lambda would show
/// the gateway's own.
pub fn respond(request: &Request, result: Result<Reply, Problem>) -> Response<Body> {
    match result {
        Ok(reply) => {
            let mut response = write(reply.status, "application/json", reply.body);
            for (name, value) in reply.headers {
                put_header(&mut response, name, &value);
            }
            response
        }
        Err(problem) => refuse(request, &problem),
    }
}

fn refuse(request: &Request, problem: &Problem) -> Response<Body> {
    let request_id = request_id(request);
    let Problem {
        status,
        code,
        cause,
        ..
    } = problem;
    let cause = cause.as_deref().unwrap_or_default();
    let request = request_id.as_deref().unwrap_or_default();
    if status.is_server_error() {
        tracing::error!(problem.code = code, cause, request.id = request, "not done");
    } else {
        tracing::info!(problem.code = code, request.id = request, "refused");
    }
    let body = problem.body(request_id.as_deref());
    let mut response = write(*status, "application/problem+json", body);
    if let Some(seconds) = problem.retry_after_seconds {
        put_header(&mut response, header::RETRY_AFTER, &seconds.to_string());
    }
    response
}

/// Says in the log, and counts, that a workspace stands without the number that was
/// wanted with it: its founder is told, and nobody else would be.
pub fn report_missing_number(
    request: &Request,
    signed_up: &SignedUp,
    metrics: &dyn Sink,
    now: Timestamp,
) {
    let Some(warning) = &signed_up.warning else {
        return;
    };
    let code = code(warning);
    let request_id = request_id(request).unwrap_or_default();
    tracing::error!(
        problem.code = code,
        cause = cause(warning).as_deref().unwrap_or_default(),
        workspace.id = %signed_up.workspace.id,
        request.id = request_id,
        "signed up without a number"
    );
    count_in(metrics, Metric::SignUpsWithoutNumber, code, 1, now);
}

fn write(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<Body> {
    let body = match String::from_utf8(body) {
        Ok(text) if text.is_empty() => Body::Empty,
        Ok(text) => Body::Text(text),
        Err(bytes) => Body::Binary(bytes.into_bytes()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if status != StatusCode::NO_CONTENT {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn put_header(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The request's id: the gateway's where there is one.
fn request_id(request: &Request) -> Option<String> {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
        Some(_) | None => None,
    }
}
