use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{Base, Error, numbers},
    domain::{Routing, VoiceRouting},
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, e164, json_body, label, page, path_id,
        respond, segments,
        views::{NumberView, PageView, RoutingView, VoiceRoutingView},
    },
    store::NumberEdit,
};
use serde::Deserialize;

/// What a workspace's numbers need.
pub(crate) struct App {
    base: Base,
}

/// What to change. An absent field is left as it is; an empty label takes it away.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Edit {
    label: Option<String>,
    routing: Option<RoutingView>,
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
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::GET, ["phone-numbers"]) => list(app, &request).await,
        (&Method::GET, ["phone-numbers", id]) => get(app, &request, id).await,
        (&Method::PATCH, ["phone-numbers", id]) => edit(app, &request, id).await,
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn list(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let page = page(request)?;
    let listed =
        numbers::numbers(&app.base.core, &caller, page.cursor.as_ref(), page.limit).await?;
    Ok(Reply::ok(&PageView::of(&listed, NumberView::from)))
}

async fn get(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let number = numbers::number(&app.base.core, &caller, &path_id(id)?).await?;
    Ok(Reply::ok(&NumberView::from(&number)))
}

async fn edit(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let edit = read(&json_body(request)?)?;
    let number = numbers::edit(&app.base.core, &caller, &path_id(id)?, &edit).await?;
    Ok(Reply::ok(&NumberView::from(&number)))
}

fn read(edit: &Edit) -> Result<NumberEdit, Problem> {
    if edit.label.is_none() && edit.routing.is_none() {
        return Err(Error::invalid("", "nothing_to_change", "send label or routing").into());
    }
    let label = edit
        .label
        .as_deref()
        .map(|text| label(text, "/label"))
        .transpose()?;
    let label = label.map(Option::unwrap_or_default);
    let routing = edit.routing.as_ref().map(routing).transpose()?;
    Ok(NumberEdit { label, routing })
}

fn routing(view: &RoutingView) -> Result<Routing, Problem> {
    let voice = match &view.voice {
        VoiceRoutingView::Greeting { text } => VoiceRouting::Greeting { text: text.clone() },
        VoiceRoutingView::Forward { to } => VoiceRouting::Forward {
            to: e164(to, "/routing/voice/to")?,
        },
    };
    Ok(Routing { voice })
}

#[cfg(test)]
mod tests;
