//! How a webhook reaches the customer.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::Receipt;

/// Takes a webhook to where it belongs and brings the answer back.
#[async_trait]
pub trait Delivery: fmt::Debug + Send + Sync + 'static {
    /// Delivers one request. Its URI is absolute.
    async fn deliver(&self, webhook: Request<Bytes>) -> Result<Response<Bytes>, Undelivered>;
}

/// Why a webhook had no answer.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// The URL is not one this delivery can reach.
    #[error("`{0}` cannot be reached: webhooks go to http:// only")]
    Address(String),
    /// Nobody listens there.
    #[error("no connection")]
    Connect(#[source] std::io::Error),
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] hyper::Error),
    /// The answer was too long or unreadable.
    #[error("the answer cannot be read: {0}")]
    Answer(String),
    /// The carrier's patience ended.
    #[error("no answer in time")]
    Timeout,
    /// A test delivery was told to fail.
    #[error("refused by the test")]
    Refused,
}

/// SignalWire waits two seconds for a connection (guides, 2026-08).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// And five for an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// 64 kB, above which SignalWire gives up with error 11750.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Plain HTTP, a fresh connection for each webhook, redirects not followed.
///
/// There is no TLS on purpose: the simulator talks to the machine it runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectHttp;

#[async_trait]
impl Delivery for DirectHttp {
    async fn deliver(&self, webhook: Request<Bytes>) -> Result<Response<Bytes>, Undelivered> {
        let (address, request) = addressed(webhook)?;
        let stream = timeout(CONNECT_TIMEOUT, TcpStream::connect(address))
            .await
            .map_err(|_| Undelivered::Timeout)?
            .map_err(Undelivered::Connect)?;
        timeout(READ_TIMEOUT, exchange(stream, request))
            .await
            .map_err(|_| Undelivered::Timeout)?
    }
}

/// Where to connect, and the request in the form it has on the wire.
fn addressed(webhook: Request<Bytes>) -> Result<(String, Request<Full<Bytes>>), Undelivered> {
    let (mut head, body) = webhook.into_parts();
    let unreachable = || Undelivered::Address(head.uri.to_string());
    let host = head.uri.host().ok_or_else(unreachable)?;
    if head.uri.scheme_str() != Some("http") {
        return Err(unreachable());
    }
    let port = head.uri.port_u16().unwrap_or(80);
    let address = format!("{host}:{port}");
    let named = head
        .uri
        .port_u16()
        .map_or_else(|| host.to_owned(), |_| address.clone());
    let named = HeaderValue::from_str(&named).map_err(|_| unreachable())?;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let target = path.parse().map_err(|_| unreachable())?;
    head.uri = target;
    head.headers.insert(header::HOST, named);
    Ok((address, Request::from_parts(head, Full::new(body))))
}

async fn exchange(
    stream: TcpStream,
    request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>, Undelivered> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(Undelivered::Broken)?;
    let driver = tokio::spawn(connection);
    let response = sender
        .send_request(request)
        .await
        .map_err(Undelivered::Broken)?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX)
        .collect()
        .await
        .map_err(|error| Undelivered::Answer(error.to_string()))?;
    driver.abort();
    Ok(Response::from_parts(head, body.to_bytes()))
}

/// Keeps what it is given: for tests.
#[derive(Debug, Default)]
pub struct Collecting {
    received: Mutex<Vec<Request<Bytes>>>,
    answers: Mutex<Vec<u16>>,
}

impl Collecting {
    /// The next webhooks are answered with these statuses, the later ones with
    /// 200. A status of 0 stands for no answer at all.
    pub fn answer_next(&self, statuses: impl IntoIterator<Item = u16>) {
        lock(&self.answers).extend(statuses);
    }

    /// Hands out what came in, oldest first, and forgets it.
    #[must_use]
    pub fn take(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut *lock(&self.received))
    }
}

#[async_trait]
impl Delivery for Collecting {
    async fn deliver(&self, webhook: Request<Bytes>) -> Result<Response<Bytes>, Undelivered> {
        lock(&self.received).push(webhook);
        let status = {
            let mut answers = lock(&self.answers);
            if answers.is_empty() {
                200
            } else {
                answers.remove(0)
            }
        };
        if status == 0 {
            return Err(Undelivered::Refused);
        }
        let mut response = Response::new(Bytes::from_static(b"<Response/>"));
        *response.status_mut() = status
            .try_into()
            .map_err(|_| Undelivered::Answer(format!("{status} is no status")))?;
        Ok(response)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a delivery came to, as it is reported.
pub(crate) fn receipt(
    url: String,
    outcome: Result<Response<Bytes>, Undelivered>,
    fallback: bool,
) -> Receipt {
    let (status, body, error) = match outcome {
        Ok(response) => {
            let body = String::from_utf8_lossy(response.body()).into_owned();
            (Some(response.status().as_u16()), body, None)
        }
        Err(error) => (None, String::new(), Some(error.to_string())),
    };
    Receipt {
        url,
        status,
        body,
        error,
        fallback,
    }
}
