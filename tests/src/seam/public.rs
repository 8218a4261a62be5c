//! The way to our own public address, where `webhook-inbound` answers: what probes go.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use lambda_http::Body;
use numberline::{
    app::inbound::Mailroom,
    carrier::{Connection, Request, Response, Transport, TransportError, TransportErrorKind},
    edge::answer_webhook,
};

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
        let mailroom = (self.sandbox)();
        let arrived = request.map(|body| Body::Binary(body.to_vec()));
        let answer = answer_webhook(&mailroom, &arrived, Some(base)).await;
        Ok(answer.map(|body| Bytes::copy_from_slice(&body)))
    }
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
        let signed = request
            .headers()
            .contains_key(numberline::domain::probe::HEADER);
        let operation = if signed { "probe" } else { "probe unsigned" };
        let call = Call {
            service: Service::Public,
            operation: operation.to_owned(),
            target: String::new(),
            series: operation.to_owned(),
            contends: false,
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
