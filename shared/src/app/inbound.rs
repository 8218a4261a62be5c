//! What carriers post: proven first, believed then.
//!
//! The webhook's address names the account and so the key; the number it says it is
//! for names the claim. Both are read side by side, and nothing is done before the
//! signature fits.

mod calls;
mod known;
mod proof;
mod texts;

use std::sync::Arc;

pub use known::Known;
pub use proof::Arrived;

use crate::{
    carrier::{Answer, Carrier, CarrierEvent, Reply, WebhookError},
    clock::Clock,
    domain::{
        AccountId, Actor, Claim, E164, MessageId, MessageStatus, Pair,
        actor::ActorKind,
        probe::NotProven,
        webhooks::{WebhookKind, WebhookPath},
    },
    store::{self, Core, Messages, News, Vault, WebhookAccount},
};

use self::{calls::Ended, known::Read, texts::Received};

/// Longest sender that can have a pair, in bytes: longer than any number.
const SENDER_MAX: usize = 64;

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
    /// Whether STOP, START and HELP are answered with a text: not where the carrier
    /// does so by itself.
    pub keyword_replies: bool,
    /// What callers of a shared number hear; without it they are declined.
    pub shared_greeting: Option<String>,
}

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

/// Why something is not proven, which another key may change.
trait Unproven {
    /// Whether its signature does not fit the keys.
    fn is_of_the_key(&self) -> bool;
}

impl Unproven for WebhookError {
    fn is_of_the_key(&self) -> bool {
        matches!(self, Self::BadSignature)
    }
}

impl Unproven for NotProven {
    fn is_of_the_key(&self) -> bool {
        matches!(self, Self::Signature)
    }
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
    /// It came to a shared number that writes to this customer for nobody: kept, for
    /// operators, and read by no workspace.
    Stray,
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
        let texts = path.kind == WebhookKind::Sms;
        let sender = carrier.sender(request).filter(|_| texts);
        let now = self.clock.now();
        let (account, claim, pair) = tokio::join!(
            self.known.account(&self.vault, &path.token, now),
            self.claim_of(addressee.as_ref()),
            Box::pin(self.pair_of(addressee.as_ref(), sender.as_deref())),
        );
        let read = account?.ok_or(Refused::UnknownAddress)?;
        let (account, event) = self
            .proven(path, read, |account| {
                carrier.read_webhook(request, public_url, &account.keys, now)
            })
            .await?;
        if *event.account() != account.account {
            return Err(Refused::OtherAccount);
        }
        let claim = claim?.filter(|claim| claim.account.as_ref() == Some(&account.account));
        let found = Found {
            account: &account,
            claim,
            pair: pair?,
        };
        let (answer, outcome) = self.believe(found, &event, path).await?;
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

    /// Whom the texts of a customer to a number belong to, where it is shared.
    async fn pair_of(&self, to: Option<&E164>, from: Option<&str>) -> store::Result<Option<Pair>> {
        match (to, from) {
            (Some(to), Some(from)) if from.len() <= SENDER_MAX => {
                self.messages.pair(to, from).await
            }
            (None | Some(_), None | Some(_)) => Ok(None),
        }
    }

    /// What `prove` makes of a webhook with the keys of its account. Where they do not
    /// fit, with those that the account has now, if they were not read just before.
    async fn proven<T, E: Unproven + Into<Refused>>(
        &self,
        path: &WebhookPath,
        read: Read,
        prove: impl Fn(&WebhookAccount) -> Result<T, E>,
    ) -> Result<(Arc<WebhookAccount>, T), Refused> {
        if read.account.carrier != path.carrier {
            return Err(Refused::UnknownAddress);
        }
        let error = match prove(&read.account) {
            Ok(proven) => return Ok((read.account, proven)),
            Err(error) => error,
        };
        let again = if error.is_of_the_key() {
            let (vault, now) = (&self.vault, self.clock.now());
            self.known.again(vault, &path.token, &read, now).await?
        } else {
            None
        };
        match again {
            Some(read) => {
                let proven = prove(&read.account).map_err(Into::into)?;
                Ok((read.account, proven))
            }
            None => Err(error.into()),
        }
    }

    async fn believe(
        &self,
        found: Found<'_>,
        event: &CarrierEvent,
        path: &WebhookPath,
    ) -> Result<(Answer, Outcome), Refused> {
        match event {
            // Comes to where news of a text of ours goes: it is no text to us.
            CarrierEvent::MessageReceived { .. } if path.message.is_some() => {
                Ok((Answer::Done, Outcome::Acknowledged))
            }
            CarrierEvent::MessageReceived {
                id,
                from,
                to,
                body,
                segments,
                ..
            } => {
                let received = Received {
                    id,
                    from,
                    to,
                    body,
                    segments: *segments,
                    at: self.clock.now(),
                };
                Box::pin(self.text_came(found, &received)).await
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
                    Some(message) => self.record(message, &found.account.account, &news).await?,
                    None => Outcome::Acknowledged,
                };
                Ok((Answer::Done, outcome))
            }
            CarrierEvent::CallReceived { id, from, to, .. } => {
                let found = found.at(to).ok_or(Refused::UnknownNumber)?;
                Box::pin(self.call_came(found, id, from)).await
            }
            CarrierEvent::CallEnded {
                id,
                from,
                to,
                outcome,
                seconds,
                ..
            } => {
                let ended = Ended {
                    id,
                    from,
                    outcome: *outcome,
                    seconds: *seconds,
                };
                let outcome = match found.at(to) {
                    Some(found) => self.call_ended(found, &ended).await?,
                    None => Outcome::Acknowledged,
                };
                Ok((Answer::Done, outcome))
            }
            CarrierEvent::Other { .. } => Ok((Answer::Done, Outcome::Acknowledged)),
        }
    }

    /// Records news of a message we sent. That it came in is no news of one.
    async fn record(
        &self,
        message: &MessageId,
        account: &AccountId,
        news: &News<'_>,
    ) -> Result<Outcome, Refused> {
        if news.status == MessageStatus::Received {
            return Ok(Outcome::Acknowledged);
        }
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
}

/// What was read for a webhook before it was believed.
struct Found<'a> {
    account: &'a WebhookAccount,
    claim: Option<Claim>,
    pair: Option<Pair>,
}

impl<'a> Found<'a> {
    /// The same with the claim on `e164`, if there is one.
    fn at(self, e164: &E164) -> Option<FoundNumber<'a>> {
        let Self {
            account,
            claim,
            pair,
        } = self;
        let claim = claim.filter(|claim| claim.e164 == *e164)?;
        Some(FoundNumber {
            account,
            claim,
            pair,
        })
    }
}

/// The same, for a number that somebody here has.
struct FoundNumber<'a> {
    account: &'a WebhookAccount,
    claim: Claim,
    pair: Option<Pair>,
}

fn carrier_actor() -> Actor {
    Actor {
        kind: ActorKind::Carrier,
        ..Actor::system("webhook-inbound")
    }
}
