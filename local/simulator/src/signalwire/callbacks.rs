//! Telling the customer how a message fares.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::json;

use super::{
    messages::Message,
    route::Dialect,
    webhook::{self, Subject},
};
use crate::{Signing, outbox::Errand, world::World};

/// A status callback that is ready to go out.
#[derive(Debug)]
pub(crate) struct Callback {
    pub(crate) account: String,
    pub(crate) number: String,
    pub(crate) request: Request<Bytes>,
}

/// The callback for an errand; none when the message or its URL is gone.
pub(crate) fn callback(world: &World, errand: &Errand) -> Option<Callback> {
    let message = world.signalwire.messages.get(&errand.message)?;
    let (url, _) = message.callback.as_ref()?;
    Some(Callback {
        account: message.account.clone(),
        number: message.from.clone(),
        request: status(world, message, url, errand.status, Signing::Good)?,
    })
}

/// The request that tells `url` about a status, in the words of the API the
/// message was sent with.
pub(super) fn status(
    world: &World,
    message: &Message,
    url: &str,
    status: &'static str,
    how: Signing,
) -> Option<Request<Bytes>> {
    let key = key(world, &message.account, how);
    let failed = matches!(status, "failed" | "undelivered");
    let error_code = message.error_code.clone().filter(|_| failed);
    match message.callback {
        Some((_, Dialect::Api)) => {
            let body = json!({
                "id": message.id,
                "project_id": message.account,
                "status": status,
                "to": message.to,
                "from": message.from,
                "body": message.body,
                "number_of_segments": message.segments(),
                "timestamp": super::iso(world.now()),
                "error_code": error_code,
                "error_message": null,
            });
            webhook::json(url, &body.to_string(), key.as_deref(), Subject::Message)
        }
        Some((_, Dialect::Laml | Dialect::Relay)) | None => {
            let mut params = params(message);
            params.push(("MessageStatus".to_owned(), status.to_owned()));
            params.extend(error_code.map(|code| ("ErrorCode".to_owned(), code)));
            webhook::form(
                &Method::POST,
                url,
                &params,
                key.as_deref(),
                Subject::Message,
            )
        }
    }
}

/// What every form about a message says.
pub(super) fn params(message: &Message) -> Vec<(String, String)> {
    let params = [
        ("MessageSid", message.id.clone()),
        ("SmsSid", message.id.clone()),
        ("AccountSid", message.account.clone()),
        ("From", message.from.clone()),
        ("To", message.to.clone()),
        ("Body", message.body.clone()),
        ("NumMedia", message.media.len().to_string()),
        ("NumSegments", message.segments().to_string()),
    ];
    params.map(|(name, value)| (name.to_owned(), value)).into()
}

/// The key an account signs with; another one, or none, on request.
pub(super) fn key(world: &World, account: &str, how: Signing) -> Option<String> {
    match how {
        Signing::None => None,
        Signing::Empty => Some(String::new()),
        Signing::Wrong => Some("PSK_not_the_key_of_this_project".to_owned()),
        Signing::Good => {
            let project = world.signalwire.projects.get(account)?;
            Some(project.signs_with(world.now()).expose().to_owned())
        }
    }
}
