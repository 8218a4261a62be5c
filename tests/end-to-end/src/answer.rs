//! An answer, and what was expected of it.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;

/// Characters of an unexpected body that are shown.
const SHOWN: usize = 400;

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and address of the request.
    pub asked: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// Fails unless the status is the expected one, and then shows what was answered instead.
    pub fn expect(self, status: u16) -> Result<Self> {
        ensure!(
            self.status == status,
            "{} was answered with {} instead of {status}: {}",
            self.asked,
            self.status,
            self.text()
        );
        Ok(self)
    }

    /// The body as JSON.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).with_context(|| {
            format!(
                "{} was answered with what is not a {}: {}",
                self.asked,
                std::any::type_name::<T>(),
                self.text()
            )
        })
    }

    /// A header's text; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let header = self.headers.get(name);
        header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The beginning of the body: enough of a problem to read its code and its sentence.
    fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        shown
    }
}
