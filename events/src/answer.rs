//! What a function answered: held against the contract, and shown as a snapshot.

use std::fmt;

use anyhow::{Context, Result, bail, ensure};
use http::{HeaderMap, StatusCode, header};
use lambda_http::{Body, Response};
use serde_json::Value;

use crate::{
    Contract, HttpEvent, Operation,
    secrecy::given_away,
    shown::{shown, shown_json},
};

/// Headers whose values are worth seeing.
const SHOWN: [header::HeaderName; 3] =
    [header::CONTENT_TYPE, header::LOCATION, header::RETRY_AFTER];

/// An answer that keeps the contract.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    /// What was answered to `event`. Fails where `openapi.yaml` says something else, or
    /// where an answer of the API gives away what none may (P8).
    pub fn to(event: &HttpEvent, response: Response<Body>) -> Result<Self> {
        let (parts, body) = response.into_parts();
        let body = match body {
            Body::Text(text) => text,
            Body::Empty => String::new(),
            Body::Binary(_) => bail!("an answer that is text"),
            _ => bail!("an answer of a known kind"),
        };
        let answer = Self {
            status: parts.status,
            headers: parts.headers,
            body,
        };
        let operation = Contract::read()?.operation(event.method(), event.path());
        let operation = operation.context("an operation of the contract")?;
        answer
            .check(&operation, event)
            .with_context(|| format!("{operation} answered {answer}"))?;
        if event.path().starts_with("/api") {
            answer
                .check_secrecy()
                .with_context(|| format!("{operation}"))?;
        }
        Ok(answer)
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        Ok(serde_json::from_str(&self.body)?)
    }

    /// One line: the status, the problem's code and sentence, and where it points.
    pub fn in_short(&self) -> Result<String> {
        let body = self.json()?;
        let text = |pointer| body.pointer(pointer).and_then(Value::as_str);
        let code = text("/code").context("a problem")?;
        let detail = text("/detail").unwrap_or_default();
        let at = text("/errors/0/pointer").map(|pointer| format!(" at {pointer:?}"));
        let again = self.header(&header::RETRY_AFTER);
        let again = again.map(|seconds| format!(" (again in {seconds} s)"));
        Ok(format!(
            "{} {code}{}{}: {detail}",
            self.status.as_u16(),
            at.unwrap_or_default(),
            again.unwrap_or_default()
        ))
    }

    fn header(&self, name: &header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn check(&self, operation: &Operation, event: &HttpEvent) -> Result<()> {
        let response = operation.response(self.status.as_u16())?;
        self.check_headers(response)?;
        let contract = Contract::read()?;
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            ensure!(self.body.is_empty(), "a body that is not described");
            return Ok(());
        };
        let media_type = self.header(&header::CONTENT_TYPE).unwrap_or_default();
        let described = content.get(media_type);
        let described = described.with_context(|| format!("{media_type} is not described"))?;
        if media_type == "application/xml" {
            return Ok(());
        }
        let schema = described.get("schema").context("a schema")?;
        let body = self.json()?;
        contract.check(schema, &body)?;
        self.check_request(operation, event, &body)
    }

    /// What was done was described, and what was no described body was not done.
    fn check_request(&self, operation: &Operation, event: &HttpEvent, body: &Value) -> Result<()> {
        let code = body.get("code").and_then(Value::as_str);
        if self.status.is_success() {
            return operation.check_request(event.body());
        }
        let described = operation.check_request(event.body()).is_ok();
        ensure!(
            !(described && code == Some("invalid_body")),
            "refused a body that the contract describes"
        );
        Ok(())
    }

    fn check_secrecy(&self) -> Result<()> {
        let headers = self
            .headers
            .values()
            .filter_map(|value| value.to_str().ok());
        for text in headers.chain([self.body.as_str()]) {
            if let Some(what) = given_away(text) {
                bail!("the answer gives away {what}: {text}");
            }
        }
        Ok(())
    }

    fn check_headers(&self, response: &Value) -> Result<()> {
        let described = response.get("headers").and_then(Value::as_object);
        for name in [header::LOCATION, header::RETRY_AFTER] {
            let header = described.and_then(|headers| {
                headers
                    .iter()
                    .find(|(described, _)| described.eq_ignore_ascii_case(name.as_str()))
            });
            let given = self.header(&name).is_some();
            ensure!(!given || header.is_some(), "{name} is not described");
            let needed = name == header::LOCATION && header.is_some();
            ensure!(given || !needed, "{name} is missing");
        }
        Ok(())
    }
}

/// As a snapshot shows it: the body indented, what a run made up left out.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        for name in SHOWN {
            if let Some(value) = self.header(&name) {
                writeln!(f, "{name}: {}", shown(value))?;
            }
        }
        match self.json() {
            Ok(body) => write!(f, "\n{}", shown_json(&body)),
            Err(_) => write!(f, "\n{}", self.body),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{StatusCode, header};
    use lambda_http::{Body, Response};
    use serde_json::json;

    use super::Answer;
    use crate::HttpEvent;

    /// A problem as `GET /api/plans` may answer it, with this sentence.
    fn answered(detail: &str) -> anyhow::Result<Answer> {
        let event = HttpEvent::read(include_str!("../workspaces/plans.json"))?;
        let problem = json!({
            "type": "urn:numberline:problem:unauthenticated",
            "title": "Unauthorized",
            "status": 401,
            "code": "unauthenticated",
            "detail": detail,
            "retryable": false,
        });
        let response = Response::builder()
            .status(StatusCode::UNAUTHORIZED)
            .header(header::CONTENT_TYPE, "application/problem+json")
            .body(Body::from(problem.to_string()))?;
        Answer::to(&event, response)
    }

    #[test]
    fn an_answer_that_names_the_carrier_is_none() {
        answered("sign in first").unwrap();
        let refused = answered("SignalWire says no").unwrap_err();
        let refused = format!("{refused:#}");
        assert!(refused.contains("gives away the carrier"), "{refused}");
    }
}
