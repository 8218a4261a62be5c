//! One origin for what is two hosts on AWS: `/api` goes to the HTTP API, `/webhooks` to the function URL of
//! `webhook-inbound`, and the rest is the built web app.
//!
//! MiniStack tells its APIs and function URLs apart by the `Host` header, and names like `*.localhost` do not resolve
//! everywhere. The proxy sets that header and changes nothing else: bodies, paths and queries pass byte for byte, since
//! webhooks are signed.

mod forward;
mod pages;
mod transcript;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use axum::routing::any;
use tokio::net::TcpListener;

use forward::{Forwarder, Upstream};
use pages::Pages;
use transcript::Transcript;

/// Where the proxy forwards to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address of MiniStack, as `host:port`.
    pub aws: String,
    /// `Host` by which MiniStack knows the HTTP API.
    pub api_host: String,
    /// `Host` by which MiniStack knows the function URL of `webhook-inbound`.
    pub webhook_host: String,
    /// Where the carrier simulator listens; shown on the page that stands in for the web app.
    pub simulator: String,
    /// Folder of the built web app. Where it does not exist, a plain page lists the addresses.
    pub web: PathBuf,
    /// File that gets one line for every answer of the API and the webhooks; none is written without.
    pub transcript: Option<PathBuf>,
}

#[derive(Debug)]
struct Edge {
    forwarder: Forwarder,
    api: Upstream,
    webhooks: Upstream,
    transcript: Option<Transcript>,
}

/// Serves the origin until the process ends.
pub async fn serve(listener: TcpListener, settings: Settings) -> Result<()> {
    let origin = format!("http://{}", listener.local_addr()?);
    let router = router(&origin, settings)?;
    axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .await
    .context("the edge proxy stopped")
}

fn router(origin: &str, settings: Settings) -> Result<Router> {
    let pages = Pages::new(origin, &settings);
    let edge = Arc::new(Edge {
        forwarder: Forwarder::new(settings.aws),
        api: Upstream::new(&settings.api_host)?,
        webhooks: Upstream::new(&settings.webhook_host)?,
        transcript: settings.transcript.map(Transcript::open).transpose()?,
    });
    Ok(Router::new()
        .route("/api/{*rest}", any(to_api))
        .route("/webhooks/{*rest}", any(to_webhooks))
        .with_state(edge)
        .fallback_service(pages.into_service()))
}

async fn to_api(
    State(edge): State<Arc<Edge>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    edge.pass(&edge.api, peer, request).await
}

async fn to_webhooks(
    State(edge): State<Arc<Edge>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    edge.pass(&edge.webhooks, peer, request).await
}

impl Edge {
    async fn pass(&self, upstream: &Upstream, peer: SocketAddr, request: Request) -> Response {
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = self.forwarder.forward(upstream, peer, request).await;
        match &self.transcript {
            Some(transcript) => transcript.record(&asked, answer).await,
            None => answer,
        }
    }
}
