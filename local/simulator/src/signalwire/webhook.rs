//! A webhook as a request: form or JSON, addressed and signed.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};

use super::signing;

/// What a webhook is about, which decides the URL that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Signed without the credentials in the URL.
    Call,
    /// Signed with the URL exactly as configured.
    Message,
}

/// A form: in the body of a POST, in the query of a GET.
pub(super) fn form(
    method: &Method,
    url: &str,
    params: &[(String, String)],
    key: Option<&str>,
    subject: Subject,
) -> Option<Request<Bytes>> {
    let encoded = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    let url = without_fragment(url);
    if method == Method::GET {
        let join = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{join}{encoded}");
        let signature = key.map(|key| signing::form(key, &signed(&url, subject), &[]));
        return request(method, &url, String::new(), None, signature);
    }
    let signature = key.map(|key| signing::form(key, &signed(url, subject), params));
    let media_type = "application/x-www-form-urlencoded";
    request(method, url, encoded, Some(media_type), signature)
}

/// JSON; one about a call carries a second signature.
pub(super) fn json(
    url: &str,
    body: &str,
    key: Option<&str>,
    subject: Subject,
) -> Option<Request<Bytes>> {
    let url = without_fragment(url);
    let signed = signed(url, subject);
    let signature = key.map(|key| signing::json(key, &signed, body.as_bytes()));
    let media_type = Some("application/json");
    let mut request = request(&Method::POST, url, body.to_owned(), media_type, signature)?;
    if let (Some(key), Subject::Call) = (key, subject) {
        let signature = signing::json_sha256(key, &signed, body.as_bytes());
        let signature = HeaderValue::from_str(&signature).ok()?;
        request
            .headers_mut()
            .insert(signing::HEADER_SHA256, signature);
    }
    Some(request)
}

fn request(
    method: &Method,
    url: &str,
    body: String,
    media_type: Option<&'static str>,
    signature: Option<String>,
) -> Option<Request<Bytes>> {
    let (clean, credentials) = split(url);
    let mut builder = Request::builder().method(method).uri(clean);
    if let Some(media_type) = media_type {
        builder = builder.header(header::CONTENT_TYPE, media_type);
    }
    if let Some(credentials) = credentials {
        let value = format!("Basic {}", STANDARD.encode(credentials));
        builder = builder.header(header::AUTHORIZATION, value);
    }
    if let Some(signature) = signature {
        builder = builder.header(signing::HEADER, signature);
    }
    builder.body(Bytes::from(body)).ok()
}

/// A fragment configures the carrier's patience and goes nowhere.
fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

fn signed(url: &str, subject: Subject) -> String {
    match subject {
        Subject::Call => split(url).0,
        Subject::Message => url.to_owned(),
    }
}

/// The URL without its credentials, and these.
fn split(url: &str) -> (String, Option<&str>) {
    let Some((scheme, rest)) = url.split_once("://") else {
        return (url.to_owned(), None);
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    match host.rsplit_once('@') {
        Some((credentials, host)) => (format!("{scheme}://{host}{path}"), Some(credentials)),
        None => (url.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "PSK_kQ7vT2mX9dL4nR8sB1wZ";
    const WITH: &str = "https://u:p@example.com/a?b=c@d#rt=500";

    fn signature(request: &Request<Bytes>) -> &str {
        request.headers()[signing::HEADER].to_str().unwrap()
    }

    #[test]
    fn credentials_leave_the_url_and_nothing_else_does() {
        for (url, clean, credentials) in [
            (
                "https://u:p@example.com/a?b=c@d",
                "https://example.com/a?b=c@d",
                Some("u:p"),
            ),
            ("https://example.com/a@b", "https://example.com/a@b", None),
            ("http://u@127.0.0.1:80", "http://127.0.0.1:80", Some("u")),
        ] {
            assert_eq!(split(url), (clean.to_owned(), credentials));
        }
    }

    #[test]
    fn credentials_are_signed_for_messages_and_not_for_calls() {
        let form = |subject| form(&Method::POST, WITH, &[], Some(KEY), subject).unwrap();
        let (message, call) = (form(Subject::Message), form(Subject::Call));
        for request in [&message, &call] {
            assert_eq!(request.uri(), "https://example.com/a?b=c@d");
            assert_eq!(request.headers()[header::AUTHORIZATION], "Basic dTpw");
        }
        let expected = signing::form(KEY, "https://u:p@example.com/a?b=c@d", &[]);
        assert_eq!(signature(&message), expected);
        let expected = signing::form(KEY, "https://example.com/a?b=c@d", &[]);
        assert_eq!(signature(&call), expected);
    }

    #[test]
    fn a_get_carries_everything_in_its_url() {
        let params = [("To".to_owned(), "+1".to_owned())];
        let url = "http://example.com/a?b=c";
        let request = form(&Method::GET, url, &params, Some(KEY), Subject::Message).unwrap();
        assert_eq!(request.uri(), "http://example.com/a?b=c&To=%2B1");
        assert!(request.body().is_empty());
        let expected = signing::form(KEY, "http://example.com/a?b=c&To=%2B1", &[]);
        assert_eq!(signature(&request), expected);
    }

    #[test]
    fn json_about_a_call_is_signed_twice() {
        let url = "http://example.com/a";
        let about = |subject| json(url, "{}", Some(KEY), subject).unwrap();
        assert!(
            about(Subject::Call)
                .headers()
                .contains_key(signing::HEADER_SHA256)
        );
        assert!(
            !about(Subject::Message)
                .headers()
                .contains_key(signing::HEADER_SHA256)
        );
    }
}
