//! Every answer that left the origin, so that a test can look for secrets in all of them.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};

/// An append-only file with one answer per line.
#[derive(Debug)]
pub(super) struct Transcript {
    path: PathBuf,
    file: Mutex<File>,
}

impl Transcript {
    pub(super) fn open(path: PathBuf) -> Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self {
            path,
            file: Mutex::new(file),
        })
    }

    /// Writes the answer down and hands it on. An answer that cannot be written is withheld: a scan that misses
    /// one proves nothing.
    pub(super) async fn record(&self, asked: &str, answer: Response) -> Response {
        let (parts, body) = answer.into_parts();
        let recorded = async {
            let body = body.collect().await?.to_bytes();
            let line = json!({
                "request": asked,
                "status": parts.status.as_u16(),
                "headers": header_object(&parts.headers),
                "body": String::from_utf8_lossy(&body),
            });
            self.append(&line)?;
            anyhow::Ok(body)
        };
        match recorded.await {
            Ok(body) => Response::from_parts(parts, Body::from(body)),
            Err(error) => withheld(&self.path, &error),
        }
    }

    fn append(&self, line: &Value) -> Result<()> {
        let mut file = self
            .file
            .lock()
            .map_err(|_poisoned| anyhow::anyhow!("another answer failed while it was written"))?;
        writeln!(file, "{line}")?;
        Ok(())
    }
}

fn withheld(path: &Path, error: &anyhow::Error) -> Response {
    let text = format!(
        "The answer could not be written to {}: {error:#}\n",
        path.display()
    );
    (StatusCode::BAD_GATEWAY, text).into_response()
}

fn header_object(headers: &HeaderMap) -> Map<String, Value> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), Value::from(value))
        })
        .collect()
}
