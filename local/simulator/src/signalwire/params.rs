//! Parameters, read strictly: what is not expected is refused by name.

use bytes::Bytes;
use http::{Request, header};
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// Parameters that are lists, with a value at a time.
const LISTS: [&str; 4] = ["MediaUrl", "MediaUrl[]", "permissions", "permissions[]"];

/// Parameters of a query string or a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    pub(super) fn of_query(request: &Request<Bytes>) -> Self {
        Self::parse(request.uri().query().unwrap_or_default().as_bytes())
    }

    /// The form in the body; nothing if the body is not said to be a form.
    pub(super) fn of_form(request: &Request<Bytes>) -> Self {
        if is(request, "application/x-www-form-urlencoded") {
            Self::parse(request.body())
        } else {
            Self::default()
        }
    }

    fn parse(encoded: &[u8]) -> Self {
        Self {
            pairs: form_urlencoded::parse(encoded).into_owned().collect(),
        }
    }

    /// Refuses any parameter not in `known`, and any that is there twice and says one
    /// thing: which of them counts is not documented.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        for (name, _) in &self.pairs {
            if !known.contains(&name.as_str()) {
                return Err(Refusal::unknown_parameter(name));
            }
            if !LISTS.contains(&name.as_str()) && self.all(name).count() > 1 {
                let message = format!("`{name}` is there twice");
                return Err(Refusal::invalid_parameter(name, &message));
            }
        }
        Ok(())
    }

    /// The first value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first value of a parameter, unless it is empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The pairs whose names are not in `names`.
    pub(super) fn others<'p>(
        &'p self,
        names: &'p [&str],
    ) -> impl Iterator<Item = (&'p str, &'p str)> {
        self.pairs
            .iter()
            .filter(|(name, _)| !names.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of a parameter.
    pub(super) fn all<'p, 'n>(
        &'p self,
        name: &'n str,
    ) -> impl Iterator<Item = &'p str> + use<'p, 'n> {
        self.pairs
            .iter()
            .filter(move |(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The members of a JSON object in a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) members: Map<String, Value>,
}

impl Fields {
    /// The object in the body. What is not said to be JSON, or is none, is a
    /// bad request.
    pub(super) fn of(request: &Request<Bytes>) -> Result<Self, Refusal> {
        if !is(request, "application/json") {
            return Err(Refusal::bad_request());
        }
        let members = serde_json::from_slice(request.body()).map_err(|_| Refusal::bad_request())?;
        Ok(Self { members })
    }

    /// Refuses any member not in `known`.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let unknown = self
            .members
            .keys()
            .find(|name| !known.contains(&name.as_str()));
        unknown.map_or(Ok(()), |name| Err(Refusal::unknown_parameter(name)))
    }

    /// A text; `null` counts as left out.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::not_a_string(name)),
        }
    }

    /// A text that must be there and not be blank.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| Refusal::missing(name))
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Refusal::not_a_boolean(name)),
        }
    }

    /// An array of texts.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Refusal> {
        let refused = || {
            let message = format!("`{name}` must be an array of strings");
            Refusal::invalid("not_an_array_of_strings", 10000, &message).about(name)
        };
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value.clone())
                .map(Some)
                .map_err(|_| refused()),
        }
    }
}

fn is(request: &Request<Bytes>, media_type: &str) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
}

/// Whether a text is an absolute http or https URL.
pub(super) fn is_url(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}

/// Whether a text is a number as the APIs take it: `^\+\d{5,17}$`.
pub(super) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (5..=17).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_absolute_and_http() {
        assert!(is_url("https://hooks.example.com/v1?line=1#rt=500"));
        assert!(is_url("http://user:secret@127.0.0.1:8080/x"));
        for text in [
            "",
            "hooks.example.com",
            "/v1",
            "ftp://example.com",
            "https://",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }

    #[test]
    fn numbers_have_a_plus_and_digits() {
        assert!(is_e164("+15125550100"));
        for text in [
            "15125550100",
            "+1512",
            "+1512555010a",
            "+123456789012345678",
        ] {
            assert!(!is_e164(text), "{text}");
        }
    }

    #[test]
    fn a_body_must_say_what_it_is() {
        let request = Request::post("/").body(Bytes::from_static(b"{}")).unwrap();
        assert!(Fields::of(&request).is_err());
        let request = Request::post("/")
            .header("content-type", "application/json; charset=utf-8")
            .body(Bytes::from_static(b"[]"))
            .unwrap();
        assert!(Fields::of(&request).is_err());
    }
}
