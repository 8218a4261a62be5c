//! Sending a text from the workspace's own number.
//!
//! Our row comes first, and what may have been sent is not sent again: late news
//! finds the message by our name for it, in the address it comes to.

use std::sync::Arc;

use crate::{
    carrier::{self, Carrier, Effect, ErrorKind, OutgoingMessage},
    domain::{
        Direction, E164, Message, MessageStatus, Number, Webhooks,
        message::{BODY_MAX, conversation_of, outbound_id},
        number::primary,
        subproject::{Subproject, SubprojectState},
    },
    store::{Inserted, Messages, News, Replay},
};

use super::{
    Base,
    access::{Access, Caller, Door},
    accounts::Accounts,
    error::{Error, Result},
    limits::PAGE_MAX,
    numbers::allowed_destination,
};

/// What sending needs.
#[derive(Debug)]
pub struct Post {
    /// The Messages table.
    pub messages: Messages,
    /// Workspaces' accounts.
    pub accounts: Accounts,
    /// The carriers. Sending needs no account of the platform's.
    pub carriers: Vec<Arc<dyn Carrier>>,
    /// Scheme and host that carriers post news to.
    pub webhook_base: String,
}

/// A text to send.
#[derive(Clone, Debug)]
pub struct Text {
    /// To whom.
    pub to: E164,
    /// The number to send from; the workspace's primary one if absent.
    pub from: Option<E164>,
    /// What.
    pub body: String,
}

/// Sends a text, once per idempotency key, and answers with how far it got. That the
/// carrier refused it, or did not say, is an answer too.
pub async fn send(
    base: &Base,
    post: &Post,
    caller: &Caller,
    text: &Text,
    replay: Replay<'_>,
) -> Result<Message> {
    check(text)?;
    let access = Door(&base.core).open(caller).await?;
    let number = sender(base, &access, text.from.as_ref()).await?;
    if base.core.claim(&text.to).await?.is_some() {
        return Err(Error::DestinationNotAllowed);
    }
    let message = new_message(base, &access, &number, text, replay);
    match post.messages.insert(&message).await? {
        Inserted::Yes => {}
        Inserted::Before(before) => return sent_before(*before, replay),
    }
    let handed_over = hand_over(base, post, &access, &number, &message).await?;
    let news = handed_over.news();
    post.messages
        .record(&message.id, &number.account, &news, &access.actor)
        .await?;
    Ok(post
        .messages
        .outgoing(&message.id)
        .await?
        .unwrap_or(message))
}

fn check(text: &Text) -> Result<()> {
    if text.body.trim().is_empty() {
        return Err(Error::invalid(
            "/body",
            "body_empty",
            "write something to send",
        ));
    }
    if text.body.chars().count() > BODY_MAX {
        let detail = format!("a message has at most {BODY_MAX} characters");
        return Err(Error::invalid("/body", "body_too_long", detail));
    }
    allowed_destination(&text.to)
}

/// The active number to send from: the one asked for, or the primary one.
async fn sender(base: &Base, access: &Access, from: Option<&E164>) -> Result<Number> {
    let numbers = base
        .core
        .numbers(&access.workspace, None, PAGE_MAX)
        .await?
        .items;
    let chosen = match from {
        None => primary(&numbers),
        Some(from) => numbers
            .iter()
            .find(|number| number.is_active() && number.e164 == *from),
    };
    match (chosen, from) {
        (Some(number), _) => Ok(number.clone()),
        (None, None) => Err(Error::NoNumber),
        (None, Some(_)) => {
            let detail = "this is not an active number of the workspace";
            Err(Error::invalid("/from", "sender_not_ours", detail))
        }
    }
}

fn new_message(
    base: &Base,
    access: &Access,
    number: &Number,
    text: &Text,
    replay: Replay<'_>,
) -> Message {
    Message {
        id: outbound_id(&access.workspace, replay.key),
        workspace: access.workspace.clone(),
        conversation: conversation_of(&access.workspace, &number.e164, text.to.as_str()),
        direction: Direction::Outbound,
        ours: number.e164.clone(),
        theirs: text.to.to_string(),
        body: text.body.clone(),
        status: MessageStatus::Sending,
        failure: None,
        segments: 0,
        at: base.clock.now(),
        carrier: number.carrier.clone(),
        account: number.account.clone(),
        carrier_message: None,
        request_hash: Some(replay.request_hash.to_owned()),
        changed_by: access.actor.clone(),
    }
}

