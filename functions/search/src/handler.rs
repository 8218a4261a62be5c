use std::convert::Infallible;

use lambda_http::{Body, Request, Response};
use numberline::{
    app::{self, Base, Carriers, Error},
    edge::{
        ConfigError, Problem, Reply, Wiring, area_code, caller, parameter, respond, search_limit,
        views::{AvailableNumberView, PageView},
    },
};

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
    Ok(respond(&request, search(app, &request).await))
}

async fn search(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let wanted = parameter(request, "areaCode")?.ok_or_else(missing_area_code)?;
    let area_code = area_code(&wanted, "areaCode")?;
    let limit = search_limit(request)?;
    let found =
        app::search::search(&app.base.core, &app.carriers, &caller, area_code, limit).await?;
    let items = found.iter().map(AvailableNumberView::from).collect();
    Ok(Reply::ok(&PageView::whole(items)))
}

fn missing_area_code() -> Error {
    Error::invalid(
        "areaCode",
        "area_code_required",
        "say which areaCode to search, for example 512",
    )
}

#[cfg(test)]
mod tests;
