use std::convert::Infallible;

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{
        Base, Error, calls, conversations,
        send::{self, Post, Text},
    },
    edge::{
        ConfigError, Problem, Reply, Wiring, caller, e164, idempotency_key, json_body,
        page_by_time, path_id, respond, segments,
        views::{CallView, ConversationView, MessageView, PageView},
    },
};
use serde::{Deserialize, Serialize};

/// What texts need.
pub(crate) struct App {
    base: Base,
    post: Post,
}

/// What to send.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Communication {
    channel: String,
    to: String,
    from: Option<String>,
    body: String,
}

/// A conversation with one page of its messages.
#[derive(Serialize)]
struct ConversationPage {
    conversation: ConversationView,
    #[serde(flatten)]
    page: PageView<MessageView>,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            post: wiring.post(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::POST, ["communications"]) => send(app, &request).await,
        (&Method::GET, ["conversations"]) => list(app, &request).await,
        (&Method::GET, ["conversations", id, "messages"]) => read(app, &request, id).await,
        (&Method::GET, ["calls"]) => list_calls(app, &request).await,
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn send(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let key = idempotency_key(request)?;
    let text = text(json_body(request)?)?;
    let sent = send::send(&app.base, &app.post, &caller, &text, key.replay());
    let message = Box::pin(sent).await?;
    let location = format!("/api/conversations/{}/messages", message.conversation);
    Ok(Reply::accepted(location, &MessageView::from(&message)))
}

fn text(communication: Communication) -> Result<Text, Problem> {
    if communication.channel != "sms" {
        let detail = "the channel is sms";
        return Err(Error::invalid("/channel", "channel_unsupported", detail).into());
    }
    let from = communication
        .from
        .map(|from| e164(&from, "/from"))
        .transpose()?;
    Ok(Text {
        to: e164(&communication.to, "/to")?,
        from,
        body: communication.body,
    })
}

async fn list(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let page = page_by_time(request)?;
    let (core, messages) = (&app.base.core, &app.post.messages);
    let listed = conversations::conversations(core, messages, &caller, page.window()).await?;
    Ok(Reply::ok(&PageView::of(&listed, ConversationView::from)))
}

async fn read(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let page = page_by_time(request)?;
    let App { base, post } = app;
    let id = path_id(id)?;
    let (thread, listed) =
        conversations::conversation(base, &post.messages, &caller, &id, page.window()).await?;
    Ok(Reply::ok(&ConversationPage {
        conversation: ConversationView::from(&thread),
        page: PageView::of(&listed, MessageView::from),
    }))
}

async fn list_calls(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let page = page_by_time(request)?;
    let (core, messages) = (&app.base.core, &app.post.messages);
    let listed = calls::calls(core, messages, &caller, page.window()).await?;
    Ok(Reply::ok(&PageView::of(&listed, CallView::from)))
}

#[cfg(test)]
mod tests;
