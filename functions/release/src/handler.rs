use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{Base, Error, Holds, release},
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, path_id, respond, segments,
        views::{OrderView, PreviewView},
    },
    queue::OrderQueue,
};

/// What giving back needs.
pub(crate) struct App {
    base: Base,
    queue: OrderQueue,
    holds: Holds,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            queue: wiring.queue(),
            holds: wiring.release_holds(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::DELETE, ["phone-numbers", id]) => give_back(app, &request, id).await,
        (&Method::GET, ["phone-numbers", id, "release-preview"]) => {
            preview(app, &request, id).await
        }
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn give_back(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let order = release::release(&app.base, &app.queue, &caller, &path_id(id)?).await?;
    let view = OrderView::from(&order);
    Ok(Reply::accepted(view.location(), &view).retry_after(view.poll_after_ms()))
}

async fn preview(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let preview = release::preview(&app.base, &caller, &path_id(id)?, &app.holds).await?;
    Ok(Reply::ok(&PreviewView::from(&preview)))
}

#[cfg(test)]
mod tests;
