//! Why the carrier says no: one place where its codes are chosen.
//!
//! The codes are those of the two error lists (`apis/error-codes` and
//! `compatibility-api/error-codes`, 2026-08). The lists give no HTTP status;
//! validation is answered with 422, as every example in the guides is.

use http::StatusCode;

/// A refusal, before it is worded for one of the APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// The code of the native API.
    pub(super) code: &'static str,
    /// The code of the Compatibility API.
    pub(super) laml: u32,
    pub(super) message: String,
    /// The parameter concerned.
    pub(super) field: Option<String>,
    /// Natively worded as `Invalid Attribute` without detail.
    pub(super) vague: bool,
}

impl Refusal {
    fn with(status: StatusCode, code: &'static str, laml: u32, message: &str) -> Self {
        Self {
            status,
            code,
            laml,
            message: message.to_owned(),
            field: None,
            vague: false,
        }
    }

    /// A refusal of what was sent: 422.
    pub(super) fn invalid(code: &'static str, laml: u32, message: &str) -> Self {
        Self::with(StatusCode::UNPROCESSABLE_ENTITY, code, laml, message)
    }

    pub(super) fn about(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    pub(super) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub(super) fn unauthorized() -> Self {
        Self::with(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            20003,
            "Authentication failed: check the project, its token and the token's permissions",
        )
    }

    pub(super) fn not_found() -> Self {
        Self::with(
            StatusCode::NOT_FOUND,
            "not_found",
            20404,
            "There is no such resource",
        )
    }

    pub(super) fn bad_request() -> Self {
        Self::with(
            StatusCode::BAD_REQUEST,
            "bad_request",
            10000,
            "The request cannot be read",
        )
    }

    pub(super) fn rate_limited() -> Self {
        Self::with(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limit_exceeded",
            20429,
            "Too many requests",
        )
    }

    pub(super) fn server_error() -> Self {
        Self::with(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error_occurred",
            20504,
            "An internal error occurred",
        )
    }

    pub(super) fn unknown_parameter(name: &str) -> Self {
        let message = format!("`{name}` is not supported");
        Self::invalid("invalid_parameter", 90000, &message).about(name)
    }

    pub(super) fn invalid_parameter(name: &str, message: &str) -> Self {
        Self::invalid("invalid_parameter", 10000, message).about(name)
    }

    pub(super) fn missing(name: &str) -> Self {
        let message = format!("`{name}` is required");
        Self::invalid("missing_required_parameter", 10000, &message).about(name)
    }

    pub(super) fn not_a_string(name: &str) -> Self {
        let message = format!("`{name}` must be a string");
        Self::invalid("not_a_string", 10000, &message).about(name)
    }

    pub(super) fn not_a_boolean(name: &str) -> Self {
        let message = format!("`{name}` must be true or false");
        Self::invalid("not_a_boolean", 10000, &message).about(name)
    }

    pub(super) fn insufficient_balance() -> Self {
        Self::invalid(
            "insufficient_balance",
            4001,
            "The fee is more than the available balance",
        )
    }

    pub(super) fn account_limit() -> Self {
        Self::invalid(
            "account_limit_exceeded",
            10001,
            "The Space does not allow more of this",
        )
    }

    pub(super) fn purchased_too_recently() -> Self {
        Self::invalid(
            "purchased_too_recently",
            22121,
            "This number was purchased too recently to release",
        )
    }
}
