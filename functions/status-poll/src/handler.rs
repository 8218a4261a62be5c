use std::convert::Infallible;

use lambda_http::{Body, Request, Response};
use numberline::{
    app::{Base, Error, orders},
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, page, path_id, respond, segments,
        views::{OrderView, PageView},
    },
};

/// What reading orders needs.
pub(crate) struct App {
    base: Base,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match segments(&request).as_slice() {
        ["orders"] => list(app, &request).await,
        ["orders", id] => get(app, &request, id).await,
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn list(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let page = page(request)?;
    let listed = orders::orders(&app.base.core, &caller, page.cursor.as_ref(), page.limit).await?;
    Ok(Reply::ok(&PageView::of(&listed, OrderView::from)))
}

async fn get(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let order = orders::order(&app.base.core, &caller, &path_id(id)?).await?;
    let view = OrderView::from(&order);
    Ok(Reply::ok(&view).retry_after(view.poll_after_ms()))
}

#[cfg(test)]
mod tests;
