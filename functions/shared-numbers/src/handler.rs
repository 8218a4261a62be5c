use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{
        Error,
        shared_numbers::{self, Lender},
    },
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, path_number, respond, segments,
        views::{PageView, SharedNumberView},
    },
};

/// What lending needs.
pub(crate) struct App {
    lender: Lender,
}

impl App {
    /// Reads the environment.
    pub(crate) async fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            lender: wiring.lender().await,
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::GET, ["shared-numbers"]) => list(app, &request).await,
        (&Method::PUT, ["shared-numbers", number]) => lend(app, &request, number).await,
        (&Method::DELETE, ["shared-numbers", number]) => withdraw(app, &request, number).await,
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn list(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let numbers = shared_numbers::shared_numbers(&app.lender.base.core, &caller).await?;
    let views = numbers.iter().map(SharedNumberView::from).collect();
    Ok(Reply::ok(&PageView::whole(views)))
}

async fn lend(app: &App, request: &Request, number: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let lent = shared_numbers::lend(&app.lender, &caller, &path_number(number)?).await?;
    Ok(Reply::ok(&SharedNumberView::from(&lent)))
}

async fn withdraw(app: &App, request: &Request, number: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let number = path_number(number)?;
    shared_numbers::withdraw(&app.lender.base.core, &caller, &number).await?;
    Ok(Reply::no_content())
}

#[cfg(test)]
mod tests;
