//! The controls under `/__sim/`: what a test wants to know and to arrange.
//!
//! JSON in camel case both ways. What cannot be read is refused with 400 and a
//! sentence. There is no authentication: the simulator belongs on loopback.

mod clock;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    Inbound, InboundError, Registration, Restock, Rewiring, Rules, Simulator, faults::Fault,
};

const PREFIX: &str = "/__sim/";

/// Whether a request is for the controls.
pub(crate) fn is_for(request: &Request<Bytes>) -> bool {
    request.uri().path().starts_with(PREFIX)
}

/// A control that was not understood.
#[derive(Debug)]
struct Refused {
    status: StatusCode,
    message: String,
}

impl Refused {
    fn bad(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }
}

/// What was sent cannot be read, or makes no sense.
fn unreadable<E: std::error::Error>(error: E) -> Refused {
    Refused::bad(error.to_string())
}

type Outcome = Result<Value, Refused>;

/// Answers a control request.
pub(crate) async fn answer(simulator: &Simulator, request: Request<Bytes>) -> Response<Bytes> {
    match act(simulator, &request).await {
        Ok(body) => respond(StatusCode::OK, &body),
        Err(refused) => respond(refused.status, &json!({"error": refused.message})),
    }
}

/// The answer to a path that is neither a carrier's nor a control.
pub(crate) fn not_found() -> Response<Bytes> {
    let message = "carriers are served under /signalwire, controls under /__sim/";
    respond(StatusCode::NOT_FOUND, &json!({"error": message}))
}

async fn act(simulator: &Simulator, request: &Request<Bytes>) -> Outcome {
    let control = request.uri().path().strip_prefix(PREFIX);
    match (request.method().as_str(), control.unwrap_or_default()) {
        ("GET", "ledger") => shown(&simulator.ledger()),
        ("GET", "inventory") => shown(&simulator.inventory()),
        ("GET", "stock") => shown(&simulator.inventory().stock),
        ("POST", "stock") => stock(simulator, request),
        ("GET", "faults") => Ok(faults(simulator)),
        ("POST", "faults") => {
            let fault: Fault = read(request)?;
            if fault.count == 0 {
                return Err(Refused::bad("`count` is at least 1"));
            }
            simulator.arrange(fault);
            Ok(faults(simulator))
        }
        ("DELETE", "faults") => {
            simulator.clear_faults();
            Ok(faults(simulator))
        }
        ("POST", "inbound") => inbound(simulator, request).await,
        ("POST", "wiring") => wiring(simulator, request),
        ("POST", "register") => {
            let phone: Registration = read(request)?;
            Ok(json!({"registered": simulator.registers(&phone)}))
        }
        ("POST", "deliver") => Ok(json!({"receipts": simulator.deliver_due().await})),
        ("GET", "clock") => Ok(clock::view(simulator)),
        ("POST", "clock") => clock::change(simulator, read(request)?),
        ("GET", "settings") => shown(&simulator.rules()),
        ("POST", "settings") => settings(simulator, request),
        ("POST", "reset") => {
            simulator.reset();
            Ok(json!({"reset": true}))
        }
        _ => Err(Refused {
            status: StatusCode::NOT_FOUND,
            message: "controls are: GET ledger, GET inventory, GET|POST stock, \
                GET|POST|DELETE faults, POST inbound, POST deliver, POST register, POST wiring, GET|POST clock, \
                GET|POST settings, POST reset"
                .to_owned(),
        }),
    }
}

fn faults(simulator: &Simulator) -> Value {
    json!({"faults": simulator.faults()})
}

fn stock(simulator: &Simulator, request: &Request<Bytes>) -> Outcome {
    let change: Restock = read(request)?;
    simulator.restock(&change).map_err(unreadable)?;
    shown(&simulator.inventory().stock)
}

/// Changes a number behind the customer's back.
fn wiring(simulator: &Simulator, request: &Request<Bytes>) -> Outcome {
    let change: Rewiring = read(request)?;
    simulator.rewire(&change).map_err(|error| Refused {
        status: StatusCode::NOT_FOUND,
        message: error.to_string(),
    })?;
    Ok(json!({"rewired": change.number}))
}

/// Changes the rules named and leaves the others.
fn settings(simulator: &Simulator, request: &Request<Bytes>) -> Outcome {
    let changes: serde_json::Map<String, Value> = read(request)?;
    let mut rules = serde_json::to_value(simulator.rules()).map_err(unreadable)?;
    if let Some(members) = rules.as_object_mut() {
        members.extend(changes);
    }
    let rules: Rules = serde_json::from_value(rules).map_err(unreadable)?;
    simulator.set_rules(rules);
    shown(&simulator.rules())
}

async fn inbound(simulator: &Simulator, request: &Request<Bytes>) -> Outcome {
    let inbound: Inbound = read(request)?;
    let delivered = simulator.inbound(&inbound).await.map_err(|error| {
        let status = match error {
            InboundError::UnknownNumber(_)
            | InboundError::UnknownAccount(_)
            | InboundError::UnknownMessage(_) => StatusCode::NOT_FOUND,
            InboundError::NoUrl(_) => StatusCode::CONFLICT,
            InboundError::Missing(_)
            | InboundError::UnknownStatus(_)
            | InboundError::BadUrl(_)
            | InboundError::Repeat => StatusCode::BAD_REQUEST,
        };
        Refused {
            status,
            message: error.to_string(),
        }
    })?;
    shown(&delivered)
}

fn read<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Refused> {
    serde_json::from_slice(request.body()).map_err(unreadable)
}

fn shown<T: Serialize>(thing: &T) -> Outcome {
    serde_json::to_value(thing).map_err(unreadable)
}

fn respond(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
