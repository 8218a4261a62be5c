use std::convert::Infallible;

use lambda_http::{Body, Request, Response};
use numberline::{
    app::inbound::Mailroom,
    edge::{ConfigError, Wiring, answer_webhook},
};

/// What receiving needs.
pub(crate) struct App {
    mailroom: Mailroom,
    base: Option<String>,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            mailroom: wiring.mailroom(),
            base: wiring.own_webhook_base(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    Ok(answer_webhook(&app.mailroom, &request, app.base.as_deref()).await)
}

#[cfg(test)]
mod tests;
