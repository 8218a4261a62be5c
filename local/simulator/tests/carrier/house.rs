//! A simulator with a standing clock, and short words for asking it things.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use jiff::Timestamp;
use numberline_simulator::{Clock, Collecting, Dropped, Rules, Settings, Simulator};
use serde_json::{Value, json};

pub(crate) const ROOT: &str = "7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55";
pub(crate) const START: &str = "2026-08-21T17:04:15Z";
pub(crate) const NUMBER: &str = "+15125550100";
pub(crate) const CUSTOMER: &str = "+12125550199";
pub(crate) const SMS_URL: &str = "https://hooks.example.com/sms";
pub(crate) const VOICE_URL: &str = "https://hooks.example.com/voice";

/// Credentials.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) project: String,
    pub(crate) token: String,
}

impl Who {
    pub(crate) fn new(project: &str, token: &str) -> Self {
        Self {
            project: project.to_owned(),
            token: token.to_owned(),
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn text(&self, pointer: &str) -> &str {
        let value = self.body.pointer(pointer);
        value
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no text at {pointer} in {}", self.body))
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.body[name]
            .as_array()
            .unwrap_or_else(|| panic!("no list {name} in {}", self.body))
    }

    /// Status and code of a refusal, whatever its shape.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let native = ["/errors/0/code", "/error"]
            .into_iter()
            .find_map(|pointer| self.body.pointer(pointer)?.as_str());
        let code = native.map_or_else(|| self.body["code"].to_string(), str::to_owned);
        (self.status, code)
    }
}

/// A refusal to compare with.
pub(crate) fn refused<C: ToString + Copy>(status: u16, code: C) -> (u16, String) {
    (status, code.to_string())
}

#[derive(Debug)]
pub(crate) struct House {
    pub(crate) simulator: Simulator,
    pub(crate) hooks: Arc<Collecting>,
    pub(crate) root: Who,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(Rules::default())
    }

    pub(crate) fn with(rules: Rules) -> Self {
        let at: Timestamp = START.parse().unwrap();
        let settings = Settings {
            clock: Clock::Standing { at },
            rules,
            ..Settings::default()
        };
        let root = Who::new(&settings.project_id, settings.api_token.expose());
        let hooks = Arc::new(Collecting::default());
        Self {
            simulator: Simulator::with_delivery(settings, Arc::<Collecting>::clone(&hooks)),
            hooks,
            root,
        }
    }

    pub(crate) fn days_pass(&self, days: u64) {
        let hours = std::time::Duration::from_hours(days * 24);
        self.simulator.advance(hours);
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Answer, Dropped> {
        let response = self.simulator.handle(request).await?;
        let (head, body) = response.into_parts();
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).unwrap()
        };
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        })
    }

    fn request(who: &Who, method: Method, path: &str, media: &str, body: String) -> Request<Bytes> {
        let credentials = STANDARD.encode(format!("{}:{}", who.project, who.token));
        Request::builder()
            .method(method)
            .uri(format!("http://localhost/signalwire{path}"))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", media)
            .body(Bytes::from(body))
            .unwrap()
    }

    /// A request without a body.
    pub(crate) async fn bare(&self, who: &Who, method: Method, path: &str) -> Answer {
        let request = Self::request(who, method, path, "text/plain", String::new());
        self.send(request).await.unwrap()
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        self.bare(who, Method::GET, path).await
    }

    pub(crate) async fn delete(&self, who: &Who, path: &str) -> Answer {
        self.bare(who, Method::DELETE, path).await
    }

    /// A request with a form; it may be dropped.
    pub(crate) async fn try_form(
        &self,
        who: &Who,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<Answer, Dropped> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let media = "application/x-www-form-urlencoded";
        self.send(Self::request(who, Method::POST, path, media, body))
            .await
    }

    pub(crate) async fn form(&self, who: &Who, path: &str, form: &[(&str, &str)]) -> Answer {
        self.try_form(who, path, form).await.unwrap()
    }

    /// A request with JSON; it may be dropped.
    pub(crate) async fn try_json(
        &self,
        who: &Who,
        method: Method,
        path: &str,
        body: Value,
    ) -> Result<Answer, Dropped> {
        let body = body.to_string();
        let request = Self::request(who, method, path, "application/json", body);
        self.send(request).await
    }

    pub(crate) async fn json(&self, who: &Who, method: Method, path: &str, body: Value) -> Answer {
        self.try_json(who, method, path, body).await.unwrap()
    }

    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.json(who, Method::POST, path, body).await
    }

    /// A control request.
    pub(crate) async fn control(&self, method: Method, name: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/__sim/{name}"))
            .body(Bytes::from(body.to_string()))
            .unwrap();
        self.send(request).await.unwrap()
    }

    /// Buys a number with webhooks and gives its identifier.
    pub(crate) async fn bought(&self, who: &Who, number: &str) -> String {
        let form = [
            ("PhoneNumber", number),
            ("FriendlyName", "ord_1"),
            ("SmsUrl", SMS_URL),
            ("VoiceUrl", VOICE_URL),
        ];
        let answer = self.form(who, &numbers(&who.project), &form).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.text("/sid").to_owned()
    }

    /// Makes a subproject with a token for everything; gives its credentials
    /// and its signing key.
    pub(crate) async fn subproject(&self, name: &str) -> (Who, String) {
        let made = self
            .post(&self.root, "/api/projects", json!({"name": name}))
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = made.text("/id").to_owned();
        let token = json!({
            "name": "svc",
            "permissions": ["numbers", "messaging", "calling", "management"],
            "subproject_id": id,
        });
        let token = self.post(&self.root, "/api/project/tokens", token).await;
        assert_eq!(token.status, 200, "{}", token.body);
        let who = Who::new(&id, token.text("/token"));
        (who, made.text("/signing_key").to_owned())
    }
}

/// The path of an account in the Compatibility API.
pub(crate) fn account(project: &str) -> String {
    format!("/api/laml/2010-04-01/Accounts/{project}")
}

/// The path of its numbers.
pub(crate) fn numbers(project: &str) -> String {
    format!("{}/IncomingPhoneNumbers", account(project))
}

/// The path of its messages.
pub(crate) fn messages(project: &str) -> String {
    format!("{}/Messages", account(project))
}

/// The path of a number in the native API.
pub(crate) fn native(id: &str) -> String {
    format!("/api/relay/rest/phone_numbers/{id}")
}
