//! Sending a text from the workspace's own number.
//!
//! Our row comes first, and what may have been sent is not sent again: late news
//! finds the message by our name for it, in the address it comes to.

use std::sync::Arc;

use crate::{
    carrier::{Account, Carrier, Effect, ErrorKind, OutgoingMessage, SentMessage},
    domain::{
        Actor, Direction, E164, Message, MessageId, MessageStatus, Number, Webhooks,
        WorkspaceStatus,
        message::{BODY_MAX, conversation_of, outbound_id},
        number::primary,
        subproject::SubprojectState,
        workspace::OverLimit,
    },
    store::{self, Inserted, Messages, News, Replay, Wanted},
};

use super::{
    Base,
    access::{Access, Caller, Door},
    accounts::Accounts,
    error::{Error, Result},
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
    let (access, read) = Door(&base.core).enter(caller, &[Wanted::Workspace]).await?;
    let workspace = read.workspace()?.ok_or(Error::NotFound)?;
    if workspace.status != WorkspaceStatus::Active {
        return Err(OverLimit::NotActive.into());
    }
    let id = outbound_id(&access.workspace, replay.key);
    let (before, numbers, ours) = tokio::try_join!(
        post.messages.outgoing(&id),
        base.core.active_numbers(&access.workspace),
        base.core.claim(&text.to),
    )?;
    if let Some(before) = before {
        return sent_before(base, post, before, replay).await;
    }
    if ours.is_some() {
        return Err(Error::DestinationNotAllowed);
    }
    let number = sender(&numbers, text.from.as_ref())?;
    let outlet = outlet(base, post, number).await?;
    let message = new_message(base, &access, number, text, (id, replay));
    match post.messages.insert(&message).await? {
        Inserted::Yes => Ok(hand_over(post, &outlet, &access, text, message).await),
        Inserted::Before(before) => sent_before(base, post, *before, replay).await,
    }
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
fn sender<'n>(numbers: &'n [Number], from: Option<&E164>) -> Result<&'n Number> {
    let Some(from) = from else {
        return primary(numbers).ok_or(Error::NoNumber);
    };
    let chosen = numbers
        .iter()
        .find(|number| number.is_active() && number.e164 == *from);
    chosen.ok_or_else(|| {
        let detail = "this is not an active number of the workspace";
        Error::invalid("/from", "sender_not_ours", detail)
    })
}

/// What a message goes out through: read before the message is written down, so that
/// nothing is written that then cannot be sent.
struct Outlet {
    carrier: Arc<dyn Carrier>,
    account: Account,
    webhooks: Webhooks,
}

async fn outlet(base: &Base, post: &Post, number: &Number) -> Result<Outlet> {
    let Number {
        workspace,
        carrier,
        account,
        ..
    } = number;
    let (known, opened) = tokio::try_join!(
        base.core.subproject(workspace, carrier),
        post.accounts.open(workspace, carrier, account),
    )?;
    let adapter = post.carriers.iter().find(|known| known.id() == *carrier);
    let state = known.map(|subproject| subproject.state);
    let (Some(adapter), Some(SubprojectState::Open { token, .. }), Some(account)) =
        (adapter, state, opened)
    else {
        let detail = format!("{} is active without its account", number.id);
        return Err(store::Error::corrupt("number", detail).into());
    };
    Ok(Outlet {
        webhooks: Webhooks::new(&post.webhook_base, carrier, token),
        carrier: Arc::clone(adapter),
        account,
    })
}

fn new_message(
    base: &Base,
    access: &Access,
    number: &Number,
    text: &Text,
    known_by: (MessageId, Replay<'_>),
) -> Message {
    let (id, replay) = known_by;
    Message {
        id,
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

/// The message an idempotency key sent, if the request is the same (P4). One that is
/// still `sending` long after is not known to have been sent, and is never sent again.
async fn sent_before(
    base: &Base,
    post: &Post,
    mut before: Message,
    replay: Replay<'_>,
) -> Result<Message> {
    if before.request_hash.as_deref() != Some(replay.request_hash) {
        return Err(Error::KeyReused);
    }
    if before.is_lost_sight_of(base.clock.now()) {
        let actor = before.changed_by.clone();
        settle(post, &mut before, &HandedOver::Unknown, &actor).await;
    }
    Ok(before)
}

/// What became of handing a message over.
enum HandedOver {
    Taken(SentMessage),
    Unknown,
    Refused(&'static str),
}

impl HandedOver {
    fn news(&self) -> News<'_> {
        let news = |status| News {
            status,
            carrier_message: None,
            failure: None,
            segments: None,
        };
        match self {
            Self::Taken(sent) => News {
                carrier_message: Some(&sent.id),
                segments: Some(sent.segments),
                ..news(sent.status)
            },
            Self::Unknown => news(MessageStatus::Unknown),
            Self::Refused(code) => News {
                failure: Some(code),
                ..news(MessageStatus::Failed)
            },
        }
    }
}

/// Hands a message that was written down to the carrier, once.
async fn hand_over(
    post: &Post,
    outlet: &Outlet,
    access: &Access,
    text: &Text,
    mut message: Message,
) -> Message {
    let outgoing = OutgoingMessage {
        id: message.id.clone(),
        from: message.ours.clone(),
        to: text.to.clone(),
        body: message.body.clone(),
        status_url: outlet.webhooks.message_status_url(&message.id),
    };
    let handed_over = match outlet
        .carrier
        .send_message(&outlet.account, &outgoing)
        .await
    {
        Ok(sent) => HandedOver::Taken(sent),
        Err(error) => {
            tracing::warn!(message.id = %message.id, %error, "message not taken");
            if error.kind() == ErrorKind::Unauthenticated {
                post.accounts.forget(&outlet.account.id).await;
            }
            match error.effect() {
                Effect::Unknown => HandedOver::Unknown,
                Effect::None => HandedOver::Refused(refusal(error.kind())),
            }
        }
    };
    settle(post, &mut message, &handed_over, &access.actor).await;
    message
}

/// Writes down what became of a message. What the table does not take is no reason to
/// tell the sender that nothing was sent: the carrier's news settles it later.
async fn settle(post: &Post, message: &mut Message, handed_over: &HandedOver, by: &Actor) {
    let news = handed_over.news();
    let recorded = post
        .messages
        .record(&message.id, &message.account, &news, by)
        .await;
    if let Err(error) = recorded {
        tracing::error!(message.id = %message.id, %error, "what became of it is not written");
    }
    message.status = news.status;
    message.failure = news.failure.map(ToOwned::to_owned);
    message.segments = news.segments.unwrap_or(message.segments);
}

/// Why a message was refused, in the public contract's words.
fn refusal(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::NumberUnavailable => {
            "message_rejected"
        }
        ErrorKind::RegulatoryHold => "not_registered",
        ErrorKind::RateLimited | ErrorKind::Held => "network_busy",
        ErrorKind::Unauthenticated
        | ErrorKind::InsufficientFunds
        | ErrorKind::AccountLimit
        | ErrorKind::Unsupported => "platform_account",
        ErrorKind::Unavailable | ErrorKind::Unexpected => "network_unavailable",
    }
}