/// The message an idempotency key sent, if the request is the same (P4).
fn sent_before(before: Message, replay: Replay<'_>) -> Result<Message> {
    if before.request_hash.as_deref() == Some(replay.request_hash) {
        Ok(before)
    } else {
        Err(Error::KeyReused)
    }
}

/// What became of handing a message over.
enum HandedOver {
    Taken(carrier::SentMessage),
    Unknown,
    Refused(&'static str),
}

impl HandedOver {
    fn news(&self) -> News<'_> {
        let (status, failure) = match self {
            Self::Taken(sent) => (sent.status, None),
            Self::Unknown => (MessageStatus::Unknown, None),
            Self::Refused(code) => (MessageStatus::Failed, Some(*code)),
        };
        let sent = match self {
            Self::Taken(sent) => Some(sent),
            Self::Unknown | Self::Refused(_) => None,
        };
        News {
            status,
            carrier_message: sent.map(|sent| &sent.id),
            failure,
            segments: sent.map(|sent| sent.segments),
        }
    }
}

async fn hand_over(
    base: &Base,
    post: &Post,
    access: &Access,
    number: &Number,
    message: &Message,
) -> Result<HandedOver> {
    let Some(status_url) = status_url(base, post, number, message).await? else {
        return Ok(HandedOver::Refused("number_not_ready"));
    };
    let Some(carrier) = post
        .carriers
        .iter()
        .find(|carrier| carrier.id() == number.carrier)
    else {
        return Ok(HandedOver::Refused("number_not_ready"));
    };
    let opened = post
        .accounts
        .open(&access.workspace, &number.carrier, &number.account)
        .await?;
    let Some(account) = opened else {
        return Ok(HandedOver::Refused("number_not_ready"));
    };
    let Ok(to) = message.theirs.parse() else {
        return Ok(HandedOver::Refused("destination_invalid"));
    };
    let outgoing = OutgoingMessage {
        id: message.id.clone(),
        from: number.e164.clone(),
        to,
        body: message.body.clone(),
        status_url,
    };
    Ok(match carrier.send_message(&account, &outgoing).await {
        Ok(sent) => HandedOver::Taken(sent),
        Err(error) => {
            tracing::warn!(message.id = %message.id, %error, "message not taken");
            if error.kind() == ErrorKind::Unauthenticated {
                post.accounts.forget(&account.id).await;
            }
            match error.effect() {
                Effect::Unknown => HandedOver::Unknown,
                Effect::None => HandedOver::Refused(refusal(error.kind())),
            }
        }
    })
}

/// Where news of the message goes.
async fn status_url(
    base: &Base,
    post: &Post,
    number: &Number,
    message: &Message,
) -> Result<Option<String>> {
    let known: Option<Subproject> = base
        .core
        .subproject(&number.workspace, &number.carrier)
        .await?;
    Ok(match known.map(|subproject| subproject.state) {
        Some(SubprojectState::Open { token, .. }) => {
            let webhooks = Webhooks::new(&post.webhook_base, &number.carrier, token);
            Some(webhooks.message_status_url(&message.id))
        }
        Some(SubprojectState::Creating { .. }) | None => None,
    })
}

/// Why a message was refused, in the public contract's words.
fn refusal(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::NumberUnavailable => {
            "message_rejected"
        }
        ErrorKind::RegulatoryHold => "sender_not_registered",
        ErrorKind::RateLimited | ErrorKind::Held => "network_busy",
        ErrorKind::Unauthenticated
        | ErrorKind::InsufficientFunds
        | ErrorKind::AccountLimit
        | ErrorKind::Unsupported => "platform_account",
        ErrorKind::Unavailable | ErrorKind::Unexpected => "network_unavailable",
    }
}
