//! The JSON bodies of requests. What is wrong with one is said in our own words, with a
//! pointer to where it is: a parser's words name types of the source.

use http::{StatusCode, header};
use lambda_http::Request;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, error::Category};
use serde_path_to_error::{Path, Segment};

use super::{
    problem::Problem,
    request::{BODY_MAX, body},
};
use crate::app::Error;

/// A name of the sender's choice is repeated to this length, in characters.
const NAME_MAX: usize = 64;

/// The body of a request, as JSON.
pub fn json_body<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    let body = body(request);
    if body.len() > BODY_MAX {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        let detail = "the body is larger than 64 KiB";
        return Err(Problem::unreadable(status, "body_too_large", detail));
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
    read(body)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') {
        return Err(fault("", "the body must be an object"));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, error) = (pointer(error.path()), error.into_inner());
        // A parser that is told to expect one of some words takes a number for no JSON.
        let is_json = serde_json::from_slice::<IgnoredAny>(body).is_ok();
        if error.classify() == Category::Data || is_json {
            in_words(&error, path)
        } else {
            no_json(&error)
        }
    })?;
    json.end().map_err(|error| no_json(&error))?;
    match list_in(body) {
        Some(place) => Err(fault(&place, &format!("{} is no list", name(&place)))),
        None => Ok(read),
    }
}

fn fault(pointer: &str, detail: &str) -> Problem {
    Error::invalid(pointer, "invalid_body", detail).into()
}

fn no_json(error: &serde_json::Error) -> Problem {
    let detail = format!("the body is not JSON: {error}");
    Problem::unreadable(StatusCode::BAD_REQUEST, "invalid_json", &detail)
}

/// Where the body has a list. No request has one, and an object would be read from it
/// all the same: by position.
fn list_in(body: &[u8]) -> Option<String> {
    if !body.contains(&b'[') {
        return None;
    }
    list_below(&serde_json::from_slice(body).ok()?)
}

fn list_below(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) => Some(String::new()),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let below = list_below(value)?;
            Some(format!("/{}{below}", escaped(name)))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The JSON pointer (RFC 6901) of a path.
fn pointer(path: &Path) -> String {
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(format!("/{}", escaped(key))),
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    segments.collect()
}

fn escaped(name: &str) -> String {
    let name: String = name.chars().take(NAME_MAX).collect();
    name.replace('~', "~0").replace('/', "~1")
}

/// What the thing at `pointer` is called in a sentence.
fn name(pointer: &str) -> String {
    match pointer.rsplit_once('/') {
        Some((_, name)) => name.replace("~1", "/").replace("~0", "~"),
        None => "the body".to_owned(),
    }
}

