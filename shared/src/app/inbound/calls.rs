//! Calls that come in: answered as their number says, and written down.

use std::time::Duration;

use crate::{
    carrier::Answer,
    domain::{
        CallAnswer, CallEnd, CallOutcome, CallParties, ClaimOwner, Number, VoiceRouting,
        WorkspaceId, call::call_id, carrier::CarrierCallId,
    },
    store,
};

use super::{FoundNumber, Mailroom, Outcome, Refused};

/// The end of a call, as it was told.
pub(super) struct Ended<'a> {
    pub(super) id: &'a CarrierCallId,
    pub(super) from: &'a str,
    pub(super) outcome: CallOutcome,
    pub(super) seconds: u32,
}

impl Mailroom {
    /// What the number's workspace wants done with calls. A number that is not active
    /// takes none.
    pub(super) async fn call_came(
        &self,
        found: FoundNumber<'_>,
        id: &CarrierCallId,
        from: &str,
    ) -> Result<(Answer, Outcome), Refused> {
        let workspace = match &found.claim.owner {
            ClaimOwner::Workspace(workspace) => workspace,
            ClaimOwner::Shared => return Ok(self.shared_call_came()),
            ClaimOwner::Stock => return Ok((Answer::HangUp, Outcome::Dropped)),
        };
        debug_assert!(
            found.account.workspace.as_ref() == Some(workspace),
            "an account isolates one workspace"
        );
        let routing = self.routing(&found, workspace).await?;
        let answer = match &routing {
            Some(VoiceRouting::Greeting { .. }) => CallAnswer::Greeting,
            Some(VoiceRouting::Forward { to }) => CallAnswer::Forward { to: to.clone() },
            None => CallAnswer::Declined,
        };
        let parties = parties(&found, workspace, id, from);
        let now = self.clock.now();
        // Its end says again who called whom: a call is answered before it is counted.
        if let Err(error) = self.messages.call_began(&parties, now, &answer).await {
            tracing::error!(call.id = %parties.id, %error, "a call is not written down");
        }
        Ok(match routing {
            Some(voice) => (Answer::Call(voice), Outcome::Answered),
            None => (Answer::HangUp, Outcome::Dropped),
        })
    }

    /// Nobody is called at a shared number.
    fn shared_call_came(&self) -> (Answer, Outcome) {
        match &self.shared_greeting {
            Some(text) => {
                let text = text.clone();
                (
                    Answer::Call(VoiceRouting::Greeting { text }),
                    Outcome::Answered,
                )
            }
            None => (Answer::HangUp, Outcome::Dropped),
        }
    }

    /// What happens to calls of a number; nothing if it is not active. A number that
    /// became ours after calls were forwarded to it is not called: two such numbers
    /// would call each other without end.
    async fn routing(
        &self,
        found: &FoundNumber<'_>,
        workspace: &WorkspaceId,
    ) -> store::Result<Option<VoiceRouting>> {
        let Some(number) = &found.claim.number else {
            return Ok(None);
        };
        let number = self.core.number(workspace, number).await?;
        let voice = number
            .filter(Number::is_active)
            .map(|number| number.routing.voice);
        let Some(VoiceRouting::Forward { to }) = &voice else {
            return Ok(voice);
        };
        let claim = self.core.claim(to).await?;
        if claim.is_some_and(|claim| claim.is_held()) {
            return Ok(Some(VoiceRouting::default()));
        }
        Ok(voice)
    }

    /// Writes down how a call ended. One that nobody here was told of before began as
    /// long ago as it lasted.
    pub(super) async fn call_ended(
        &self,
        found: FoundNumber<'_>,
        ended: &Ended<'_>,
    ) -> Result<Outcome, Refused> {
        let ClaimOwner::Workspace(workspace) = &found.claim.owner else {
            return Ok(Outcome::Acknowledged);
        };
        let now = self.clock.now();
        let end = CallEnd {
            outcome: ended.outcome,
            seconds: ended.seconds,
            at: now,
        };
        let parties = parties(&found, workspace, ended.id, ended.from);
        let began = now.minus(Duration::from_secs(ended.seconds.into()));
        let counted = self.messages.call_ended(&parties, began, end).await?;
        Ok(if counted {
            Outcome::Counted
        } else {
            Outcome::Repeated
        })
    }
}

fn parties(
    found: &FoundNumber<'_>,
    workspace: &WorkspaceId,
    id: &CarrierCallId,
    from: &str,
) -> CallParties {
    let (carrier, account) = (&found.account.carrier, &found.account.account);
    CallParties {
        id: call_id(carrier, account, id),
        workspace: workspace.clone(),
        ours: found.claim.e164.clone(),
        theirs: from.to_owned(),
        carrier: carrier.clone(),
        account: account.clone(),
        carrier_call: id.clone(),
    }
}
