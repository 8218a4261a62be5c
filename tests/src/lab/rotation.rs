//! Secrets that are replaced while functions remember the old ones.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use numberline::domain::{
    AttemptId, WorkspaceId,
    subproject::{Subproject, SubprojectState},
};

use super::Lab;

impl Lab {
    /// An operator has the secrets of a workspace's account replaced, at the carrier and
    /// in the Vault. Its webhook addresses stay.
    pub async fn rotate(&self, workspace: &WorkspaceId) -> Result<()> {
        let platform = self.carriers().preferred().context("a carrier")?;
        let (core, vault, carrier) = (self.core(), self.vault(), platform.carrier.id());
        let known = core.subproject(workspace, &carrier).await?;
        let known = known.context("an account")?;
        let SubprojectState::Open { token, account } = &known.state else {
            anyhow::bail!("the account is not open: {known:?}");
        };
        let name = Subproject::name_of(workspace);
        self.simulator.set_time(self.clock.simulated());
        self.simulator.revoke_tokens(account.as_str());
        let owner = platform.account().await;
        let made = platform
            .carrier
            .ensure_subproject(&owner, &name, true)
            .await?;
        let (attempt, lease) = (AttemptId::derived(77), Duration::from_mins(1));
        let place = (workspace, &carrier);
        let begun = core.begin_subproject(workspace, &carrier, &attempt, Some(&known), lease);
        ensure!(begun.await?, "somebody else is at it");
        let opened = core.open_subproject(&vault, place, &attempt, &made, token);
        ensure!(opened.await?, "somebody else was faster");
        Ok(())
    }
}
