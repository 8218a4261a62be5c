//! Sending a text from the workspace's own number or, on a plan without one, from a
//! number that the platform shares.
//!
//! Our row comes first, and what may have been sent is not sent again: late news
//! finds the message by our name for it, in the address it comes to. Nobody who said
//! STOP is written to.

mod handing_over;
mod outlet;

use crate::{
    domain::{
        CarrierId, Consent, E164, Message, Number, Pair, SharedNumber, SharedStatus, Workspace,
        WorkspaceStatus,
        message::{BODY_MAX, outbound_id},
        number::primary,
        pair::{NoneToLend, choose},
        workspace::OverLimit,
    },
    store::{self, Beside, Core, Inserted, Messages, Replay, Together, Wanted},
};

use self::{
    handing_over::{HandedOver, hand_over, settle},
    outlet::{Draft, Outlet},
};

use super::{
    Base,
    access::{Caller, Door},
    accounts::Accounts,
    carriers::Carriers,
    error::{Error, Result},
    numbers::allowed_destination,
    pacer::Pacer,
};

/// What sending needs.
#[derive(Debug)]
pub struct Post {
    /// The Messages table.
    pub messages: Messages,
    /// Workspaces' accounts.
    pub accounts: Accounts,
    /// The carriers; the platform's accounts at them own the shared numbers.
    pub carriers: Carriers,
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
    let (before, numbers, ours, shared) = tokio::try_join!(
        post.messages.outgoing(&id),
        base.core.active_numbers(&access.workspace),
        base.core.claim(&text.to),
        lent_to(&base.core, &workspace),
    )?;
    if let Some(before) = before {
        return sent_before(base, post, before, replay).await;
    }
    if ours.is_some() {
        return Err(Error::DestinationNotAllowed);
    }
    let draft = Draft {
        id,
        access: &access,
        text,
        request_hash: replay.request_hash,
        at: base.clock.now(),
    };
    match sender(&numbers, shared, text.from.as_ref())? {
        Sender::Own(number) => Box::pin(from_own(base, post, number, draft, replay)).await,
        Sender::Shared(numbers) => Box::pin(from_shared(base, post, numbers, draft, replay)).await,
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

/// The shared numbers a workspace may write from: none where its plan has its own.
async fn lent_to(core: &Core, workspace: &Workspace) -> store::Result<Vec<SharedNumber>> {
    if workspace.plan.includes_number() {
        return Ok(Vec::new());
    }
    let mut numbers = core.shared_numbers().await?;
    numbers.retain(|number| number.status == SharedStatus::Lending);
    Ok(numbers)
}

/// Where a text leaves from.
enum Sender<'n> {
    /// A number of the workspace.
    Own(&'n Number),
    /// One of these, if it is free for the customer.
    Shared(Vec<SharedNumber>),
}

/// The number asked for, or the workspace's primary one, or one that is shared.
fn sender<'n>(
    numbers: &'n [Number],
    mut shared: Vec<SharedNumber>,
    from: Option<&E164>,
) -> Result<Sender<'n>> {
    let own = match from {
        None => primary(numbers),
        Some(from) => numbers
            .iter()
            .find(|number| number.is_active() && number.e164 == *from),
    };
    if let Some(own) = own {
        return Ok(Sender::Own(own));
    }
    if let Some(from) = from {
        shared.retain(|number| number.e164 == *from);
        if shared.is_empty() {
            let detail = "this is not an active number of the workspace";
            return Err(Error::invalid("/from", "sender_not_ours", detail));
        }
    }
    if shared.is_empty() {
        return Err(Error::NoNumber);
    }
    Ok(Sender::Shared(shared))
}

async fn from_own(
    base: &Base,
    post: &Post,
    number: &Number,
    draft: Draft<'_>,
    replay: Replay<'_>,
) -> Result<Message> {
    let to = draft.text.to.as_str();
    let (outlet, consent, ()) = tokio::try_join!(
        Outlet::of_workspace(base, post, number),
        async { Ok(post.messages.consent(&number.e164, to).await?) },
        turn(base, post, &number.carrier),
    )?;
    if consent.is_some_and(|consent| consent.opted_out) {
        return Err(Error::RecipientOptedOut);
    }
    let message = draft.message(&outlet);
    match post.messages.insert(&message).await? {
        Inserted::Yes => Ok(hand_over(post, &outlet, &draft, message).await),
        Inserted::Before(before) => sent_before(base, post, *before, replay).await,
    }
}

/// Writes from the first number whose pair with the customer is, or becomes, the
/// workspace's: taking it and writing the message down are one write.
async fn from_shared(
    base: &Base,
    post: &Post,
    numbers: Vec<SharedNumber>,
    draft: Draft<'_>,
    replay: Replay<'_>,
) -> Result<Message> {
    let (workspace, to) = (&draft.access.workspace, draft.text.to.as_str());
    // The turn at the carrier of the first goes beside: nearly always it is that of all.
    let first = numbers.first().map(|number| number.carrier.clone());
    let (standings, ()) = tokio::try_join!(
        async { Ok(post.messages.standings(numbers, to).await?) },
        async {
            match &first {
                Some(carrier) => turn(base, post, carrier).await,
                None => Ok(()),
            }
        },
    )?;
    let chosen = choose(workspace, standings, draft.at).map_err(refused)?;
    for number in chosen {
        let outlet = Outlet::of_platform(post, &number).await?;
        if first.as_ref() != Some(&number.carrier) {
            turn(base, post, &number.carrier).await?;
        }
        let message = draft.message(&outlet);
        let pair = Pair::at(workspace, &number.e164, to, draft.at);
        let beside = Beside {
            pair: Some(&pair),
            consent: None,
        };
        match post.messages.insert_with(&message, beside).await? {
            Together::Yes => return Ok(hand_over(post, &outlet, &draft, message).await),
            Together::Before(before) => return sent_before(base, post, *before, replay).await,
            Together::Taken => {}
        }
    }
    Err(Error::SharedNumbersTaken)
}

/// Takes the turn to hand one text to a carrier, before anything is written: what is
/// not sent now is no message.
async fn turn(base: &Base, post: &Post, carrier: &CarrierId) -> Result<()> {
    let Some(platform) = post.carriers.of(carrier) else {
        return Ok(());
    };
    Pacer::of_people(base, platform)
        .demand(1, "send message")
        .await
}

fn refused(none: NoneToLend) -> Error {
    match none {
        NoneToLend::OptedOut => Error::RecipientOptedOut,
        NoneToLend::AllTaken => Error::SharedNumbersTaken,
        NoneToLend::NoneThere => Error::NoNumber,
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

/// That the carrier did not deliver a message because its recipient wants none: their
/// word of that moment, if they have said nothing since.
pub(super) fn opted_out(message: &Message) -> Consent {
    Consent {
        ours: message.ours.clone(),
        theirs: message.theirs.clone(),
        opted_out: true,
        at: message.at,
        workspace: Some(message.workspace.clone()),
    }
}
