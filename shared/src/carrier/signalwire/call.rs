//! One request with what the adapter must know about it, and how one is made.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, header};

use super::{ID, config::is_identifier};
use crate::carrier::{Account, Connection, Effect, Error, ErrorKind, Request, Result};

/// A request to be sent. Prints without its headers and its body, which hold secrets.
#[derive(Clone)]
pub(super) struct Call {
    /// What it is part of, for errors.
    pub(super) operation: &'static str,
    /// Which connection it takes: one of its own where a repeat would do harm.
    pub(super) connection: Connection,
    /// What is sent.
    pub(super) request: Request,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("connection", &self.connection)
            .field("method", self.request.method())
            .finish_non_exhaustive()
    }
}

/// Makes the requests of one account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller<'a> {
    base: &'a str,
    account: &'a Account,
}

/// The body of a request.
pub(super) enum Body<'a> {
    /// None.
    Empty,
    /// `application/x-www-form-urlencoded`, as LaML takes it.
    Form(&'a [(&'a str, &'a str)]),
    /// JSON, as the native API takes it.
    Json(serde_json::Value),
}

/// An identifier that could lead a path elsewhere, or a link that leads elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("not a request that can be written")]
struct Unwritable;

impl<'a> Caller<'a> {
    /// The requests of `account` in the Space at `base`.
    pub(super) const fn new(base: &'a str, account: &'a Account) -> Self {
        Self { base, account }
    }

    /// A path of the LaML API in this account.
    pub(super) fn laml(&self, rest: &str) -> String {
        format!("/api/laml/2010-04-01/Accounts/{}{rest}", self.account.id)
    }

    /// A read of `path`, with `query` if there is one.
    pub(super) fn get(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Call> {
        let target = if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", form(query))
        };
        self.call(
            operation,
            Connection::Reused,
            Method::GET,
            &target,
            Body::Empty,
        )
    }

    /// Any request. `target` begins with `/`.
    pub(super) fn call(
        &self,
        operation: &'static str,
        connection: Connection,
        method: Method,
        target: &str,
        body: Body<'_>,
    ) -> Result<Call> {
        let unwritable = || unwritable(operation);
        if !is_identifier(self.account.id.as_str()) {
            return Err(unwritable());
        }
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{target}", self.base))
            .header(
                header::AUTHORIZATION,
                self.authorization().ok_or_else(unwritable)?,
            )
            .header(header::ACCEPT, "application/json");
        let body = match body {
            Body::Empty => Bytes::new(),
            Body::Form(fields) => {
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                form(fields).into()
            }
            Body::Json(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                value.to_string().into()
            }
        };
        Ok(Call {
            operation,
            connection,
            request: request.body(body).map_err(|_| unwritable())?,
        })
    }

    /// The page a list's link leads to. Links are paths below the Space's
    /// address; one that leads elsewhere would take the token with it.
    pub(super) fn follow(&self, operation: &'static str, link: &str) -> Result<Call> {
        let path = link.strip_prefix(self.base).unwrap_or(link);
        if !path.starts_with("/api/") {
            return Err(unwritable(operation));
        }
        self.get(operation, path, &[])
    }

    /// HTTP Basic: the project's id and its API token (never the signing key).
    fn authorization(&self) -> Option<HeaderValue> {
        let token = self.account.credentials.expose();
        let pair = BASE64_STANDARD.encode(format!("{}:{token}", self.account.id));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// `id` as a segment of a path, if it can be one.
pub(super) fn segment<'i>(operation: &'static str, id: &'i str) -> Result<&'i str> {
    if is_identifier(id) {
        Ok(id)
    } else {
        Err(unwritable(operation))
    }
}

fn unwritable(operation: &'static str) -> Error {
    Error::new(ID, operation, ErrorKind::Rejected, Effect::None).with_source(Unwritable)
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
