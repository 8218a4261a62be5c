//! A caller of the API.

mod calls;

use anyhow::{Result, anyhow};
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use numberline_stack::Secret;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Answer, Stack, wire::Http};

/// A caller, and the workspace they name.
#[derive(Clone, Debug)]
pub struct Client {
    http: Http,
    origin: String,
    token: Option<Secret>,
    workspace: Option<String>,
}

/// A request as it is, for what the typed calls cannot say.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Ask {
    /// A request without a body.
    #[must_use]
    pub fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// With one header more.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With an idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With these bytes as its body.
    #[must_use]
    pub fn bytes(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// With a body of JSON.
    pub fn json(self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body)?;
        Ok(self.bytes("application/json", body))
    }
}

impl Client {
    /// Whoever has the token, on a stack.
    #[must_use]
    pub fn new(stack: &Stack, token: Option<&Secret>) -> Self {
        Self {
            http: stack.http.clone(),
            origin: stack.description.origin.clone(),
            token: token.cloned(),
            workspace: None,
        }
    }

    /// The same caller, naming a workspace.
    #[must_use]
    pub fn workspace(&self, id: &str) -> Self {
        Self {
            workspace: Some(id.to_owned()),
            ..self.clone()
        }
    }

    /// Sends a request and takes whatever is answered.
    pub async fn send(&self, ask: Ask) -> Result<Answer> {
        let uri = format!("{}{}", self.origin, ask.path);
        let mut request = Request::builder().method(ask.method).uri(uri);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.expose()));
        }
        if let Some(workspace) = &self.workspace {
            request = request.header("x-workspace-id", workspace);
        }
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        self.http.send(request.body(Full::new(ask.body))?).await
    }

    /// `GET`, answered with the expected status.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, expected: u16) -> Result<T> {
        let answer = self.send(Ask::new(Method::GET, path)).await?;
        answer.expect(expected)?.read()
    }

    /// `DELETE`, answered with the expected status.
    pub async fn delete<T: DeserializeOwned>(&self, path: &str, expected: u16) -> Result<T> {
        let answer = self.send(Ask::new(Method::DELETE, path)).await?;
        answer.expect(expected)?.read()
    }

    /// `PATCH`, answered with the expected status.
    pub async fn patch<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        expected: u16,
    ) -> Result<T> {
        let answer = self.send(Ask::new(Method::PATCH, path).json(body)?).await?;
        answer.expect(expected)?.read()
    }

    /// `POST`, answered with the expected status.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        expected: u16,
    ) -> Result<T> {
        let answer = self.send(Ask::new(Method::POST, path).json(body)?).await?;
        answer.expect(expected)?.read()
    }

    /// `POST` of what costs money, with an idempotency key, answered with the expected status.
    pub async fn pay<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        body: &impl Serialize,
        expected: u16,
    ) -> Result<T> {
        let ask = Ask::new(Method::POST, path).key(key).json(body)?;
        self.send(ask).await?.expect(expected)?.read()
    }
}

/// An idempotency key that was never used, also not by an earlier run on the same stack.
pub fn fresh_key() -> Result<String> {
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(|error| anyhow!("no random key: {error}"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(key)))
}
