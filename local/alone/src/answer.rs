//! What a function answered, and whether that is what its event is about.

use anyhow::{Context, Result, bail, ensure};
use lambda_http::{Body, Response};
use numberline_events::{Answer, HttpEvent};
use serde_json::Value;

/// What is to become of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It is done: a request with a status below 400, a batch to its last record.
    Done,
    /// A request is refused with this status.
    Status(u16),
    /// So many records of a batch are to come again.
    Failures(usize),
}

impl Expected {
    /// Holds an answer to it; what was answered, in short.
    pub(crate) fn check(self, event: &Value, answer: &Value) -> Result<String> {
        ensure!(
            answer.get("errorType").is_none(),
            "the function failed: {answer}"
        );
        if event.get("version").is_some_and(|version| version == "2.0") {
            return self.check_status(event, answer);
        }
        let failures = failures(answer);
        let wanted = match self {
            Self::Done => 0,
            Self::Failures(wanted) => wanted,
            Self::Status(_) => bail!("a batch has no status"),
        };
        ensure!(
            failures == wanted,
            "{failures} of its records failed, not {wanted}: {answer}"
        );
        Ok(match failures {
            0 => "done".to_owned(),
            _ => format!("{failures} to come again"),
        })
    }

    fn check_status(self, event: &Value, answer: &Value) -> Result<String> {
        let response = response(answer)?;
        let status = response.status();
        let as_wanted = match self {
            Self::Done => status.as_u16() < 400,
            Self::Status(wanted) => status == wanted,
            Self::Failures(_) => bail!("a request has no failed records"),
        };
        ensure!(as_wanted, "it answered {answer}");
        // And what it answered is what `openapi.yaml` says of it.
        Answer::to(&HttpEvent::read(&event.to_string())?, response)?;
        Ok(status.to_string())
    }
}

/// The response in the gateway's words, as a function puts it.
fn response(answer: &Value) -> Result<Response<Body>> {
    let status = answer.get("statusCode").and_then(Value::as_u64);
    let status = status.with_context(|| format!("an answer without a status: {answer}"))?;
    let mut response = Response::builder().status(u16::try_from(status)?);
    let headers = answer.get("headers").and_then(Value::as_object);
    for (name, value) in headers.into_iter().flatten() {
        response = response.header(name, value.as_str().unwrap_or_default());
    }
    let body = answer.get("body").and_then(Value::as_str);
    let body = body.filter(|body| !body.is_empty());
    Ok(response.body(body.map_or(Body::Empty, Body::from))?)
}

fn failures(answer: &Value) -> usize {
    let failures = answer.get("batchItemFailures").and_then(Value::as_array);
    failures.map_or(0, Vec::len)
}

#[cfg(test)]
mod tests {
    use numberline_tests::repository::root;
    use serde_json::{Value, json};

    use super::Expected;

    fn plans() -> Value {
        let file = root().join("events/workspaces/plans.json");
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    fn answered(status: u16, body: &Value) -> Value {
        let kind = if status < 400 { "json" } else { "problem+json" };
        json!({
            "statusCode": status,
            "headers": { "content-type": format!("application/{kind}") },
            "body": body.to_string(),
        })
    }

    #[test]
    fn what_was_refused_is_not_done() {
        let problem = json!({ "code": "unauthenticated" });
        let error = Expected::Done
            .check(&plans(), &answered(401, &problem))
            .unwrap_err();
        assert!(error.to_string().contains("unauthenticated"), "{error}");
    }

    #[test]
    fn what_the_contract_does_not_describe_is_not_done() {
        let error = Expected::Done.check(&plans(), &answered(200, &json!({ "plans": 7 })));
        assert!(error.is_err());
    }

    #[test]
    fn records_that_failed_are_counted() {
        let batch = json!({ "Records": [] });
        let answer = json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] });
        assert!(Expected::Done.check(&batch, &answer).is_err());
        assert_eq!(
            Expected::Failures(1).check(&batch, &answer).unwrap(),
            "1 to come again"
        );
        assert_eq!(Expected::Done.check(&batch, &Value::Null).unwrap(), "done");
    }

    #[test]
    fn a_failure_of_the_function_itself_is_never_wanted() {
        let answer = json!({ "errorType": "Error", "errorMessage": "no" });
        for expected in [Expected::Done, Expected::Failures(0)] {
            assert!(expected.check(&json!({}), &answer).is_err());
        }
    }
}
