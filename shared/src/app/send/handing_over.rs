//! Handing a message to the carrier, once, and writing down what became of it.

use crate::{
    carrier::{self, Account, Effect, ErrorKind, OutgoingMessage, SentMessage},
    domain::{Actor, Message, MessageStatus, WorkspaceId, message::segments_of},
    store::News,
};

use super::{
    Post,
    outlet::{Draft, Outlet},
};

/// What became of handing a message over.
pub(super) enum HandedOver {
    /// The carrier has it.
    Taken(SentMessage),
    /// It may have it.
    Unknown,
    /// It refused it, for a reason in the public contract's words.
    Refused(&'static str),
}

impl HandedOver {
    /// What to write down. What may have been sent is charged as we count it: nobody says
    /// later how many segments it had.
    fn news(&self, message: &Message) -> News<'_> {
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
            Self::Unknown => News {
                segments: Some(segments_of(&message.body)),
                ..news(MessageStatus::Unknown)
            },
            Self::Refused(code) => News {
                failure: Some(code),
                ..news(MessageStatus::Failed)
            },
        }
    }
}

/// Hands a message that was written down to the carrier, once.
pub(super) async fn hand_over(
    post: &Post,
    outlet: &Outlet,
    draft: &Draft<'_>,
    mut message: Message,
) -> Message {
    let outgoing = OutgoingMessage {
        id: message.id.clone(),
        from: message.ours.clone(),
        to: draft.text.to.clone(),
        body: message.body.clone(),
        status_url: outlet.webhooks.message_status_url(&message.id),
    };
    let handed_over = match give(post, outlet, &draft.access.workspace, &outgoing).await {
        Ok(sent) => HandedOver::Taken(sent),
        Err(error) => {
            tracing::warn!(message.id = %message.id, %error, "message not taken");
            match error.effect() {
                Effect::Unknown => HandedOver::Unknown,
                Effect::None => HandedOver::Refused(refusal(error.kind())),
            }
        }
    };
    settle(post, &mut message, &handed_over, &draft.access.actor).await;
    message
}

/// Gives a message to the carrier. Where the account was not let in, nothing was sent:
/// its credentials are read anew, and asked with once more if they have changed.
async fn give(
    post: &Post,
    outlet: &Outlet,
    workspace: &WorkspaceId,
    outgoing: &OutgoingMessage,
) -> carrier::Result<SentMessage> {
    let Outlet {
        carrier, account, ..
    } = outlet;
    let sent = carrier.send_message(account, outgoing).await;
    let locked_out = matches!(&sent, Err(error)
        if error.kind() == ErrorKind::Unauthenticated && error.effect() == Effect::None);
    if !locked_out {
        return sent;
    }
    match renewed(post, outlet, workspace).await {
        Some(account) => carrier.send_message(&account, outgoing).await,
        None => sent,
    }
}

/// The account as it is now, if that is not what was refused.
async fn renewed(post: &Post, outlet: &Outlet, workspace: &WorkspaceId) -> Option<Account> {
    let refused = &outlet.account;
    if let Some(platform) = &outlet.platform {
        return if platform.renew(refused).await {
            Some(platform.account().await)
        } else {
            None
        };
    }
    post.accounts.forget(&refused.id).await;
    let carrier = outlet.carrier.id();
    let opened = post.accounts.open(workspace, &carrier, &refused.id).await;
    let opened = opened.ok().flatten();
    opened.filter(|opened| opened.credentials.expose() != refused.credentials.expose())
}

/// Writes down what became of a message. What the table does not take is no reason to
/// tell the sender that nothing was sent: the carrier's news settles it later.
pub(super) async fn settle(
    post: &Post,
    message: &mut Message,
    handed_over: &HandedOver,
    by: &Actor,
) {
    let news = handed_over.news(message);
    let recorded = post
        .messages
        .record(&message.id, &message.account, &news, by);
    if let Err(error) = recorded.await {
        tracing::error!(message.id = %message.id, %error, "what became of it is not written");
    }
    message.status = news.status;
    message.failure = news.failure.map(ToOwned::to_owned);
    message.segments = news.segments.unwrap_or(message.segments);
}

/// Why a message was refused, in the public contract's words.
///
/// That the recipient is said to want no messages is a reason and no consent: carriers say
/// the same of a number of ours that others have blocked, and then everybody it wrote to
/// would be left alone until they wrote START. Who said STOP to us is known to us.
fn refusal(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::OptedOut => "opted_out",
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
