//! Having a subproject: found in the table, or made once per workspace.

use crate::{
    app::carriers::Platform,
    carrier::{CreatedSubproject, Effect},
    domain::{
        AttemptId, CarrierId, Subproject, WebhookToken, WorkspaceId,
        order::{Event, INTENT_MAX_AGE, TroubleCode},
        subproject::{SubprojectMove, next_move},
    },
};

use super::{Hand, Rounds, Stopped, buy::locked_out};

/// Carrier calls of a creation: two pages of the list; create or rotate, and a token.
pub(super) const ROUNDS: Rounds = Rounds::new(2, 2);

impl Hand<'_> {
    /// The workspace's account: what is known, or newly made.
    pub(super) async fn isolate(&self) -> Result<Event, Stopped> {
        let Some(workspace) = self.order.workspace() else {
            return Ok(locked_out());
        };
        let carrier = &self.order.carrier;
        let known = self.worker.core.subproject(workspace, carrier).await?;
        let now = self.worker.clock.now();
        match next_move(known.as_ref(), now, self.policy.settle) {
            SubprojectMove::Use(account, token) => Ok(Event::Isolated(account, token)),
            // Looked at again soon: whoever is at it is usually done in a moment.
            SubprojectMove::Wait(_) => Ok(setting_up()),
            SubprojectMove::Create { look_first } => {
                self.create_subproject(self.platform, workspace, known.as_ref(), look_first)
                    .await
            }
        }
    }

    /// Makes the account at `platform`'s carrier, or takes over what was left half made.
    pub(super) async fn create_subproject(
        &self,
        platform: &Platform,
        workspace: &WorkspaceId,
        over: Option<&Subproject>,
        look_first: bool,
    ) -> Result<Event, Stopped> {
        let worker = self.worker;
        let carrier = platform.carrier.id();
        let now = worker.clock.now();
        let attempt = AttemptId::new(now, worker.chance.draw());
        // As long as a creation may take at most.
        let call_timeout = platform.policy().call_timeout;
        let lease = ROUNDS.last_at_most(call_timeout);
        if !worker
            .core
            .begin_subproject(workspace, &carrier, &attempt, over, lease)
            .await?
        {
            return Ok(setting_up());
        }
        if worker.clock.now() > now.plus(INTENT_MAX_AGE) {
            return Ok(setting_up());
        }
        let name = Subproject::name_of(workspace);
        let own = platform.account().await;
        let left_behind = if look_first {
            match platform.carrier.find_subproject(&own, &name).await {
                Ok(found) => found,
                Err(error) => return Ok(self.failed(&own, &error).await),
            }
        } else {
            None
        };
        // Who was away for longer must not replace the secrets of another's account.
        let time_to_make = Rounds::new(0, ROUNDS.acts).last_at_most(call_timeout);
        if worker.clock.now().plus(time_to_make) > now.plus(lease) {
            return Ok(setting_up());
        }
        let made = platform
            .carrier
            .ensure_subproject(&own, &name, left_behind.as_ref())
            .await;
        match made {
            Ok(created) => {
                let place = (workspace, &carrier);
                self.open_subproject(place, &attempt, &created).await
            }
            Err(error) => {
                // Nothing was made, now or earlier: the next attempt need not wait.
                if error.effect() == Effect::None && !look_first {
                    worker
                        .core
                        .abandon_subproject(workspace, &carrier, &attempt)
                        .await?;
                }
                Ok(self.failed(&own, &error).await)
            }
        }
    }

    async fn open_subproject(
        &self,
        place: (&WorkspaceId, &CarrierId),
        attempt: &AttemptId,
        created: &CreatedSubproject,
    ) -> Result<Event, Stopped> {
        let worker = self.worker;
        let token = WebhookToken::derived(worker.chance.draw());
        let vault = worker.accounts.vault();
        let opened = worker
            .core
            .open_subproject(vault, place, attempt, created, &token)
            .await?;
        Ok(if opened {
            Event::Isolated(created.account.clone(), token)
        } else {
            setting_up()
        })
    }
}

pub(super) fn setting_up() -> Event {
    Event::Deferred {
        trouble: TroubleCode::SettingUpAccount,
        not_before: None,
    }
}
