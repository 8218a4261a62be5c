use std::convert::Infallible;

use lambda_http::{Body, Request, Response};
use numberline::{
    app::{self, Base, Carriers},
    edge::{ConfigError, Problem, Reply, Wiring, caller, respond, views::SearchView},
};

use crate::query;

/// What searching needs.
pub(crate) struct App {
    base: Base,
    carriers: Carriers,
}

impl App {
    /// Reads the environment and the carrier's credentials.
    pub(crate) async fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            carriers: wiring.carriers().await,
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    Ok(respond(&request, Box::pin(search(app, &request)).await))
}

async fn search(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let search = query::read(request)?;
    let found = app::search::search(&app.base, &app.carriers, &caller, &search).await?;
    Ok(Reply::ok(&SearchView::from(&found)))
}

#[cfg(test)]
mod tests;
