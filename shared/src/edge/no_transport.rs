//! What stands where an HTTP client could not be made, until the composition ends and
//! says so: pieces are built all the same, so that every fault is named at once.

use async_trait::async_trait;

use crate::carrier::{
    Connection, Request, Response, Transport, TransportError, TransportErrorKind,
};

/// Sends nothing.
#[derive(Debug)]
pub(super) struct NoTransport;

#[async_trait]
impl Transport for NoTransport {
    async fn send(&self, _: Request, _: Connection) -> Result<Response, TransportError> {
        let detail = "there is no HTTP client";
        Err(TransportError::new(TransportErrorKind::Connect, detail))
    }
}
