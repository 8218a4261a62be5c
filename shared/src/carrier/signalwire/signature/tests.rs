use serde::Deserialize;

use super::{Signed, WebhookKey, with_other_port};

const VECTORS: &str = include_str!("../../../../tests/fixtures/signalwire-signatures.json");

#[derive(Deserialize)]
struct Vector {
    name: String,
    key: String,
    url: String,
    form: Option<String>,
    json: Option<String>,
    signature: String,
}

impl Vector {
    fn holds(&self, url: &str, body: &str, signature: &str, keys: &[&str]) -> bool {
        let keys: Vec<_> = keys.iter().map(|key| WebhookKey::new(*key)).collect();
        let signed = Signed {
            url,
            body: body.as_bytes(),
            signature,
        };
        if self.form.is_some() {
            signed.is_authentic_form(&keys)
        } else {
            signed.is_authentic_json(&keys)
        }
    }

    fn body(&self) -> &str {
        self.form.as_deref().or(self.json.as_deref()).unwrap()
    }
}

fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(vectors.len(), 9);
    vectors
}

#[test]
fn every_known_answer_is_accepted() {
    for vector in vectors() {
        let (url, body, given) = (&vector.url, vector.body(), &vector.signature);
        let key = vector.key.as_str();
        assert!(vector.holds(url, body, given, &[key]), "{}", vector.name);
        let rotated = ["PSK_next", key];
        assert!(vector.holds(url, body, given, &rotated), "{}", vector.name);
    }
}

#[test]
fn every_change_of_a_known_answer_is_refused() {
    for vector in vectors() {
        let (url, body, given) = (&vector.url, vector.body(), &vector.signature);
        let key = vector.key.as_str();
        let changed = if body.is_empty() {
            "x=1".to_owned()
        } else {
            body.replace('1', "2") + "x"
        };
        assert!(
            !vector.holds(url, &changed, given, &[key]),
            "{}",
            vector.name
        );
        let elsewhere = url.replace("https://", "https://x");
        assert!(
            !vector.holds(&elsewhere, body, given, &[key]),
            "{}",
            vector.name
        );
        assert!(!vector.holds(url, body, "", &[key]), "{}", vector.name);
        let shortened = given.get(1..).unwrap();
        assert!(
            !vector.holds(url, body, shortened, &[key]),
            "{}",
            vector.name
        );
        let other_case = given.to_uppercase();
        assert!(
            !vector.holds(url, body, &other_case, &[key]),
            "{}",
            vector.name
        );
        assert!(
            !vector.holds(url, body, given, &["PT_token"]),
            "{}",
            vector.name
        );
        assert!(!vector.holds(url, body, given, &[]), "{}", vector.name);
    }
}

#[test]
fn a_blank_key_signs_nothing() {
    for key in ["", " "] {
        let key = WebhookKey::new(key);
        assert_eq!(super::mac(&key, &[b"https://hooks.example.com/x"]), None);
    }
    // Made with an empty key, as anybody can: `openssl dgst -sha1 -hmac ""`.
    let signed = Signed {
        url: "https://hooks.example.com/x",
        body: b"",
        signature: "owLU/KeZNNlQrAkbPzfUYzTxs28=",
    };
    assert!(!signed.is_authentic_form(&[WebhookKey::new("")]));
}

#[test]
fn a_body_that_is_not_utf_8_is_not_a_form() {
    let signed = Signed {
        url: "https://hooks.example.com/x",
        body: b"Body=\xff",
        signature: "",
    };
    assert!(!signed.is_authentic_form(&[WebhookKey::new("PSK_any")]));
}

#[test]
fn only_the_default_port_has_two_spellings() {
    for (url, other) in [
        ("https://a.example/x", Some("https://a.example:443/x")),
        ("https://a.example:443/x", Some("https://a.example/x")),
        ("https://a.example?x=:1", Some("https://a.example:443?x=:1")),
        ("http://a.example/x:y", Some("http://a.example:80/x:y")),
        ("http://a.example:80", Some("http://a.example")),
        ("https://[::1]/x", Some("https://[::1]:443/x")),
        ("https://[::1]:443/x", Some("https://[::1]/x")),
        ("https://a.example:8443/x", None),
        ("http://127.0.0.1:4566/x", None),
        ("ftp://a.example/x", None),
        ("a.example/x", None),
    ] {
        assert_eq!(with_other_port(url).as_deref(), other, "{url}");
    }
}
