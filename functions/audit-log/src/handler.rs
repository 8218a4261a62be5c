use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{Base, Error, audit},
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, cursor, page, respond, segments,
        views::{AuditEntryView, AuditVerificationView},
    },
    store::Ledger,
};

/// What reading the record needs.
pub(crate) struct App {
    base: Base,
    ledger: Ledger,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            ledger: wiring.ledger(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::GET, ["audit-log"]) => list(app, &request).await,
        (&Method::GET, ["audit-log", "verification"]) => verify(app, &request).await,
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn list(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let page = page(request)?;
    let App { base, ledger } = app;
    let cursor = page.cursor.as_ref();
    let listed = audit::entries(&base.core, ledger, &caller, cursor, page.limit).await?;
    Ok(Reply::ok(&AuditEntryView::page(&listed)))
}

async fn verify(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let from = cursor(request, "cursor")?;
    let App { base, ledger } = app;
    let walked = audit::verify(&base.core, ledger, &caller, from.as_ref()).await?;
    Ok(Reply::ok(&AuditVerificationView::from(&walked)))
}

#[cfg(test)]
mod tests;