/// What the parser found at `place`. It says which kind of fault it is by the words it
/// begins with; they are part of `serde::de::Error`.
fn in_words(error: &serde_json::Error, place: String) -> Problem {
    let said = error.to_string();
    let field = quoted(&said).next().unwrap_or_default();
    let expected = said.split_once("expected ").map(|(_, expected)| expected);
    let expected = expected.unwrap_or_default();
    let begins = |words: &str| said.starts_with(words);
    let place = if begins("missing field") || begins("unknown field") || begins("duplicate field") {
        let field = format!("/{}", escaped(field));
        if place.ends_with(&field) {
            place
        } else {
            place + &field
        }
    } else {
        place
    };
    let name = name(&place);
    let known = quoted(expected).collect::<Vec<_>>().join(", ");
    let detail = if begins("missing field") {
        format!("{name} is missing")
    } else if begins("unknown field") {
        format!("{name} means nothing here; there is {known}")
    } else if begins("duplicate field") {
        format!("{name} is given more than once")
    } else if begins("unknown variant") {
        format!("{name} must be one of {known}")
    } else if begins("invalid type") || begins("invalid value") {
        format!("{name} must be {}", kind(expected))
    } else {
        format!("{name} cannot be read")
    };
    fault(&place, &detail)
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What a parser expected, as people call it.
fn kind(expected: &str) -> &'static str {
    let word = expected.trim_start_matches("a ").split(' ').next();
    match word.unwrap_or_default() {
        "string" => "text",
        "boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not below zero",
        "struct" | "map" => "an object",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::read;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "read, and not looked at")]
    struct Order {
        area_code: String,
        count: Option<u32>,
        urgent: Option<bool>,
        mode: Option<Mode>,
        admin: Option<Admin>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Mode {
        Auto,
        Later,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read, and not looked at")]
    struct Admin {
        issuer: String,
        subject: String,
    }

    fn said(body: &str) -> String {
        let problem = read::<Order>(body.as_bytes()).unwrap_err();
        let at = problem.errors.first();
        let at = at.map_or("nowhere", |error| error.pointer.as_str());
        format!("{} at {at:?}: {}", problem.code, problem.detail)
    }

    #[test]
    fn what_is_right_is_read() {
        let body = br#" {"areaCode":"[512]","admin":{"issuer":"i","subject":"s"},"mode":"auto"} "#;
        assert!(read::<Order>(body).is_ok());
    }

    #[test]
    fn each_fault_has_its_place_and_no_word_of_the_source() {
        let cases = [
            (
                r#"{"areaCode":512}"#,
                r#""/areaCode": areaCode must be text"#,
            ),
            ("{}", r#""/areaCode": areaCode is missing"#),
            (
                r#"{"areaCode":"512","count":-1}"#,
                r#""/count": count must be a whole number, not below zero"#,
            ),
            (
                r#"{"areaCode":"512","count":"1"}"#,
                r#""/count": count must be a whole number, not below zero"#,
            ),
            (
                r#"{"areaCode":"512","urgent":"yes"}"#,
                r#""/urgent": urgent must be true or false"#,
            ),
            (
                r#"{"areaCode":"512","mode":"soon"}"#,
                r#""/mode": mode must be one of auto, later"#,
            ),
            (
                r#"{"areaCode":"512","mode":5}"#,
                r#""/mode": mode cannot be read"#,
            ),
            (
                r#"{"areaCode":"512","admin":"ada"}"#,
                r#""/admin": admin must be an object"#,
            ),
            (
                r#"{"areaCode":"512","admin":{"issuer":"i"}}"#,
                r#""/admin/subject": subject is missing"#,
            ),
            (
                r#"{"areaCode":"512","admin":{"issuer":"i","a/b~":1}}"#,
                r#""/admin/a~1b~0": a/b~ means nothing here; there is issuer, subject"#,
            ),
            (
                r#"{"areaCode":"512","areaCode":"212"}"#,
                r#""/areaCode": areaCode is given more than once"#,
            ),
            ("7", r#""": the body must be an object"#),
        ];
        for (body, expected) in cases {
            assert_eq!(said(body), format!("invalid_body at {expected}"), "{body}");
        }
    }

    #[test]
    fn a_list_is_no_object_wherever_it_stands() {
        assert_eq!(
            said(r#"["512"]"#),
            r#"invalid_body at "": the body must be an object"#
        );
        assert_eq!(
            said(r#"{"areaCode":"512","admin":["i","s"]}"#),
            r#"invalid_body at "/admin": admin is no list"#
        );
    }

    #[test]
    fn what_is_no_json_says_so() {
        assert_eq!(
            said("{\"areaCode\":"),
            r#"invalid_json at "nowhere": the body is not JSON: EOF while parsing a value at line 1 column 12"#
        );
        assert!(said(r#"{"areaCode":"512"} x"#).starts_with("invalid_json"));
    }

    #[test]
    fn a_name_that_is_long_is_not_repeated_in_full() {
        let body = format!(r#"{{"areaCode":"512","{}":1}}"#, "x".repeat(10_000));
        assert!(said(&body).len() < 300);
    }
}
