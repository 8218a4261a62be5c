//! Reading requests: everything has a limit, and every fault its own code.

use std::str::FromStr;

use lambda_http::{Body, Request, RequestExt};

use super::problem::Problem;
use crate::{
    app::{Error, limits},
    domain::{AreaCode, E164},
    store::{Cursor, Replay, Window},
};

/// The largest body read, in bytes. The largest sensible one, a message of 1600
/// four-byte characters, is a tenth of it.
pub(super) const BODY_MAX: usize = 64 * 1024;

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

/// A phone number in a path, whose `+` may be escaped. A text that is none names nothing.
pub fn path_number(segment: &str) -> Result<E164, Problem> {
    let unescaped = ["%2B", "%2b"]
        .into_iter()
        .find_map(|plus| segment.strip_prefix(plus));
    match unescaped {
        Some(digits) => path_id(&format!("+{digits}")),
        None => path_id(segment),
    }
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
    /// Only what is newer than this.
    pub since: Option<Cursor>,
    /// How many things it has at most.
    pub limit: u8,
}

/// The page a request asks for with `cursor` and `limit`.
pub fn page(request: &Request) -> Result<Page, Problem> {
    Ok(Page {
        cursor: cursor(request, "cursor")?,
        since: None,
        limit: limit(request, limits::PAGE_DEFAULT, limits::PAGE_MAX)?,
    })
}

/// The page a request asks for of a list that can also be asked for what is newer,
/// with `since` in place of `cursor`.
pub fn page_by_time(request: &Request) -> Result<Page, Problem> {
    let page = Page {
        since: cursor(request, "since")?,
        ..page(request)?
    };
    if page.cursor.is_some() && page.since.is_some() {
        let detail = "send either cursor or since";
        return Err(Error::invalid("since", "cursor_and_since", detail).into());
    }
    Ok(page)
}

/// The cursor that a request gives as `name`.
pub fn cursor(request: &Request, name: &str) -> Result<Option<Cursor>, Problem> {
    let read = parameter(request, name)?
        .map(|text| text.parse::<Cursor>())
        .transpose();
    read.map_err(|error| Error::invalid(name, "invalid_cursor", error.to_string()).into())
}

impl Page {
    /// The page as a part of a list by time.
    #[must_use]
    pub fn window(&self) -> Window<'_> {
        Window {
            cursor: self.cursor.as_ref(),
            since: self.since.as_ref(),
            limit: self.limit,
        }
    }
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

/// A request's idempotency key, and what it stands for.
#[derive(Clone, Debug)]
pub struct Keyed {
    key: String,
    request_hash: String,
}

impl Keyed {
    /// The key and the hash of the request it came with.
    #[must_use]
    pub fn replay(&self) -> Replay<'_> {
        Replay {
            key: &self.key,
            request_hash: &self.request_hash,
        }
    }
}

/// The idempotency key of a write that costs money.
pub fn idempotency_key(request: &Request) -> Result<Keyed, Problem> {
    optional_idempotency_key(request)?.ok_or_else(|| Error::KeyRequired.into())
}

/// The idempotency key of a write that may do without.
pub fn optional_idempotency_key(request: &Request) -> Result<Option<Keyed>, Problem> {
    let Some(header) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let key = header.to_str().map(str::trim).unwrap_or_default();
    let printable = key
        .bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if printable && (1..=limits::KEY_MAX).contains(&key.len()) {
        return Ok(Some(Keyed {
            key: key.to_owned(),
            request_hash: crate::store::body_hash(body(request)),
        }));
    }
    let detail = "an idempotency key is 1 to 255 printable ASCII characters";
    Err(Error::invalid("Idempotency-Key", "invalid_idempotency_key", detail).into())
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
