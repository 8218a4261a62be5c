//! Problems (RFC 9457): the only place where status codes are chosen.

use std::time::Duration;

use http::StatusCode;
use serde::Serialize;

use super::views::NumberText;
use crate::{
    app::{Error, FieldError},
    carrier::ErrorKind,
    domain::{TooManyTexts, workspace::OverLimit},
};

/// What a client is told when something was not done.
#[derive(Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable, part of the public contract.
    pub code: &'static str,
    /// A sentence a person can act on.
    pub detail: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// When.
    pub retry_after_seconds: Option<u32>,
    /// What is wrong, field by field.
    pub errors: Vec<FieldError>,
    /// Numbers to choose from instead.
    pub alternatives: Vec<NumberText>,
    /// For the log only.
    pub cause: Option<Box<str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    detail: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldBody<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    alternatives: &'a [NumberText],
}

#[derive(Serialize)]
struct FieldBody<'a> {
    pointer: &'a str,
    code: &'a str,
    detail: &'a str,
}

impl<'a> From<&'a FieldError> for FieldBody<'a> {
    fn from(error: &'a FieldError) -> Self {
        Self {
            pointer: &error.pointer,
            code: error.code,
            detail: &error.detail,
        }
    }
}

impl Problem {
    /// A request that cannot be read.
    #[must_use]
    pub fn unreadable(status: StatusCode, code: &'static str, detail: &str) -> Self {
        Self {
            status,
            code,
            detail: detail.to_owned(),
            retryable: false,
            retry_after_seconds: None,
            errors: Vec::new(),
            alternatives: Vec::new(),
            cause: None,
        }
    }

    /// The same problem of what the request has at `pointer`.
    #[must_use]
    pub fn pointing_to(mut self, pointer: &str) -> Self {
        for error in &mut self.errors {
            pointer.clone_into(&mut error.pointer);
        }
        self
    }

    /// The problem as `application/problem+json`.
    pub(super) fn body(&self, request_id: Option<&str>) -> Vec<u8> {
        let body = Body {
            r#type: format!("urn:numberline:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Problem"),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            retryable: self.retryable,
            request_id,
            errors: self.errors.iter().map(FieldBody::from).collect(),
            alternatives: &self.alternatives,
        };
        serde_json::to_vec(&body).unwrap_or_default()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, code) = status_and_code(&error);
        let mut problem = Self {
            retryable: error.retryable(),
            retry_after_seconds: error.retry_after().map(whole_seconds),
            cause: cause(&error),
            ..Self::unreadable(status, code, &error.to_string())
        };
        if let Error::NumberTaken { alternatives } = &error {
            problem.alternatives = alternatives.iter().map(NumberText::from).collect();
        }
        if let Some(pointer) = place(&error) {
            problem.errors = vec![FieldError {
                pointer: pointer.to_owned(),
                code,
                detail: problem.detail.clone(),
            }];
        }
        if let Error::Invalid(errors) = error {
            if let [only] = errors.as_slice() {
                problem.code = only.code;
                problem.detail.clone_from(&only.detail);
            }
            problem.errors = errors;
        }
        problem
    }
}

/// Where in a request the reason is, if it is in one place.
fn place(error: &Error) -> Option<&'static str> {
    if matches!(
        error,
        Error::RecipientOptedOut | Error::DestinationNotAllowed
    ) {
        Some("/to")
    } else {
        matches!(error, Error::KeyRequired).then_some("Idempotency-Key")
    }
}

/// The code of an error.
pub(super) fn code(error: &Error) -> &'static str {
    status_and_code(error).1
}

/// What the log says beside the sentence for people.
pub(super) fn cause(error: &Error) -> Option<Box<str>> {
    let cause = std::error::Error::source(error)?;
    Some(cause.to_string().into_boxed_str())
}

/// Rounded up, and never zero: "at once" is not waiting.
fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1_000))
        .unwrap_or(u32::MAX)
        .max(1)
}

