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
        CarrierId, Claim, E164, Message, MessageId, Number, Pair, Workspace, WorkspaceStatus,
        message::{BODY_MAX, outbound_id, segments_of},
        number::primary,
        pair::{NoneToLend, Standing, choose},
        workspace::OverLimit,
    },
    store::{Beside, Counting, Inserted, Messages, Replay, Together, Wanted},
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

/// What became of a request to send.
enum Sent {
    /// Its text was written down, and handed over.
    Now(Message),
    /// An earlier request with its key did so.
    Before(Message),
}

/// Sends a text, once per idempotency key, and answers with how far it got. That the
/// carrier refused it, or did not say, is an answer too.
///
/// A text is counted beside what is read for it. Only one that may be sent then stands in
/// line for the carrier, so that nobody fills that line with what they may not send. One
/// that is not written down is taken out of the count.
pub async fn send(
    base: &Base,
    post: &Post,
    caller: &Caller,
    text: &Text,
    replay: Replay<'_>,
) -> Result<Message> {
    check(text)?;
    let wanted = [
        Wanted::Workspace,
        Wanted::TextCount,
        Wanted::Claim(&text.to),
    ];
    let (access, read) = Door(&base.core).enter(caller, &wanted).await?;
    let workspace = read.workspace()?.ok_or(Error::NotFound)?;
    if workspace.status != WorkspaceStatus::Active {
        return Err(OverLimit::NotActive.into());
    }
    let claim = read.claim(&text.to)?;
    let id = outbound_id(&access.workspace, replay.key);
    let (known, counting) = tokio::join!(
        Known::read(base, post, &workspace, &id, (&text.to, claim)),
        base.core.count_text(
            &workspace.id,
            workspace.limits(),
            segments_of(&text.body),
            read.text_count()?,
        ),
    );
    let counting = counting?;
    let draft = Draft {
        id,
        access: &access,
        text,
        request_hash: replay.request_hash,
        at: base.clock.now(),
    };
    let sent = match known {
        Ok(known) => Box::pin(go_on(base, post, known, &counting, draft, replay)).await,
        Err(error) => Err(error),
    };
    if !matches!(sent, Ok(Sent::Now(_))) {
        take_out(base, &counting).await;
    }
    sent.map(|(Sent::Now(message) | Sent::Before(message))| message)
}

/// What is known of a text, its sender and its recipient before it is sent.
struct Known {
    before: Option<Message>,
    numbers: Vec<Number>,
    claim: Option<Claim>,
    /// How the shared numbers stand with the recipient: none where the plan has a number
    /// of its own. Those that are lent no more still know who said STOP to them.
    shared: Vec<Standing>,
}

impl Known {
    async fn read(
        base: &Base,
        post: &Post,
        workspace: &Workspace,
        id: &MessageId,
        (to, claim): (&E164, Option<Claim>),
    ) -> Result<Self> {
        let standings = async {
            if workspace.plan.includes_number() {
                return Ok(Vec::new());
            }
            let shared = base.core.shared_numbers().await?;
            post.messages.standings(shared, to.as_str()).await
        };
        let (before, numbers, shared) = tokio::try_join!(
            post.messages.outgoing(id),
            base.core.active_numbers(&workspace.id),
            standings,
        )?;
        Ok(Self {
            before,
            numbers,
            claim,
            shared,
        })
    }
}

/// Sends a text for which there may be room.
async fn go_on(
    base: &Base,
    post: &Post,
    known: Known,
    counting: &Counting,
    draft: Draft<'_>,
    replay: Replay<'_>,
) -> Result<Sent> {
    if let Some(before) = known.before {
        return sent_before(base, post, before, replay).await;
    }
    if known.claim.is_some_and(|claim| claim.is_held()) {
        return Err(Error::DestinationNotAllowed);
    }
    let sender = sender(&known.numbers, known.shared, draft.text.from.as_ref())?;
    if let Counting::TooMany(why) = counting {
        return Err(Error::TooManyTexts(*why));
    }
    match sender {
        Sender::Own(number) => Box::pin(from_own(base, post, number, draft, replay)).await,
        Sender::Shared(known) => Box::pin(from_shared(base, post, known, draft, replay)).await,
    }
}

/// Takes a text that was not sent out of the count. Where that fails the workspace has
/// one less to send for a while.
async fn take_out(base: &Base, counting: &Counting) {
    let Counting::Counted(counted) = counting else {
        return;
    };
    if let Err(error) = base.core.uncount_text(counted).await {
        tracing::warn!(%error, "a text that was not sent stays counted");
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

/// Where a text leaves from.
enum Sender<'n> {
    /// A number of the workspace.
    Own(&'n Number),
    /// One of these, if it is lent and free for the customer.
    Shared(Vec<Standing>),
}

/// The number asked for, or the workspace's primary one, or one that is shared.
fn sender<'n>(
    numbers: &'n [Number],
    shared: Vec<Standing>,
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
    if shared.iter().any(|known| known.is_lent(from)) {
        return Ok(Sender::Shared(shared));
    }
    Err(match from {
        Some(_) => {
            let detail = "this is not an active number of the workspace";
            Error::invalid("/from", "sender_not_ours", detail)
        }
        None => Error::NoNumber,
    })
}

async fn from_own(
    base: &Base,
    post: &Post,
    number: &Number,
    draft: Draft<'_>,
    replay: Replay<'_>,
) -> Result<Sent> {
    let to = draft.text.to.as_str();
    let (outlet, ()) = tokio::try_join!(Outlet::of_workspace(base, post, number), async {
        let consent = post.messages.consent(&number.e164, to).await?;
        if consent.is_some_and(|consent| consent.opted_out) {
            return Err(Error::RecipientOptedOut);
        }
        turn(base, post, &number.carrier).await
    })?;
    let message = draft.message(&outlet);
    match post.messages.insert(&message).await? {
        Inserted::Yes => Ok(Sent::Now(hand_over(post, &outlet, &draft, message).await)),
        Inserted::Before(before) => sent_before(base, post, *before, replay).await,
    }
}

/// Writes from the first number whose pair with the customer is, or becomes, the
/// workspace's: taking it and writing the message down are one write.
async fn from_shared(
    base: &Base,
    post: &Post,
    known: Vec<Standing>,
    draft: Draft<'_>,
    replay: Replay<'_>,
) -> Result<Sent> {
    let (workspace, to) = (&draft.access.workspace, draft.text.to.as_str());
    let from = draft.text.from.as_ref();
    let chosen = choose(workspace, known, from, draft.at).map_err(refused)?;
    let mut in_turn = None;
    for number in chosen {
        let outlet = Outlet::of_platform(post, &number).await?;
        if in_turn.as_ref() != Some(&number.carrier) {
            turn(base, post, &number.carrier).await?;
            in_turn = Some(number.carrier.clone());
        }
        let message = draft.message(&outlet);
        let pair = Pair::at(workspace, &number.e164, to, draft.at);
        let beside = Beside {
            pair: Some(&pair),
            consent: None,
        };
        match post.messages.insert_with(&message, beside).await? {
            Together::Yes => {
                let message = hand_over(post, &outlet, &draft, message).await;
                return Ok(Sent::Now(message));
            }
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
) -> Result<Sent> {
    if before.request_hash.as_deref() != Some(replay.request_hash) {
        return Err(Error::KeyReused);
    }
    if before.is_lost_sight_of(base.clock.now()) {
        let actor = before.changed_by.clone();
        settle(post, &mut before, &HandedOver::Unknown, &actor).await;
    }
    Ok(Sent::Before(before))
}
