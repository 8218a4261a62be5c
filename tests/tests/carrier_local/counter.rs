//! The way from the adapter to its tables: every request is counted by what it is for,
//! and comes to grief if that was arranged.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use numberline::carrier::contract::{Fault, Step};
use numberline_tests::lab::{Answer, Tables};
use serde_json::{Value, json};

/// An HTTP client that ends at tables, or where nobody listens.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    tables: Option<Tables>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    arranged: Vec<Arranged>,
    asked: Vec<Step>,
}

/// What is to go wrong: after so many requests, so many times.
#[derive(Debug)]
struct Arranged {
    step: Step,
    fault: Fault,
    answered: u32,
    count: u32,
}

impl Counter {
    pub(super) fn new(tables: Option<Tables>) -> Self {
        Self {
            tables,
            state: Arc::default(),
        }
    }

    pub(super) fn arrange(&self, step: Step, fault: Fault, count: u32) {
        self.push(step, fault, 0, count);
    }

    pub(super) fn arrange_after(&self, step: Step, answered: u32, fault: Fault) {
        self.push(step, fault, answered, u32::MAX);
    }

    pub(super) fn calm(&self) {
        self.state().arranged.clear();
    }

    fn push(&self, step: Step, fault: Fault, answered: u32, count: u32) {
        self.state().arranged.push(Arranged {
            step: as_counted(step),
            fault,
            answered,
            count,
        });
    }

    pub(super) fn asked(&self, step: Step) -> u64 {
        let (asked, step) = (self.state().asked.clone(), as_counted(step));
        asked.into_iter().filter(|asked| *asked == step).count() as u64
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request, and says what becomes of it.
    fn fate(&self, step: Step) -> Option<Fault> {
        let mut state = self.state();
        state.asked.push(step);
        let mut arranged = state.arranged.iter_mut();
        let next = arranged.find(|next| next.step == step && next.count > 0)?;
        if next.answered > 0 {
            next.answered -= 1;
            return None;
        }
        next.count -= 1;
        Some(next.fault)
    }

    fn answer(&self, request: &HttpRequest) -> Result<Answer, ConnectorError> {
        let Some(tables) = &self.tables else {
            let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
            return Err(ConnectorError::io(refused.into()));
        };
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let asked = serde_json::from_slice(body).unwrap_or_default();
        let lost = || ConnectorError::timeout("no answer".into());
        match step(operation, &asked).and_then(|step| self.fate(step)) {
            None => Ok(tables.answer(operation, body)),
            Some(Fault::LostRequest) => Err(lost()),
            Some(Fault::LostResponse) => {
                drop(tables.answer(operation, body));
                Err(lost())
            }
            Some(Fault::Garbled) => {
                let mut answer = tables.answer(operation, body);
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            Some(Fault::FalseRefusal) => {
                drop(tables.answer(operation, body));
                Ok(failure(500, "InternalServerError"))
            }
            Some(Fault::ServerError) => Ok(failure(500, "InternalServerError")),
            Some(Fault::RateLimit) => Ok(failure(400, "ProvisionedThroughputExceededException")),
        }
    }
}

/// A step as it is counted: new secrets and replaced ones are one request here.
fn as_counted(step: Step) -> Step {
    if step == Step::ReplaceSecret {
        Step::CreateSecret
    } else {
        step
    }
}

/// What of a carrier's work a request is.
fn step(operation: &str, asked: &Value) -> Option<Step> {
    let keys = [
        "/Item/sk/S",
        "/Key/sk/S",
        "/ExpressionAttributeValues/:prefix/S",
    ];
    let key = keys
        .into_iter()
        .find_map(|key| asked.pointer(key)?.as_str())?;
    let (kind, name) = key.split_once('#')?;
    Some(match (operation, kind) {
        ("Query", "SOLD") if !name.is_empty() => Step::Search,
        ("PutItem", "SOLD") => Step::Purchase,
        ("GetItem", "SOLD") => Step::Look,
        ("UpdateItem", "SOLD") if moves(asked) => Step::Transfer,
        ("UpdateItem", "SOLD") => Step::Configure,
        ("DeleteItem", "SOLD") => Step::Release,
        ("DeleteItem", "ACCOUNT") => Step::CloseSubproject,
        ("PutItem", "ACCOUNT") => Step::CreateSubproject,
        ("UpdateItem", "ACCOUNT") => Step::CreateSecret,
        ("PutItem", "SIP") => Step::CreateSipCredential,
        ("DeleteItem", "SIP") => Step::DeleteSipCredential,
        ("PutItem", "SENT") => Step::SendMessage,
        _ => return None,
    })
}

fn moves(asked: &Value) -> bool {
    asked.pointer("/ExpressionAttributeValues/:to").is_some()
}

fn failure(status: u16, code: &str) -> Answer {
    let body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}") });
    Answer {
        status,
        body: body.to_string(),
    }
}

impl HttpConnector for Counter {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answered = self.answer(&request).and_then(|answer| {
            let status = StatusCode::try_from(answer.status);
            let status = status.map_err(|error| ConnectorError::user(error.into()))?;
            Ok(HttpResponse::new(status, SdkBody::from(answer.body)))
        });
        HttpConnectorFuture::ready(answered)
    }
}

impl HttpClient for Counter {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
