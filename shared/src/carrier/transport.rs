//! The one place where bytes go to a carrier and come back.
//!
//! Timeouts, body limits and redaction live here, and so does the judgement of
//! how far a failed request got.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use super::tls;

/// The longest a connection may take to be made. Short, because what was not
/// sent is tried again, which adds to how long a call may take.
pub(super) const CONNECT_MAX: Duration = Duration::from_secs(3);

/// How long to wait before a request is sent once more: long enough that a carrier that
/// stumbles is not hit again at once, and by chance, so that many do not come together.
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// The longest such wait, which adds to how long a call may take.
pub(super) const PAUSE_MAX: Duration = Duration::from_millis(300);

/// A request to a carrier.
pub type Request = http::Request<Bytes>;
/// A carrier's response, whatever its status.
pub type Response = http::Response<Bytes>;

/// The largest response read, in bytes: a full page of a thousand numbers is under half of it.
const BODY_MAX: usize = 4 * 1024 * 1024;

/// Which connection a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Any that is open.
    Reused,
    /// One of its own: a purchase must not die with a connection that idled too long.
    Fresh,
}

/// Sends requests. One method to write, so that a test can stand in its place.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request, once, and reads the response.
    async fn send(
        &self,
        request: Request,
        connection: Connection,
    ) -> Result<Response, TransportError>;

    /// Waits a moment before a request is repeated. A transport that reaches nobody has
    /// nobody to spare, and no time that passes.
    async fn pause(&self) {}
}

/// How far a request got that brought no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// It was never sent.
    Connect,
    /// It was sent, or may have been; nothing came back in time.
    Timeout,
    /// The connection broke after sending began, or the response was cut off or too large.
    Interrupted,
}

/// A request that brought no response. Holds no URL: those carry account names.
#[derive(Debug, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct TransportError {
    /// How far it got.
    pub kind: TransportErrorKind,
    detail: String,
}

impl TransportError {
    /// A failure of `kind`; `detail` is for logs and must not name accounts.
    #[must_use]
    pub fn new(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }
}

/// The transport over HTTP/1.1 and TLS.
pub struct HttpTransport {
    reused: reqwest::Client,
    fresh: reqwest::Client,
}

impl HttpTransport {
    /// A transport whose requests take at most `timeout`.
    pub fn new(timeout: Duration) -> Result<Self, TransportError> {
        let tls = tls::client_config()
            .map_err(|error| TransportError::new(TransportErrorKind::Connect, error.to_string()))?;
        let client = |idle_connections| {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .connect_timeout(timeout.min(CONNECT_MAX))
                .timeout(timeout)
                .pool_max_idle_per_host(idle_connections)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .map_err(TransportError::of)
        };
        Ok(Self {
            reused: client(4)?,
            fresh: client(0)?,
        })
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpTransport")
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(
        &self,
        request: Request,
        connection: Connection,
    ) -> Result<Response, TransportError> {
        let client = match connection {
            Connection::Reused => &self.reused,
            Connection::Fresh => &self.fresh,
        };
        let request = reqwest::Request::try_from(request).map_err(TransportError::of)?;
        let mut incoming = client.execute(request).await.map_err(TransportError::of)?;
        let mut response = http::Response::builder().status(incoming.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(incoming.headers());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = incoming.chunk().await.map_err(TransportError::of)? {
            if body.len() + chunk.len() > BODY_MAX {
                let detail = "response over the limit";
                return Err(TransportError::new(TransportErrorKind::Interrupted, detail));
            }
            body.extend_from_slice(&chunk);
        }
        response.body(body.freeze()).map_err(|error| {
            TransportError::new(TransportErrorKind::Interrupted, error.to_string())
        })
    }

    async fn pause(&self) {
        tokio::time::sleep(jittered(RandomState::new().hash_one(()))).await;
    }
}

/// A pause as long as `lot` says, which may be any number.
fn jittered(lot: u64) -> Duration {
    let span = PAUSE_MAX.saturating_sub(PAUSE_MIN).as_millis();
    let more = u128::from(lot) % (span + 1);
    PAUSE_MIN + Duration::from_millis(u64::try_from(more).unwrap_or_default())
}

impl TransportError {
    fn of(error: reqwest::Error) -> Self {
        let kind = if error.is_connect() || error.is_builder() {
            TransportErrorKind::Connect
        } else if error.is_timeout() {
            TransportErrorKind::Timeout
        } else {
            TransportErrorKind::Interrupted
        };
        Self::new(kind, error.without_url().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{PAUSE_MAX, PAUSE_MIN, jittered};

    #[test]
    fn a_pause_is_short_and_left_to_chance() {
        assert_eq!(jittered(0), PAUSE_MIN);
        assert_eq!(jittered(250), PAUSE_MAX);
        assert_eq!(jittered(251), PAUSE_MIN);
        for lot in [1, 249, u64::MAX] {
            assert!((PAUSE_MIN..=PAUSE_MAX).contains(&jittered(lot)), "{lot}");
        }
    }
}
