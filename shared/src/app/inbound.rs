//! What carriers post: proven first, believed then.
//!
//! The webhook's address names the account and so the key; the number it says it is
//! for names the claim. Both are read side by side, and nothing is done before the
//! signature fits.

mod proof;

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::sync::Mutex;

pub use proof::Arrived;

use crate::{
    carrier::{Answer, Carrier, CarrierEvent, Reply, WebhookError},
    clock::Clock,
    domain::{
        AccountId, Actor, Claim, ClaimOwner, Direction, E164, Message, MessageId, MessageStatus,
        Timestamp, VoiceRouting, WebhookToken,
        actor::ActorKind,
        carrier::CarrierMessageId,
        message::{conversation_of, inbound_id},
        probe::NotProven,
        webhooks::{WebhookKind, WebhookPath},
    },
    store::{self, Core, Messages, News, Stray, Vault, WebhookAccount},
};

/// How long a webhook account is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);

/// A sandbox remembers at most this many.
const REMEMBERED_MAX: usize = 500;

/// What receiving needs.
#[derive(Debug)]
pub struct Mailroom {
    /// The Core table, for claims and routing.
    pub core: Core,
    /// The Messages table.
    pub messages: Messages,
    /// The Vault, for webhook keys.
    pub vault: Vault,
    /// The carriers whose webhooks are read. Reading needs no account.
    pub carriers: Vec<Arc<dyn Carrier>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Webhook accounts that were read before.
    pub known: Known,
}

/// Webhook accounts that were read before.
#[derive(Debug, Default)]
pub struct Known(Mutex<HashMap<WebhookToken, (Arc<WebhookAccount>, Timestamp)>>);

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Its address is none of ours.
    #[error("no webhook has this address")]
    UnknownAddress,
    /// It is not proven to be from the carrier.
    #[error(transparent)]
    NotProven(#[from] WebhookError),
    /// It is no probe of ours.
    #[error(transparent)]
    NoProbe(#[from] NotProven),
    /// It is proven, but for a number nobody has here: counted and kept.
    #[error("nobody here has this number")]
    UnknownNumber,
    /// It is the carrier's, but speaks for another account.
    #[error("the webhook speaks for another account")]
    OtherAccount,
    /// A table did not answer: the carrier tries again, or its fallback.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What became of a webhook that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What to answer.
    pub reply: Reply,
    /// What it was good for, for the metrics.
    pub outcome: Outcome,
}

/// What a webhook was good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A message was written down.
    Stored,
    /// It was news, and counted.
    Counted,
    /// It had come before, or was overtaken: nothing changed.
    Repeated,
    /// A call was told what to do.
    Answered,
    /// It was for a number in stock: acknowledged and dropped.
    Dropped,
    /// It was acknowledged; nothing is kept of it.
    Acknowledged,
}

impl Mailroom {
    /// Takes a webhook that came to `public_url`, whose path was `path`.
    pub async fn take(
        &self,
        path: &WebhookPath,
        request: &http::Request<&[u8]>,
        public_url: &str,
    ) -> Result<Taken, Refused> {
        let carrier = self
            .carriers
            .iter()
            .find(|carrier| carrier.id() == path.carrier);
        let carrier = carrier
            .filter(|_| path.kind != WebhookKind::Probe)
            .ok_or(Refused::UnknownAddress)?;
        let addressee = carrier.addressee(request);
        let (account, claim) =
            tokio::join!(self.account(&path.token), self.claim_of(addressee.as_ref()));
        let account = account?.ok_or(Refused::UnknownAddress)?;
        if account.carrier != path.carrier {
            return Err(Refused::UnknownAddress);
        }
        let now = self.clock.now();
        let event = carrier.read_webhook(request, public_url, &account.keys, now)?;
        if *event.account() != account.account {
            return Err(Refused::OtherAccount);
        }
        let claim = claim?.filter(|claim| claim.account.as_ref() == Some(&account.account));
        let (answer, outcome) = self.believe(&account, claim, &event, path).await?;
        Ok(Taken {
            reply: carrier.reply(&answer),
            outcome,
        })
    }

    async fn claim_of(&self, addressee: Option<&E164>) -> store::Result<Option<Claim>> {
        match addressee {
            Some(e164) => self.core.claim(e164).await,
            None => Ok(None),
        }
    }

    async fn account(&self, token: &WebhookToken) -> store::Result<Option<Arc<WebhookAccount>>> {
        let now = self.clock.now();
        if let Some((account, until)) = self.known.0.lock().await.get(token)
            && now < *until
        {
            return Ok(Some(Arc::clone(account)));
        }
        let account = self.vault.webhook_account(token).await?.map(Arc::new);
        if let Some(account) = &account {
            let mut known = self.known.0.lock().await;
            if known.len() >= REMEMBERED_MAX {
                known.clear();
            }
            known.insert(token.clone(), (Arc::clone(account), now.plus(REMEMBERED)));
        }
        Ok(account)
    }

