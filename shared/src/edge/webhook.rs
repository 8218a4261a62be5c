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
    let body = super::request::body(request);
    if body.len() > BODY_MAX {
        return refused(
            mailroom,
            request,
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
        );
    }
    let Some(path) = WebhookPath::read(request.uri().path()) else {
        return refused(mailroom, request, StatusCode::FORBIDDEN, "unknown_address");
    };
    if path.kind == WebhookKind::Probe {
        return answer_probe(mailroom, request, &path, base).await;
    }
    let mut proven = http::Request::new(body);
    proven.headers_mut().clone_from(request.headers());
    *proven.method_mut() = request.method().clone();
    let address = webhook_address(request, base);
    match mailroom.take(&path, &proven, &address).await {
        Ok(taken) => {
            if taken.outcome == Outcome::Stray {
                count(Metric::TextsWithoutPair, "kept", 1, mailroom.clock.now());
            }
            taken_response(&taken)
        }
        Err(error) => not_taken(mailroom, request, &error),
    }
}

/// Answers a probe of our own. That one is refused is what half of them are for, so it
/// has a code of its own: refused webhooks of carriers are an alarm.
async fn answer_probe(
    mailroom: &Mailroom,
    request: &Request,
    path: &WebhookPath,
    base: Option<&str>,
) -> Response<Body> {
    let signature = request.headers().get(probe::HEADER);
    let arrived = Arrived {
        body: super::request::body(request),
        signature: signature
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
    };
    let address = webhook_address(request, base);
    match mailroom.prove(path, arrived, &address).await {
        Ok(echo) => respond(request, Ok(Reply::ok(&echo))),
        Err(error) => not_taken(mailroom, request, &error),
    }
}

fn not_taken(mailroom: &Mailroom, request: &Request, error: &Refused) -> Response<Body> {
    match error {
        Refused::UnknownAddress => {
            refused(mailroom, request, StatusCode::FORBIDDEN, "unknown_address")
        }
        Refused::NotProven(error) => {
            tracing::warn!(%error, "webhook refused");
            refused(mailroom, request, StatusCode::FORBIDDEN, "not_proven")
        }
        Refused::NoProbe(_) => {
            refused(mailroom, request, StatusCode::FORBIDDEN, "probe_not_proven")
        }
        Refused::UnknownNumber => {
            count(
                Metric::WebhooksForUnknownNumber,
                "kept",
                1,
                mailroom.clock.now(),
            );
            refused(mailroom, request, StatusCode::NOT_FOUND, "unknown_number")
        }
        Refused::OtherAccount => refused(mailroom, request, StatusCode::FORBIDDEN, "other_account"),
        Refused::Store(error) => {
            tracing::error!(%error, "webhook not taken");
            refused(
                mailroom,
                request,
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
            )
        }
    }
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

fn refused(
    mailroom: &Mailroom,
    request: &Request,
    status: StatusCode,
    code: &'static str,
) -> Response<Body> {
    count(Metric::WebhooksRefused, code, 1, mailroom.clock.now());
    let problem = Problem {
        retryable: status.is_server_error(),
        ..Problem::unreadable(status, code, "this webhook was not accepted")
    };
    respond(request, Err(problem))
}