fn status_and_code(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
        Error::WorkspaceRequired => (StatusCode::BAD_REQUEST, "workspace_required"),
        Error::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        Error::AdminOnly => (StatusCode::FORBIDDEN, "admin_only"),
        Error::PlanNotAllowed => (StatusCode::FORBIDDEN, "plan_not_allowed"),
        Error::TooManyWorkspaces => (StatusCode::FORBIDDEN, "too_many_workspaces"),
        Error::ExternalIdTaken => (StatusCode::CONFLICT, "external_id_taken"),
        Error::AlreadyMember => (StatusCode::CONFLICT, "already_member"),
        Error::LastAdmin => (StatusCode::CONFLICT, "last_admin"),
        Error::Invalid(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
        Error::KeyRequired => (StatusCode::BAD_REQUEST, "idempotency_key_required"),
        Error::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"),
        Error::OverLimit(limit) => over_limit(*limit),
        Error::TooManyTexts(why) => too_many_texts(*why),
        Error::NumberTaken { .. } => (StatusCode::CONFLICT, "number_unavailable"),
        Error::PurchasesDisabled => (StatusCode::SERVICE_UNAVAILABLE, "purchases_disabled"),
        Error::NoNumber => (StatusCode::CONFLICT, "no_number"),
        Error::RecipientOptedOut => (StatusCode::CONFLICT, "recipient_opted_out"),
        Error::SharedNumbersTaken => (StatusCode::CONFLICT, "shared_numbers_taken"),
        Error::DestinationNotAllowed => (StatusCode::BAD_REQUEST, "destination_not_allowed"),
        Error::NotReleasable => (StatusCode::CONFLICT, "number_not_releasable"),
        Error::NumberGone => (StatusCode::CONFLICT, "number_released"),
        Error::OrderEnded => (StatusCode::CONFLICT, "order_ended"),
        Error::NotCancelable => (StatusCode::CONFLICT, "order_not_cancelable"),
        Error::NotRetryable => (StatusCode::CONFLICT, "order_not_retryable"),
        Error::WorkspaceClosing => (StatusCode::CONFLICT, "workspace_closing"),
        Error::ServiceOnly => (StatusCode::FORBIDDEN, "service_only"),
        Error::NotVerifiable => (StatusCode::CONFLICT, "number_not_verifiable"),
        Error::NotConfigured(_) => (StatusCode::CONFLICT, "not_configured"),
        Error::NotOwned => (StatusCode::CONFLICT, "number_not_owned"),
        Error::NumberInUse => (StatusCode::CONFLICT, "number_in_use"),
        Error::TooManySharedNumbers => (StatusCode::CONFLICT, "too_many_shared_numbers"),
        Error::NotWired => (StatusCode::SERVICE_UNAVAILABLE, "number_not_wired"),
        Error::Carrier(error) => carrier(error.kind()),
        Error::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
    }
}

fn over_limit(limit: OverLimit) -> (StatusCode, &'static str) {
    match limit {
        OverLimit::NotActive => (StatusCode::CONFLICT, "workspace_not_active"),
        OverLimit::NoNumberInPlan(_) => (StatusCode::CONFLICT, "plan_has_no_number"),
        OverLimit::PlanLimit(_) => (StatusCode::CONFLICT, "plan_limit_reached"),
        OverLimit::Budget(_) => (StatusCode::CONFLICT, "budget_exceeded"),
        OverLimit::Velocity(_) => (StatusCode::CONFLICT, "too_many_purchases"),
    }
}

fn too_many_texts(why: TooManyTexts) -> (StatusCode, &'static str) {
    match why {
        TooManyTexts::ThisMinute { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_texts"),
        TooManyTexts::Today { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_texts_today"),
    }
}

/// Whatever is wrong with the platform's account is not the tenant's to know (P8).
fn carrier(kind: ErrorKind) -> (StatusCode, &'static str) {
    match kind {
        ErrorKind::RateLimited => (StatusCode::SERVICE_UNAVAILABLE, "carrier_busy"),
        ErrorKind::NumberUnavailable
        | ErrorKind::NotFound
        | ErrorKind::Held
        | ErrorKind::Unauthenticated
        | ErrorKind::RegulatoryHold
        | ErrorKind::InsufficientFunds
        | ErrorKind::AccountLimit
        | ErrorKind::OptedOut
        | ErrorKind::Rejected
        | ErrorKind::Unsupported
        | ErrorKind::Unavailable
        | ErrorKind::Unexpected => (StatusCode::SERVICE_UNAVAILABLE, "carrier_unavailable"),
    }
}
