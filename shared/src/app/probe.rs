//! Asking our own public address whether what is posted there arrives.
//!
//! Two requests, side by side, over connections of their own as a carrier's are: one
//! that is proven and must arrive for the right workspace, and one that nobody signed
//! and must be refused. Nothing is repeated and no redirect is followed: a carrier
//! would not be told twice either.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde::Deserialize;

use crate::{
    carrier::{Connection, Request, Response, Transport, TransportError, TransportErrorKind},
    chance::Chance,
    clock::Clock,
    domain::{
        E164, Webhooks, WorkspaceId,
        probe::{Echo, Expected, HEADER, Probe, ProbeKey, signature},
        verify::VerifyCode,
        webhooks::WebhookKind,
    },
};

/// How long an answer is waited for: as long as the carrier that waits the least
/// (SignalWire's guides, 2026-08-21: 5 s).
pub const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends probes.
#[derive(Clone, Debug)]
pub struct Prober {
    /// The way to our public address, which waits [`PROBE_TIMEOUT`].
    pub transport: Arc<dyn Transport>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for nonces.
    pub chance: Arc<dyn Chance>,
}

/// What a probe asks about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The addresses of the number's account.
    pub webhooks: &'a Webhooks,
    /// The number.
    pub number: &'a E164,
    /// The workspace that has it.
    pub workspace: &'a WorkspaceId,
}

impl Prober {
    /// What is wrong with our public address, as far as `subject` goes. Without the
    /// account's key nothing can be proven, and nothing is sent.
    pub async fn probe(&self, key: Option<&ProbeKey>, subject: Subject<'_>) -> Vec<VerifyCode> {
        let Some(key) = key else {
            return vec![VerifyCode::ProbeKeyMissing];
        };
        if !subject.webhooks.is_private() {
            return vec![VerifyCode::AddressNotHttps];
        }
        let (proven, unsigned) = tokio::join!(self.proven(key, subject), self.unsigned(subject));
        // What both met with is said once.
        let codes: BTreeSet<VerifyCode> = proven.into_iter().chain(unsigned).collect();
        for code in &codes {
            tracing::warn!(?code, "the public address does not pass its probe");
        }
        codes.into_iter().collect()
    }

    /// Sends a probe that is proven, and judges the answer.
    async fn proven(&self, key: &ProbeKey, subject: Subject<'_>) -> Option<VerifyCode> {
        let probe = self.draw(subject);
        let body = serde_json::to_string(&probe).unwrap_or_default();
        let signed = signature(key, subject.webhooks.token(), &body);
        let answer = match self.send(subject, body, Some(&signed)).await {
            Ok(answer) if answer.status() == StatusCode::OK => answer,
            Ok(answer) => return Some(refusal(&answer)),
            Err(error) => return Some(unanswered(&error)),
        };
        let expected = Expected {
            address: &subject.webhooks.url(WebhookKind::Probe),
            workspace: subject.workspace,
        };
        match serde_json::from_slice::<Echo>(answer.body()) {
            Ok(echo) => probe.judge(key, &echo, expected),
            Err(_) => Some(VerifyCode::ProbeWrongAnswer),
        }
    }

    /// Sends a probe that nobody signed, which must be refused.
    async fn unsigned(&self, subject: Subject<'_>) -> Option<VerifyCode> {
        let body = serde_json::to_string(&self.draw(subject)).unwrap_or_default();
        match self.send(subject, body, None).await {
            Ok(answer) if answer.status() == StatusCode::FORBIDDEN => None,
            Ok(answer) if answer.status().is_success() => Some(VerifyCode::ProbeNotRefusedUnsigned),
            Ok(answer) => Some(refusal(&answer)),
            Err(error) => Some(unanswered(&error)),
        }
    }

    fn draw(&self, subject: Subject<'_>) -> Probe {
        Probe {
            nonce: format!("{:032x}", self.chance.draw()),
            at: self.clock.now(),
            to: subject.number.clone(),
        }
    }

    async fn send(
        &self,
        subject: Subject<'_>,
        body: String,
        signed: Option<&str>,
    ) -> Result<Response, TransportError> {
        let request = http::Request::builder()
            .method(Method::POST)
            .uri(subject.webhooks.url(WebhookKind::Probe))
            .header(header::CONTENT_TYPE, "application/json");
        let request: Request = match signed {
            Some(signed) => request.header(HEADER, signed),
            None => request,
        }
        .body(Bytes::from(body))
        .map_err(|_| {
            let detail = "the public address is no address";
            TransportError::new(TransportErrorKind::Connect, detail)
        })?;
        self.transport.send(request, Connection::Fresh).await
    }
}

/// What an answer says that is not the one a proven probe gets.
fn refusal(answer: &Response) -> VerifyCode {
    let status = answer.status();
    if status.is_server_error() {
        VerifyCode::ProbeFailed
    } else if status.is_client_error() && is_unproven(answer) {
        VerifyCode::WrongSigningKey
    } else if status.is_client_error() {
        VerifyCode::ProbeRefused
    } else {
        VerifyCode::ProbeWrongAnswer
    }
}

/// Whether it is our own receiver that does not believe us. It says the same where it
/// does not know the address: strangers are not told which addresses there are.
fn is_unproven(answer: &Response) -> bool {
    #[derive(Deserialize)]
    struct Problem {
        code: String,
    }
    let problem = serde_json::from_slice::<Problem>(answer.body());
    problem.is_ok_and(|problem| problem.code == "not_proven")
}

fn unanswered(error: &TransportError) -> VerifyCode {
    match error.kind {
        TransportErrorKind::Timeout => VerifyCode::ProbeSlow,
        TransportErrorKind::Connect | TransportErrorKind::Interrupted => {
            VerifyCode::ProbeUnreachable
        }
    }
}

#[cfg(test)]
mod tests;
