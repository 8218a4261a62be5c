use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{Base, Carriers, Error, orders, provision::Shop},
    domain::order::Order,
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, path_id, respond, segments, views::OrderView,
    },
};

/// What changing one's mind needs.
pub(crate) struct App {
    base: Base,
    shop: Shop,
    carriers: Carriers,
}

impl App {
    /// Reads the environment and the carrier's credentials.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            shop: wiring.shop(),
            carriers: wiring.carriers_opened_later(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::POST, ["orders", id, "retry"]) => retry(app, &request, id).await,
        (&Method::POST, ["orders", id, "cancel"]) => cancel(app, &request, id).await,
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn retry(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let App {
        base,
        shop,
        carriers,
    } = app;
    let order = orders::retry(base, shop, carriers, &caller, &path_id(id)?).await?;
    Ok(accepted(&order))
}

async fn cancel(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let order = orders::cancel(&app.base, &app.shop, &caller, &path_id(id)?).await?;
    Ok(accepted(&order))
}

/// The order as it is now: what was asked for shows in it soon after.
fn accepted(order: &Order) -> Reply {
    let view = OrderView::from(order);
    Reply::accepted(view.location(), &view).retry_after(view.poll_after_ms())
}

#[cfg(test)]
mod tests;
