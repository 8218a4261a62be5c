//! Reading requests: everything has a limit, and every fault its own code.

use std::str::FromStr;

use http::{StatusCode, header};
use lambda_http::{Body, Request, RequestExt};
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::{
    app::{Error, limits},
    domain::{AreaCode, E164},
    store::Cursor,
};

/// The largest body read, in bytes. The largest sensible one, a message of 1600
/// four-byte characters, is a tenth of it.
const BODY_MAX: usize = 64 * 1024;

/// The body of a request, as JSON.
pub fn json_body<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    let body = body(request);
    if body.len() > BODY_MAX {
        let detail = "the body is larger than 64 KiB";
        return Err(Problem::unreadable(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            detail,
        ));
    }
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let media_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let detail = "send the body as application/json";
        return Err(Problem::unreadable(
            status,
            "unsupported_media_type",
            detail,
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        let (code, detail) = match error.classify() {
            serde_json::error::Category::Data => ("invalid_body", error.to_string()),
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof => {
                ("invalid_json", format!("the body is not JSON: {error}"))
            }
        };
        Problem::unreadable(StatusCode::BAD_REQUEST, code, &detail)
    })
}

/// The bytes of a request's body.
pub(super) fn body(request: &Request) -> &[u8] {
    match request.body() {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        Body::Empty | _ => &[],
    }
}

/// The segments of the request's path below `/api`.
#[must_use]
pub fn segments(request: &Request) -> Vec<&str> {
    let path = request.uri().path();
    let path = path.strip_prefix("/api").unwrap_or(path);
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .collect()
}

/// An identifier in a path. A text that is none names nothing.
pub fn path_id<T: FromStr>(segment: &str) -> Result<T, Problem> {
    segment.parse().map_err(|_| Error::NotFound.into())
}

/// A query parameter. Given twice it is refused: which one counts is anybody's guess.
pub fn parameter(request: &Request, name: &str) -> Result<Option<String>, Problem> {
    let Some(parameters) = request.query_string_parameters_ref() else {
        return Ok(None);
    };
    match parameters.all(name).as_deref() {
        None | Some([]) => Ok(None),
        Some([only]) => Ok(Some((*only).to_owned())),
        Some(_) => {
            let detail = format!("{name} is given more than once");
            Err(Error::invalid(name, "parameter_repeated", detail).into())
        }
    }
}

/// Which page of a list is asked for.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it begins.
    pub cursor: Option<Cursor>,
    /// How many things it has at most.
    pub limit: u8,
}

/// The page a request asks for with `cursor` and `limit`.
pub fn page(request: &Request) -> Result<Page, Problem> {
    let cursor = parameter(request, "cursor")?;
    let cursor = cursor.map(|text| text.parse()).transpose().map_err(
        |error: crate::store::InvalidCursor| {
            Error::invalid("cursor", "invalid_cursor", error.to_string())
        },
    )?;
    let limit = limit(request, limits::PAGE_DEFAULT, limits::PAGE_MAX)?;
    Ok(Page { cursor, limit })
}

/// The `limit` of a request, from 1 to `max`.
pub(super) fn limit(request: &Request, default: u8, max: u8) -> Result<u8, Problem> {
    let Some(text) = parameter(request, "limit")? else {
        return Ok(default);
    };
    match text.parse::<u8>() {
        Ok(limit) if (1..=max).contains(&limit) => Ok(limit),
        Ok(_) | Err(_) => {
            let detail = format!("limit is a number from 1 to {max}");
            Err(Error::invalid("limit", "invalid_limit", detail).into())
        }
    }
}

/// The `limit` of a search.
pub fn search_limit(request: &Request) -> Result<u8, Problem> {
    limit(request, limits::SEARCH_DEFAULT, limits::SEARCH_MAX)
}

/// The idempotency key of a write that costs money.
pub fn idempotency_key(request: &Request) -> Result<String, Problem> {
    let Some(header) = request.headers().get("idempotency-key") else {
        return Err(Error::KeyRequired.into());
    };
    let key = header.to_str().map(str::trim).unwrap_or_default();
    let printable = !key.is_empty()
        && key
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if printable && key.len() <= limits::KEY_MAX {
        return Ok(key.to_owned());
    }
    let detail = "an idempotency key is 1 to 255 printable ASCII characters";
    Err(Error::invalid("Idempotency-Key", "invalid_idempotency_key", detail).into())
}

/// Hash of a request's body: what an idempotency key stands for.
#[must_use]
pub fn request_hash(request: &Request) -> String {
    crate::store::body_hash(body(request))
}

/// An area code at `pointer`.
pub fn area_code(text: &str, pointer: &str) -> Result<AreaCode, Problem> {
    text.parse()
        .map_err(|error: crate::domain::area_code::InvalidAreaCode| {
            Error::invalid(pointer, "invalid_area_code", error.to_string()).into()
        })
}

/// A phone number at `pointer`.
pub fn e164(text: &str, pointer: &str) -> Result<E164, Problem> {
    text.parse()
        .map_err(|error: crate::domain::e164::InvalidE164| {
            Error::invalid(pointer, "invalid_phone_number", error.to_string()).into()
        })
}

/// A label at `pointer`.
pub fn label(text: &str, pointer: &str) -> Result<Option<String>, Problem> {
    Ok(crate::app::numbers::label(text, pointer)?)
}
