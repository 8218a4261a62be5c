//! Subprojects: created once per workspace, whoever is at it.

use std::time::Duration;

use super::{
    core::Core,
    error::Result,
    item::{attribute, body, item, s},
    keys::Key,
    transaction::{Committed, Transaction},
    vault::Vault,
};
use crate::{
    carrier::CreatedSubproject,
    domain::{
        AccountId, AttemptId, CarrierId, Subproject, Timestamp, WebhookToken, WorkspaceId,
        subproject::SubprojectState,
    },
};

impl Core {
    /// The workspace's subproject at `carrier`, or how far its creation got.
    pub async fn subproject(
        &self,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
    ) -> Result<Option<Subproject>> {
        let item = self.get(&Key::subproject(workspace, carrier)).await?;
        item.as_ref()
            .map(|item| body("subproject", item))
            .transpose()
    }

    /// Writes down that `attempt` is about to create a subproject, for as long as
    /// `lease`. Only over nothing, or over the creation `over`. False if lost.
    pub async fn begin_subproject(
        &self,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
        attempt: &AttemptId,
        over: Option<&Subproject>,
        lease: Duration,
    ) -> Result<bool> {
        let now: Timestamp = self.clock.now();
        let subproject = Subproject {
            workspace: workspace.clone(),
            carrier: carrier.clone(),
            state: SubprojectState::Creating {
                attempt: attempt.clone(),
                since: now,
                lease_until: now.plus(lease),
            },
        };
        let key = Key::subproject(workspace, carrier);
        let put = self
            .put()
            .set_item(Some(item(&key, "subproject", &subproject)?));
        let put = match over {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => put
                .condition_expression("body = :seen")
                .expression_attribute_values(":seen", attribute("subproject", seen)?),
        };
        let mut transaction = Transaction::default();
        transaction.put(put)?;
        Ok(matches!(
            self.commit("begin subproject", transaction).await?,
            Committed::Yes
        ))
    }

    /// Opens a subproject: its secrets go into the Vault and its account into its
    /// item, together. False if another attempt took over meanwhile.
    pub async fn open_subproject(
        &self,
        vault: &Vault,
        subproject: (&WorkspaceId, &CarrierId),
        attempt: &AttemptId,
        created: &CreatedSubproject,
        token: &WebhookToken,
    ) -> Result<bool> {
        let (workspace, carrier) = subproject;
        let open = SubprojectState::Open {
            account: created.account.clone(),
            token: token.clone(),
        };
        let mut transaction = Transaction::default();
        transaction.update(
            self.update(&Key::subproject(workspace, carrier))
                .update_expression("SET body.#state = :open")
                .condition_expression("body.#state.attempt = :attempt")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":open", attribute("subproject", &open)?)
                .expression_attribute_values(":attempt", s(attempt)),
        )?;
        vault
            .add_secrets(&mut transaction, workspace, carrier, token, created)
            .await?;
        Ok(matches!(
            self.commit("open subproject", transaction).await?,
            Committed::Yes
        ))
    }

    /// Gives up an attempt that certainly created nothing. Somebody else's is left alone.
    pub async fn abandon_subproject(
        &self,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
        attempt: &AttemptId,
    ) -> Result<()> {
        let mut transaction = Transaction::default();
        transaction.delete(
            self.delete(&Key::subproject(workspace, carrier))
                .condition_expression("body.#state.attempt = :attempt")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":attempt", s(attempt)),
        )?;
        self.commit("abandon subproject", transaction).await?;
        Ok(())
    }

    /// Forgets a subproject that is closed at its carrier, with its secrets. False if it
    /// is another one now.
    pub async fn remove_subproject(
        &self,
        vault: &Vault,
        subproject: (&WorkspaceId, &CarrierId),
        account: &AccountId,
        token: &WebhookToken,
    ) -> Result<bool> {
        let (workspace, carrier) = subproject;
        let mut transaction = Transaction::default();
        transaction.delete(
            self.delete(&Key::subproject(workspace, carrier))
                .condition_expression("body.#state.account = :account")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":account", s(account)),
        )?;
        vault.remove_secrets(&mut transaction, carrier, account, token)?;
        Ok(matches!(
            self.commit("remove subproject", transaction).await?,
            Committed::Yes
        ))
    }
}
