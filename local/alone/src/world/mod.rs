//! The world of the events on a socket: AWS and the carrier, for functions that run as processes of their own.

mod aws;
mod time;

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use numberline::carrier::Connection;
use numberline::clock::{Clock, SystemClock};
use numberline_events::World;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::events::Scene;
use crate::http::{answer, serve};
use crate::template::WEBHOOK_BASE;
use time::Shift;

/// Paths of the carrier, and of its controls.
const CARRIER: [&str; 2] = ["/signalwire/", "/__sim/"];

/// Paths of our own public address. Everything that is neither here nor the carrier's is AWS.
const FRONT: &str = "/webhooks/";

/// Where carriers post to in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hooks {
    /// Here, so that probes arrive.
    Here,
    /// At the function URL of the events, for which they are signed.
    AsInEvents,
}

/// The world, served until this is dropped.
#[derive(Debug)]
pub(crate) struct Stand {
    place: Arc<Place>,
    origin: &'static str,
    webhook_base: &'static str,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Place {
    world: RwLock<World>,
    shift: Shift,
}

impl Stand {
    /// Serves the world as it is before every event.
    pub(crate) async fn open(address: SocketAddr, hooks: Hooks) -> Result<Self> {
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("{address} is not free: stop what uses it, or choose another --port")
        })?;
        // A program has one stand, which it keeps to its end.
        let origin: &'static str = format!("http://{}", listener.local_addr()?).leak();
        let webhook_base = match hooks {
            Hooks::Here => origin,
            Hooks::AsInEvents => WEBHOOK_BASE,
        };
        let world = Scene::Usual.set(webhook_base).await?;
        let place = Arc::new(Place {
            shift: Shift::between(world.lab.clock.time(), SystemClock.now()),
            world: RwLock::new(world),
        });
        let served = Arc::clone(&place);
        let serving = tokio::spawn(serve(listener, move |request| {
            let place = Arc::clone(&served);
            async move { place.respond(request).await }
        }));
        Ok(Self {
            place,
            origin,
            webhook_base,
            serving,
        })
    }

    /// Forgets what happened: the world is as it was, or as `scene` has it.
    pub(crate) async fn renew(&self, scene: Scene) -> Result<()> {
        let world = scene.set(self.webhook_base).await?;
        *self
            .place
            .world
            .write()
            .unwrap_or_else(PoisonError::into_inner) = world;
        Ok(())
    }

    /// Where it is.
    pub(crate) fn origin(&self) -> &'static str {
        self.origin
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Place {
    async fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        let lab = {
            let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&world.lab)
        };
        let path = request.uri().path();
        if CARRIER.iter().any(|prefix| path.starts_with(prefix)) {
            let response = lab.simulator.handle(request).await;
            return response
                .unwrap_or_else(|dropped| answer(StatusCode::BAD_GATEWAY, dropped.to_string()));
        }
        if path.starts_with(FRONT) {
            let response = lab.front().send(request, Connection::Fresh).await;
            return response
                .unwrap_or_else(|error| answer(StatusCode::BAD_GATEWAY, error.to_string()));
        }
        let target = request.headers().get("x-amz-target");
        let target = target.and_then(|target| target.to_str().ok());
        let (Some(target), Ok(body)) = (target, std::str::from_utf8(request.body())) else {
            return answer(
                StatusCode::NOT_FOUND,
                "neither AWS nor the carrier has this",
            );
        };
        let answered = aws::answer(&lab, target, &self.shift.inward(body));
        let mut response = Response::new(Bytes::from(self.shift.outward(&answered.body)));
        *response.status_mut() =
            StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let content_type = header::HeaderValue::from_static("application/x-amz-json-1.0");
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
        response
    }
}
