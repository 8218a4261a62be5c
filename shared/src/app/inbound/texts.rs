//! Texts that came in: kept once, by whom they are for, and heeded if they say STOP.

use crate::{
    carrier::Answer,
    domain::{
        Claim, ClaimOwner, Consent, Direction, E164, Keyword, Message, MessageStatus, Pair,
        Timestamp, WorkspaceId,
        carrier::CarrierMessageId,
        message::{conversation_of, inbound_id},
    },
    store::{self, Beside, Stray, Together},
};

use super::{Found, FoundNumber, Mailroom, Outcome, Refused, WebhookAccount, carrier_actor};

/// How often whose a text is is looked up again, if that changes meanwhile.
const TRIES: u32 = 3;

/// A message as it came in. Carriers do not say when it was written: the time of its
/// arrival orders a conversation.
pub(super) struct Received<'a> {
    pub(super) id: &'a CarrierMessageId,
    pub(super) from: &'a str,
    pub(super) to: &'a E164,
    pub(super) body: &'a str,
    pub(super) segments: u32,
    pub(super) at: Timestamp,
}

impl Received<'_> {
    fn stray<'s>(&'s self, account: &'s WebhookAccount) -> Stray<'s> {
        Stray {
            carrier: &account.carrier,
            account: &account.account,
            id: self.id,
            from: self.from,
            to: self.to,
            body: self.body,
            at: self.at,
        }
    }

    /// What it says about being written to, if it is a word about that.
    fn consent(&self, workspace: Option<&WorkspaceId>) -> Option<Consent> {
        let opted_out = match Keyword::of(self.body)? {
            Keyword::Stop => true,
            Keyword::Start => false,
            Keyword::Help => return None,
        };
        Some(Consent {
            ours: self.to.clone(),
            theirs: self.from.to_owned(),
            opted_out,
            at: self.at,
            workspace: workspace.cloned(),
        })
    }
}

impl Mailroom {
    pub(super) async fn text_came(
        &self,
        found: Found<'_>,
        received: &Received<'_>,
    ) -> Result<(Answer, Outcome), Refused> {
        let account = found.account;
        let Some(FoundNumber { claim, pair, .. }) = found.at(received.to) else {
            self.messages.keep_stray(&received.stray(account)).await?;
            return Err(Refused::UnknownNumber);
        };
        match &claim.owner {
            ClaimOwner::Stock => Ok((Answer::Done, Outcome::Dropped)),
            ClaimOwner::Workspace(workspace) => {
                let message = message(account, &claim, workspace, received);
                let written = self.write(&message, received, None).await?;
                // Without a pair there is none that somebody else could have.
                let outcome = written.unwrap_or(Outcome::Repeated);
                self.answered(Some(workspace), received, outcome).await
            }
            ClaimOwner::Shared => self.shared_text_came(account, &claim, pair, received).await,
        }
    }

    /// A text to a shared number is for whom its pair belongs to, and for nobody else
    /// (P8). It keeps the pair for another while.
    async fn shared_text_came(
        &self,
        account: &WebhookAccount,
        claim: &Claim,
        mut pair: Option<Pair>,
        received: &Received<'_>,
    ) -> Result<(Answer, Outcome), Refused> {
        for _ in 0..TRIES {
            let Some(holder) = pair.filter(|pair| pair.holds(received.at)) else {
                return self.shared_stray(account, received).await;
            };
            let workspace = &holder.workspace;
            let message = message(account, claim, workspace, received);
            let kept = Pair::at(workspace, &claim.e164, received.from, received.at);
            if let Some(outcome) = self.write(&message, received, Some(&kept)).await? {
                return self.answered(Some(workspace), received, outcome).await;
            }
            pair = self.messages.pair(&claim.e164, received.from).await?;
        }
        Err(Refused::Store(store::Error::Contended {
            operation: "write message",
            tries: TRIES,
        }))
    }

    async fn shared_stray(
        &self,
        account: &WebhookAccount,
        received: &Received<'_>,
    ) -> Result<(Answer, Outcome), Refused> {
        let consent = received.consent(None);
        let stray = received.stray(account);
        let new = self
            .messages
            .keep_stray_with(&stray, consent.as_ref())
            .await?;
        let (answer, _) = self.answered(None, received, Outcome::Stored).await?;
        Ok(if new {
            (answer, Outcome::Stray)
        } else {
            (Answer::Done, Outcome::Repeated)
        })
    }

    /// Writes a message down with what it says and the pair it keeps; nothing if that
    /// pair is somebody else's by now. The key is its own deduplication (P7).
    async fn write(
        &self,
        message: &Message,
        received: &Received<'_>,
        pair: Option<&Pair>,
    ) -> Result<Option<Outcome>, Refused> {
        let consent = received.consent(Some(&message.workspace));
        let beside = Beside {
            pair,
            consent: consent.as_ref(),
        };
        Ok(match self.messages.insert_with(message, beside).await? {
            Together::Yes => Some(Outcome::Stored),
            Together::Before(_) => Some(Outcome::Repeated),
            Together::Taken => None,
        })
    }

    /// What a text that was taken is answered: a keyword once, and everything else not.
    async fn answered(
        &self,
        workspace: Option<&WorkspaceId>,
        received: &Received<'_>,
        outcome: Outcome,
    ) -> Result<(Answer, Outcome), Refused> {
        let keyword = Keyword::of(received.body);
        let Some(keyword) = keyword.filter(|_| self.keyword_replies && outcome == Outcome::Stored)
        else {
            return Ok((Answer::Done, outcome));
        };
        let workspace = match workspace {
            // The text is kept; that its sender's name is not known is no reason to ask
            // the carrier for it again.
            Some(workspace) => self
                .core
                .workspace(workspace)
                .await
                .unwrap_or_else(|error| {
                    tracing::warn!(%error, "a keyword is answered without a name");
                    None
                }),
            None => None,
        };
        let name = workspace.as_ref().map(|workspace| workspace.name.as_str());
        Ok((Answer::Text(keyword.reply(name)), outcome))
    }
}

fn message(
    account: &WebhookAccount,
    claim: &Claim,
    workspace: &WorkspaceId,
    received: &Received<'_>,
) -> Message {
    Message {
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
        at: received.at,
        carrier: account.carrier.clone(),
        account: account.account.clone(),
        carrier_message: Some(received.id.clone()),
        request_hash: None,
        changed_by: carrier_actor(),
    }
}
