//! The way to the carrier: the transport of every adapter in the lab.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use http::Method;
use numberline::carrier::{
    Connection, Request, Response, Transport, TransportError, TransportErrorKind,
};
use numberline_simulator::{Carrier, Dropped, Fault, Mode, Simulator, Target};

use super::{Call, Passed, Seam, Service, naming::carrier_operation};
use crate::lab::VirtualClock;

/// A transport that ends in the simulator, through the seam.
pub struct SeamTransport {
    seam: Arc<Seam>,
    simulator: Simulator,
    clock: VirtualClock,
    sells_unwired: bool,
}

impl fmt::Debug for SeamTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeamTransport")
    }
}

impl SeamTransport {
    /// A transport to `simulator`.
    #[must_use]
    pub const fn new(seam: Arc<Seam>, simulator: Simulator, clock: VirtualClock) -> Self {
        Self {
            seam,
            simulator,
            clock,
            sells_unwired: false,
        }
    }

    /// The same to a carrier that overlooks the webhooks which come with a purchase.
    #[must_use]
    pub fn selling_unwired(self, sells_unwired: bool) -> Self {
        Self {
            sells_unwired,
            ..self
        }
    }

    async fn handle(&self, request: Request) -> Result<Response, Dropped> {
        self.simulator.set_time(self.clock.simulated());
        let operation = carrier_operation(request.method(), request.uri().path(), request.body());
        let overlooks = self.sells_unwired && operation == "purchase";
        let request = if overlooks {
            request.map(|form| without_webhooks(&form))
        } else {
            request
        };
        self.simulator.handle(request).await
    }

    /// The refusal of just this request, in the carrier's own words.
    async fn refusal(&self, request: Request) -> Result<Response, Dropped> {
        self.simulator.arrange(Fault {
            carrier: Carrier::SignalWire,
            operation: Target::Any,
            mode: Mode::Refuse,
            count: 1,
            skip: 0,
            percent: None,
            number: None,
        });
        self.handle(request).await
    }
}

/// A form without the fields that say where events go.
fn without_webhooks(form: &[u8]) -> Bytes {
    let form = String::from_utf8_lossy(form);
    let is_wire = |field: &&str| {
        let mut wires = ["Voice", "Sms", "StatusCallback"].iter();
        wires.any(|wire| field.starts_with(wire))
    };
    let left: Vec<&str> = form.split('&').filter(|field| !is_wire(field)).collect();
    Bytes::from(left.join("&"))
}

/// How often the adapter asks that gets no answer: only what changes nothing is asked again.
fn tries(method: &Method) -> u32 {
    if *method == Method::GET { 2 } else { 1 }
}

#[async_trait]
impl Transport for SeamTransport {
    async fn send(
        &self,
        request: Request,
        _connection: Connection,
    ) -> Result<Response, TransportError> {
        let path = request.uri().path().to_owned();
        let call = Call {
            service: Service::Carrier,
            operation: carrier_operation(request.method(), &path, request.body()),
            target: String::new(),
            series: format!("{} {}", request.method(), request.uri()),
            tries: tries(request.method()),
            contended_tries: 0,
        };
        let answered = match self.seam.pass(call, self.handle(request.clone())).await {
            Passed::Answered(answered) => answered,
            Passed::Refused => self.refusal(request).await,
            Passed::Lost | Passed::Conflict => Err(Dropped),
        };
        answered.map_err(|Dropped| {
            TransportError::new(TransportErrorKind::Timeout, "no answer in the lab")
        })
    }
}
