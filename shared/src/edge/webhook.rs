//! Webhooks over a function URL: their address, and their answers.

use http::{HeaderValue, StatusCode, header};
use lambda_http::{Body, Request, RequestExt, Response, request::RequestContext};

use super::{
    problem::Problem,
    reply::{Reply, respond},
    telemetry::{Metric, count},
};
use crate::{
    app::inbound::{Arrived, Mailroom, Outcome, Refused, Taken},
    domain::{
        probe,
        webhooks::{WebhookKind, WebhookPath},
    },
};

/// The largest webhook read, in bytes: a long text with ten media addresses is 8 KiB.
const BODY_MAX: usize = 64 * 1024;

/// The address a webhook came to, as its sender signed it: the configured public
/// base, or the request's own domain.
#[must_use]
pub fn webhook_address(request: &Request, base: Option<&str>) -> String {
    let domain = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.domain_name.as_deref(),
        Some(_) | None => None,
    };
    let base = base.map_or_else(
        || format!("https://{}", domain.unwrap_or_default()),
        |base| base.trim_end_matches('/').to_owned(),
    );
    let query = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{base}{}{query}", request.uri().path())
}

/// Takes a webhook and answers it. What is not proven is refused with 403 and told
/// nothing; what a table did not answer is 503, so that the carrier comes again.
pub async fn answer_webhook(
    mailroom: &Mailroom,
    request: &Request,
    base: Option<&str>,
) -> Response<Body> {
    let answered = answer(mailroom, request, base).await;
    answered.unwrap_or_else(|error| refuse(mailroom, request, &error))
}

async fn answer(
    mailroom: &Mailroom,
    request: &Request,
    base: Option<&str>,
) -> Result<Response<Body>, NotTaken> {
    let body = super::request::body(request);
    if body.len() > BODY_MAX {
        return Err(NotTaken::TooLarge);
    }
    let path = WebhookPath::read(request.uri().path()).ok_or(Refused::UnknownAddress)?;
    let address = webhook_address(request, base);
    if path.kind == WebhookKind::Probe {
        let signature = request.headers().get(probe::HEADER);
        let arrived = Arrived {
            body,
            signature: signature
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default(),
        };
        let echo = mailroom.prove(&path, arrived, &address).await?;
        return Ok(respond(request, Ok(Reply::ok(&echo))));
    }
    let mut proven = http::Request::new(body);
    proven.headers_mut().clone_from(request.headers());
    *proven.method_mut() = request.method().clone();
    let taken = mailroom.take(&path, &proven, &address).await?;
    if taken.outcome == Outcome::Stray {
        count(Metric::TextsWithoutPair, "kept", 1, mailroom.clock.now());
    }
    Ok(taken_response(&taken))
}

/// Why a webhook was not taken.
enum NotTaken {
    /// It is larger than any that makes sense.
    TooLarge,
    /// The mailroom refused it.
    Refused(Refused),
}

impl From<Refused> for NotTaken {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// What the sender is told. Who proves nothing does not learn whether there is such an
/// address, or what was wrong.
fn status_and_code(error: &NotTaken) -> (StatusCode, &'static str) {
    match error {
        NotTaken::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
        NotTaken::Refused(error) => match error {
            Refused::UnknownAddress | Refused::NotProven(_) | Refused::NoProbe(_) => {
                (StatusCode::FORBIDDEN, "not_proven")
            }
            Refused::OtherAccount => (StatusCode::FORBIDDEN, "other_account"),
            Refused::UnknownNumber => (StatusCode::NOT_FOUND, "unknown_number"),
            Refused::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        },
    }
}

/// What a refusal is counted as: its code, but for what senders are not told apart. Half
/// of our own probes are refused on purpose; refused webhooks of carriers are an alarm.
fn reason(error: &NotTaken) -> &'static str {
    match error {
        NotTaken::Refused(Refused::UnknownAddress) => "unknown_address",
        NotTaken::Refused(Refused::NoProbe(_)) => "probe_not_proven",
        NotTaken::TooLarge | NotTaken::Refused(_) => status_and_code(error).1,
    }
}

fn refuse(mailroom: &Mailroom, request: &Request, error: &NotTaken) -> Response<Body> {
    let now = mailroom.clock.now();
    match error {
        NotTaken::Refused(Refused::NotProven(error)) => tracing::warn!(%error, "webhook refused"),
        NotTaken::Refused(Refused::Store(error)) => tracing::error!(%error, "webhook not taken"),
        NotTaken::Refused(Refused::UnknownNumber) => {
            count(Metric::WebhooksForUnknownNumber, "kept", 1, now);
        }
        NotTaken::TooLarge | NotTaken::Refused(_) => {}
    }
    count(Metric::WebhooksRefused, reason(error), 1, now);
    let (status, code) = status_and_code(error);
    let problem = Problem {
        retryable: status.is_server_error(),
        ..Problem::unreadable(status, code, "this webhook was not accepted")
    };
    respond(request, Err(problem))
}

fn taken_response(taken: &Taken) -> Response<Body> {
    tracing::info!(outcome = ?taken.outcome, "webhook taken");
    let mut response = Response::new(Body::Text(taken.reply.body.clone()));
    let content_type = HeaderValue::from_static(taken.reply.content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::{NotTaken, reason, status_and_code};
    use crate::{app::inbound::Refused, carrier::WebhookError, domain::probe::NotProven};

    #[test]
    fn what_senders_are_not_told_apart_is_counted_apart() {
        let unproven = [
            (Refused::UnknownAddress, "unknown_address"),
            (Refused::NotProven(WebhookError::BadSignature), "not_proven"),
            (Refused::NoProbe(NotProven::Signature), "probe_not_proven"),
        ];
        for (refused, counted) in unproven {
            let refused = NotTaken::Refused(refused);
            let (status, code) = status_and_code(&refused);
            assert_eq!((status.as_u16(), code), (403, "not_proven"));
            assert_eq!(reason(&refused), counted);
        }
        assert_eq!(reason(&NotTaken::TooLarge), "body_too_large");
    }
}
