use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{Base, Error, numbers},
    domain::{Routing, VoiceRouting},
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, e164, json_body, label, page, path_id,
        respond, segments,
        views::{NumberView, PageView},
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
    routing: Option<RoutingWish>,
}

/// What shall happen to what arrives.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoutingWish {
    voice: VoiceWish,
}

/// What shall happen to a call. Each mode has its own field; one structure for both
/// lets a fault in a field point to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VoiceWish {
    mode: Mode,
    text: Option<String>,
    to: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// A voice speaks the text.
    Greeting,
    /// The call goes on to another number.
    Forward,
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
    let edited = numbers::edit(&app.base.core, &caller, &path_id(id)?, &edit).await;
    let number = edited.map_err(|error| {
        let goes_on = matches!(error, Error::DestinationNotAllowed);
        let problem = Problem::from(error);
        if goes_on {
            problem.pointing_to("/routing/voice/to")
        } else {
            problem
        }
    })?;
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

fn routing(wish: &RoutingWish) -> Result<Routing, Problem> {
    let VoiceWish { mode, text, to } = &wish.voice;
    let voice = match (mode, text, to) {
        (Mode::Greeting, Some(text), None) => VoiceRouting::Greeting { text: text.clone() },
        (Mode::Forward, None, Some(to)) => VoiceRouting::Forward {
            to: e164(to, "/routing/voice/to")?,
        },
        (Mode::Greeting, None, _) => return Err(misfit("text", "a greeting has a text")),
        (Mode::Greeting, Some(_), Some(_)) => {
            return Err(misfit("to", "a number goes with the mode forward"));
        }
        (Mode::Forward, _, None) => return Err(misfit("to", "say where calls go on to")),
        (Mode::Forward, Some(_), Some(_)) => {
            return Err(misfit("text", "a text goes with the mode greeting"));
        }
    };
    Ok(Routing { voice })
}

/// A field of `voice` that its mode lacks, or has no place for.
fn misfit(field: &str, detail: &str) -> Problem {
    let pointer = format!("/routing/voice/{field}");
    Error::invalid(&pointer, "invalid_body", detail).into()
}

#[cfg(test)]
mod tests;
