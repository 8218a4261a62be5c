//! Passing one request on, and its answer back.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONNECTION, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// Shorter than the 75 s after which MiniStack closes an idle connection, so that none is used while it closes.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

/// Headers that speak about one connection and not about the message (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 7] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// One of the things MiniStack tells apart by the `Host` header.
#[derive(Debug)]
pub(super) struct Upstream {
    host: HeaderValue,
}

impl Upstream {
    pub(super) fn new(host: &str) -> Result<Self> {
        let host = host
            .parse()
            .with_context(|| format!("not a host: {host}"))?;
        Ok(Self { host })
    }
}

/// A pool of connections to MiniStack.
#[derive(Debug)]
pub(super) struct Forwarder {
    client: Client<HttpConnector, Body>,
    aws: String,
}

impl Forwarder {
    pub(super) fn new(aws: String) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .build_http();
        Self { client, aws }
    }

    pub(super) async fn forward(
        &self,
        upstream: &Upstream,
        peer: SocketAddr,
        mut request: Request,
    ) -> Response {
        match self.address(request.uri()) {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => return (StatusCode::BAD_REQUEST, format!("{error:#}\n")).into_response(),
        }
        let headers = request.headers_mut();
        remove_hop_by_hop(headers);
        headers.remove(EXPECT);
        add_forwarded(headers, peer);
        headers.insert(HOST, upstream.host.clone());
        match self.client.request(request).await {
            Ok(answer) => {
                let mut answer = answer.map(Body::new);
                remove_hop_by_hop(answer.headers_mut());
                answer
            }
            Err(error) => {
                let text = format!("MiniStack at {} does not answer: {error}\n", self.aws);
                (StatusCode::BAD_GATEWAY, text).into_response()
            }
        }
    }

    fn address(&self, uri: &Uri) -> Result<Uri> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        format!("http://{}{path}", self.aws)
            .parse()
            .with_context(|| format!("not a path: {path}"))
    }
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in HOP_BY_HOP.iter().chain(&named) {
        headers.remove(name);
    }
}

/// Says who asked and under which name, as the load balancers of AWS do.
fn add_forwarded(headers: &mut HeaderMap, peer: SocketAddr) {
    const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
    let before = headers.get(FOR).and_then(|value| value.to_str().ok());
    let chain = before.map_or_else(
        || peer.ip().to_string(),
        |before| format!("{before}, {}", peer.ip()),
    );
    if let Ok(chain) = chain.parse() {
        headers.insert(FOR, chain);
    }
    headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
    if let Some(host) = headers.get(HOST).cloned() {
        headers.insert("x-forwarded-host", host);
    }
}
