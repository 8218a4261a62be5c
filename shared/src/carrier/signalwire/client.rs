//! Sends calls, repeats those that may be repeated, reads what comes back.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{
    call::Call,
    errors::{self, Failed},
};
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
        let mut repeats = 0;
        loop {
            match self.attempt(call).await {
                Ok(response) => return Ok(response),
                Err(Failed { ending, error }) => {
                    if !ending.may_repeat(call.request.method(), repeats) {
                        return Err(error);
                    }
                }
            }
            repeats += 1;
            self.transport.pause().await;
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

    async fn attempt(&self, call: &Call) -> std::result::Result<Response, Failed> {
        let (operation, method) = (call.operation, call.request.method());
        let sent = self.transport.send(call.request.clone(), call.connection);
        match sent.await {
            Ok(response) if response.status().is_success() => Ok(response),
            Ok(response) => Err(errors::refused(operation, method, &response)),
            Err(error) => Err(errors::unanswered(operation, method, error)),
        }
    }
}
