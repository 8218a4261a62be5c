//! An HTTP event as API Gateway and function URLs send it (payload format 2.0).

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::cast::{ISSUER, Person};

/// An event. Tests take one from its file and change what their case is about.
#[derive(Clone, Debug)]
pub struct HttpEvent(Value);

impl HttpEvent {
    /// The event in `file`.
    pub fn read(file: &str) -> Result<Self> {
        let event: Value = serde_json::from_str(file)?;
        let version = event.get("version").and_then(Value::as_str);
        anyhow::ensure!(version == Some("2.0"), "an event of version 2.0");
        Ok(Self(event))
    }

    /// The request a function sees.
    pub fn request(&self) -> Result<lambda_http::Request> {
        Ok(lambda_http::request::from_str(&self.0.to_string())?)
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.text("/requestContext/http/method")
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.text("/rawPath")
    }

    /// The body, as it was sent.
    #[must_use]
    pub fn body(&self) -> &str {
        self.text("/body")
    }

    fn text(&self, pointer: &str) -> &str {
        let text = self.0.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_default()
    }

    /// The same request of somebody else.
    #[must_use]
    pub fn by(mut self, person: Person) -> Self {
        let claims = json!({
            "iss": ISSUER,
            "sub": person.subject,
            "scope": person.scope,
        });
        self.set("/requestContext/authorizer/jwt/claims", claims);
        self
    }

    /// The same request past the authorizer.
    #[must_use]
    pub fn without_token(mut self) -> Self {
        if let Some(context) = self.object("/requestContext") {
            context.remove("authorizer");
        }
        self
    }

    /// The same request with another header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Some(headers) = self.object("/headers") {
            headers.insert(name.to_owned(), value.into());
        }
        self
    }

    /// The same request without a header.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        if let Some(headers) = self.object("/headers") {
            headers.remove(name);
        }
        self
    }

    /// The same request with another path.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.set("/rawPath", path.into());
        self.set("/requestContext/http/path", path.into());
        self
    }

    /// The same request with another query.
    #[must_use]
    pub fn query(mut self, query: &str) -> Self {
        self.set("/rawQueryString", query.into());
        self
    }

    /// The same request with another body.
    #[must_use]
    pub fn with_body(mut self, body: &str) -> Self {
        if let Some(event) = self.0.as_object_mut() {
            event.insert("body".to_owned(), body.into());
            event.insert("isBase64Encoded".to_owned(), false.into());
        }
        self
    }

    /// The same request with one field of its JSON body changed, or taken away by null.
    pub fn field(self, name: &str, value: Value) -> Result<Self> {
        let mut body: Map<String, Value> =
            serde_json::from_str(self.body()).context("a JSON object as body")?;
        if value.is_null() {
            body.remove(name);
        } else {
            body.insert(name.to_owned(), value);
        }
        Ok(self.with_body(&Value::from(body).to_string()))
    }

    fn set(&mut self, pointer: &str, value: Value) {
        if let Some(place) = self.0.pointer_mut(pointer) {
            *place = value;
        }
    }

    fn object(&mut self, pointer: &str) -> Option<&mut Map<String, Value>> {
        self.0.pointer_mut(pointer)?.as_object_mut()
    }
}
