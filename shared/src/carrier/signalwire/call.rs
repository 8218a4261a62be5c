//! One request with what the adapter must know about it, and how one is made.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Uri, header};

use super::{ID, config::is_identifier, operation::Operation};
use crate::carrier::{Account, Connection, Effect, Error, ErrorKind, Request, Result};

/// A request to be sent. Prints without its headers and its body, which hold secrets.
#[derive(Clone)]
pub(super) struct Call {
    /// What it is part of, for errors.
    pub(super) operation: Operation,
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
        operation: Operation,
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
        operation: Operation,
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

    /// The page a list's link leads to: a path below the Space's address, or the
    /// whole of it. One that leads elsewhere would take the token with it, so that
    /// only its path is followed, and only if it is of this Space.
    pub(super) fn follow(&self, operation: Operation, link: &str) -> Result<Call> {
        let path = below(self.base, link).filter(|path| path.starts_with("/api/"));
        let path = path.ok_or_else(|| unwritable(operation))?;
        self.get(operation, &path, &[])
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
pub(super) fn segment(operation: Operation, id: &str) -> Result<&str> {
    if is_identifier(id) {
        Ok(id)
    } else {
        Err(unwritable(operation))
    }
}

/// Path and query of `link`, if it leads to where `base` is. Names of schemes and hosts
/// have no case, and the default port need not be written.
fn below(base: &str, link: &str) -> Option<String> {
    if link.starts_with('/') {
        return Some(link.to_owned());
    }
    let (base, link): (Uri, Uri) = (base.parse().ok()?, link.parse().ok()?);
    if origin(&base)? != origin(&link)? {
        return None;
    }
    let path = link.path_and_query()?.as_str();
    let prefix = base.path().trim_end_matches('/');
    Some(path.strip_prefix(prefix).unwrap_or(path).to_owned())
}

/// Scheme, host and port of an address.
fn origin(address: &Uri) -> Option<(String, String, u16)> {
    let scheme = address.scheme_str()?.to_ascii_lowercase();
    let host = address.host()?.to_ascii_lowercase();
    let default = if scheme == "https" { 443 } else { 80 };
    let port = address.port_u16().unwrap_or(default);
    Some((scheme, host, port))
}

fn unwritable(operation: Operation) -> Error {
    Error::new(ID, operation.name(), ErrorKind::Rejected, Effect::None).with_source(Unwritable)
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::below;

    #[track_caller]
    fn check(base: &str, link: &str, path: Option<&str>) {
        assert_eq!(below(base, link).as_deref(), path, "{link} at {base}");
    }

    #[test]
    fn a_link_of_the_same_space_is_followed_however_it_is_spelled() {
        let page = Some("/api/projects?page_number=1");
        for base in [
            "https://acme.signalwire.com",
            "https://Acme.SignalWire.com",
            "https://acme.signalwire.com:443",
        ] {
            for link in [
                "/api/projects?page_number=1",
                "https://acme.signalwire.com/api/projects?page_number=1",
                "HTTPS://ACME.signalwire.com/api/projects?page_number=1",
                "https://acme.signalwire.com:443/api/projects?page_number=1",
            ] {
                check(base, link, page);
            }
        }
        let simulator = "http://127.0.0.1:4610/signalwire";
        for link in [
            "http://127.0.0.1:4610/signalwire/api/projects?page_number=1",
            "http://127.0.0.1:4610/api/projects?page_number=1",
        ] {
            check(simulator, link, page);
        }
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_not() {
        for link in [
            "https://acme.signalwire.com.example.com/api/projects",
            "https://acme.signalwire.com@example.com/api/projects",
            "https://example.com/api/projects",
            "http://acme.signalwire.com/api/projects",
            "https://acme.signalwire.com:8443/api/projects",
            "api/projects",
            "",
        ] {
            check("https://acme.signalwire.com", link, None);
        }
    }
}
