//! Secrets that are replaced while functions remember the old ones.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use numberline::{
    app::{AccountSource, Carriers, Platform},
    carrier::{Account, AccountKeys, Credentials},
    domain::{
        AttemptId, WorkspaceId,
        subproject::{Subproject, SubprojectState},
    },
};

use super::Lab;

/// The secret after the platform's token was replaced.
#[derive(Debug)]
struct Replaced(Platform);

#[async_trait]
impl AccountSource for Replaced {
    async fn read(&self) -> Option<Account> {
        Some(self.0.account().await)
    }

    async fn webhook_keys(&self) -> AccountKeys {
        self.0.webhook_keys().await
    }
}

impl Lab {
    /// The carriers as a sandbox knows them that began before the platform's own token
    /// was replaced.
    #[must_use]
    pub fn carriers_of_yesterday(&self) -> Carriers {
        let outdated = self.carriers().all().map(|platform| {
            let replaced = Account {
                id: platform.id().clone(),
                credentials: Credentials::new("PT_of_yesterday"),
            };
            Platform::new(Arc::clone(&platform.carrier), replaced)
                .renewed_from(Arc::new(Replaced(platform.clone())))
        });
        Carriers::new(outdated.collect())
    }

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
        let made = platform.carrier.find_subproject(&owner, &name).await?;
        let made = platform
            .carrier
            .ensure_subproject(&owner, &name, made.as_ref())
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
