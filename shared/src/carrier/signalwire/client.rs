//! Sends calls, repeats those that may be repeated, reads what comes back.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{call::Call, ending::Ending, errors};
use crate::carrier::{Response, Result, Transport};

/// The way to one Space.
#[derive(Clone, Debug)]
pub(super) struct Client {
    transport: Arc<dyn Transport>,
}

impl Client {
    pub(super) fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport }
    }

    /// Sends `call` until it succeeds or may not be repeated.
    pub(super) async fn send(&self, call: &Call) -> Result<Response> {
        let (operation, method) = (call.operation, call.request.method());
        let mut repeats = 0;
        loop {
            let attempt = self.transport.send(call.request.clone(), call.connection);
            let (ending, error) = match attempt.await {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => (
                    Ending::answered(response.status()),
                    errors::refused(operation, method, &response),
                ),
                Err(error) => (
                    Ending::from(error.kind),
                    errors::unanswered(operation, method, error),
                ),
            };
            if !ending.may_repeat(method, repeats) {
                return Err(error);
            }
            repeats += 1;
        }
    }

    /// Sends `call` and reads the answer.
    pub(super) async fn fetch<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let response = self.send(call).await?;
        // The parser's own words may quote the answer, and that may be a secret.
        serde_json::from_slice(response.body()).map_err(|_| {
            errors::unreadable(
                call.operation,
                call.request.method(),
                "not the JSON expected",
            )
        })
    }
}
