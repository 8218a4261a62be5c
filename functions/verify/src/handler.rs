use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{
        Base, Error,
        verify::{Verifier, verify},
    },
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, json_body, path_id, respond, segments,
        views::VerificationView,
    },
};
use serde::Deserialize;

/// What verifying needs.
pub(crate) struct App {
    base: Base,
    verifier: Verifier,
}

/// How to verify. Without a body nothing is changed.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wish {
    #[serde(default)]
    repair: bool,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            verifier: wiring.verifier(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::POST, ["phone-numbers", id, "verify"]) => look(app, &request, id).await,
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn look(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let id = path_id(id)?;
    let Wish { repair } = wish(request)?;
    let verified = verify(&app.base, &app.verifier, &caller, &id, repair).await?;
    Ok(Reply::ok(&VerificationView::from(&verified)))
}

fn wish(request: &Request) -> Result<Wish, Problem> {
    if request.body().is_empty() {
        return Ok(Wish::default());
    }
    json_body(request)
}

#[cfg(test)]
mod tests;