    async fn believe(
        &self,
        account: &WebhookAccount,
        claim: Option<Claim>,
        event: &CarrierEvent,
        path: &WebhookPath,
    ) -> Result<(Answer, Outcome), Refused> {
        match event {
            CarrierEvent::MessageReceived {
                id,
                from,
                to,
                body,
                segments,
                ..
            } => {
                let Some(claim) = claim.filter(|claim| claim.e164 == *to) else {
                    let stray = Stray {
                        carrier: &account.carrier,
                        account: &account.account,
                        id,
                        from,
                        to,
                        body,
                        at: self.clock.now(),
                    };
                    self.messages.keep_stray(&stray).await?;
                    return Err(Refused::UnknownNumber);
                };
                let received = Received {
                    id,
                    from,
                    body,
                    segments: *segments,
                };
                let outcome = self.store_message(account, &claim, &received).await?;
                Ok((Answer::Done, outcome))
            }
            CarrierEvent::MessageStatus {
                id,
                status,
                failure,
                ..
            } => {
                let news = News {
                    status: *status,
                    carrier_message: Some(id),
                    failure: failure.as_deref(),
                    segments: None,
                };
                let outcome = match &path.message {
                    Some(message) => self.record(message, &account.account, &news).await?,
                    None => Outcome::Acknowledged,
                };
                Ok((Answer::Done, outcome))
            }
            CarrierEvent::CallReceived { to, .. } => {
                let claim = claim.filter(|claim| claim.e164 == *to);
                let claim = claim.ok_or(Refused::UnknownNumber)?;
                self.answer_call(account, &claim).await
            }
            CarrierEvent::CallStatus { .. } => Ok((Answer::Done, Outcome::Acknowledged)),
        }
    }

    /// One conditional put, whose key is its own deduplication (P7).
    async fn store_message(
        &self,
        account: &WebhookAccount,
        claim: &Claim,
        received: &Received<'_>,
    ) -> Result<Outcome, Refused> {
        let ClaimOwner::Workspace(workspace) = &claim.owner else {
            return Ok(Outcome::Dropped);
        };
        let message = Message {
            id: inbound_id(&account.carrier, &account.account, received.id),
            workspace: workspace.clone(),
            conversation: conversation_of(workspace, &claim.e164, received.from),
            direction: Direction::Inbound,
            ours: claim.e164.clone(),
            theirs: received.from.to_owned(),
            body: received.body.to_owned(),
            status: MessageStatus::Received,
            failure: None,
            segments: received.segments,
            at: self.clock.now(),
            carrier: account.carrier.clone(),
            account: account.account.clone(),
            carrier_message: Some(received.id.clone()),
            request_hash: None,
            changed_by: carrier_actor(),
        };
        Ok(match self.messages.insert(&message).await? {
            store::Inserted::Yes => Outcome::Stored,
            store::Inserted::Before(_) => Outcome::Repeated,
        })
    }

    async fn record(
        &self,
        message: &MessageId,
        account: &AccountId,
        news: &News<'_>,
    ) -> Result<Outcome, Refused> {
        let counted = self
            .messages
            .record(message, account, news, &carrier_actor())
            .await?;
        Ok(if counted {
            Outcome::Counted
        } else {
            Outcome::Repeated
        })
    }

    /// What the number's workspace wants done with calls. A number that is not
    /// active takes none.
    async fn answer_call(
        &self,
        account: &WebhookAccount,
        claim: &Claim,
    ) -> Result<(Answer, Outcome), Refused> {
        let (ClaimOwner::Workspace(workspace), Some(number)) = (&claim.owner, &claim.number) else {
            return Ok((Answer::HangUp, Outcome::Dropped));
        };
        debug_assert_eq!(
            *workspace, account.workspace,
            "an account isolates one workspace"
        );
        let number = self.core.number(workspace, number).await?;
        let routing: Option<VoiceRouting> = number
            .filter(crate::domain::Number::is_active)
            .map(|number| number.routing.voice);
        Ok(match routing {
            Some(voice) => (Answer::Call(voice), Outcome::Answered),
            None => (Answer::HangUp, Outcome::Dropped),
        })
    }
}

/// A message as it came in.
struct Received<'a> {
    id: &'a CarrierMessageId,
    from: &'a str,
    body: &'a str,
    segments: u32,
}

fn carrier_actor() -> Actor {
    Actor {
        kind: ActorKind::Carrier,
        ..Actor::system("webhook-inbound")
    }
}
