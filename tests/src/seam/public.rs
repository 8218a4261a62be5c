//! The way to our own public address, where `webhook-inbound` answers: what probes go.
//!
//! The function's use case answers, without the function around it: that one counts on
//! the standard output, which here belongs to reports.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use numberline::{
    app::inbound::{Arrived, Mailroom, Refused},
    carrier::{Connection, Request, Response, Transport, TransportError, TransportErrorKind},
    domain::{probe, webhooks::WebhookPath},
};
use serde::Serialize;
use serde_json::json;

use super::{Call, Passed, Seam, Service};

/// How the public address behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Front {
    /// What arrives reaches the function.
    #[default]
    Open,
    /// Nobody listens.
    Dead,
    /// It answers too late.
    Slow,
    /// Something else answers everything with this status.
    Somebody(u16),
    /// What arrives reaches the function, which takes its address for this one.
    SeenAs(&'static str),
}

/// Makes a mailroom in a sandbox of its own, as another function is one: its calls
/// are no points of the one that probes.
pub type Sandbox = dyn Fn() -> Mailroom + Send + Sync;

/// A transport that ends in `webhook-inbound`, through the seam.
pub struct PublicTransport {
    seam: Arc<Seam>,
    base: &'static str,
    sandbox: Box<Sandbox>,
    front: Mutex<Front>,
}

impl fmt::Debug for PublicTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicTransport")
    }
}

impl PublicTransport {
    /// A transport to the function that `sandbox` makes, whose address is below `base`.
    #[must_use]
    pub fn new(seam: Arc<Seam>, base: &'static str, sandbox: Box<Sandbox>) -> Self {
        Self {
            seam,
            base,
            sandbox,
            front: Mutex::default(),
        }
    }

    /// From now on the address behaves so.
    pub fn behave(&self, front: Front) {
        *self.front.lock().unwrap_or_else(PoisonError::into_inner) = front;
    }

    async fn answer(&self, request: Request) -> Result<Response, TransportErrorKind> {
        let front = *self.front.lock().unwrap_or_else(PoisonError::into_inner);
        let base = match front {
            Front::Open => self.base,
            Front::SeenAs(base) => base,
            Front::Dead => return Err(TransportErrorKind::Connect),
            Front::Slow => return Err(TransportErrorKind::Timeout),
            Front::Somebody(status) => return Ok(bare(status)),
        };
        let (mailroom, uri) = ((self.sandbox)(), request.uri());
        let Some(path) = WebhookPath::read(uri.path()) else {
            return Ok(bare(403));
        };
        let signature = request.headers().get(probe::HEADER);
        let arrived = Arrived {
            body: request.body(),
            signature: signature
                .and_then(|signature| signature.to_str().ok())
                .unwrap_or_default(),
        };
        let address = format!("{base}{}", uri.path());
        Ok(match mailroom.prove(&path, arrived, &address).await {
            Ok(echo) => answer(200, &echo),
            Err(Refused::NoProbe(_) | Refused::UnknownAddress | Refused::NotProven(_)) => {
                answer(403, &json!({ "code": "not_proven" }))
            }
            Err(Refused::Store(_)) => bare(503),
            Err(Refused::UnknownNumber | Refused::OtherAccount) => bare(403),
        })
    }
}

fn answer(status: u16, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    bare(status).map(|_| body.into())
}

/// An answer with nothing in it.
fn bare(status: u16) -> Response {
    let mut response = Response::new(Bytes::new());
    if let Ok(status) = http::StatusCode::from_u16(status) {
        *response.status_mut() = status;
    }
    response
}

#[async_trait]
impl Transport for PublicTransport {
    async fn send(
        &self,
        request: Request,
        _connection: Connection,
    ) -> Result<Response, TransportError> {
        let signed = request.headers().contains_key(probe::HEADER);
        let operation = if signed { "probe" } else { "probe unsigned" };
        let call = Call {
            service: Service::Public,
            operation: operation.to_owned(),
            target: String::new(),
            series: operation.to_owned(),
            tries: 1,
            contended_tries: 0,
        };
        let answer = Box::pin(self.answer(request));
        let answered = match self.seam.pass(call, answer).await {
            Passed::Answered(answered) => answered,
            Passed::Refused => Ok(bare(403)),
            Passed::Lost | Passed::Conflict => Err(TransportErrorKind::Timeout),
        };
        answered.map_err(|kind| TransportError::new(kind, "no answer in the lab"))
    }
}
