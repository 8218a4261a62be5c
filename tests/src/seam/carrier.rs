//! The way to the carrier: the transport of every adapter in the lab.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
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
        }
    }

    async fn handle(&self, request: Request) -> Result<Response, Dropped> {
        self.simulator.set_time(self.clock.simulated());
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
            contends: false,
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
