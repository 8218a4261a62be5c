//! Workspaces' accounts, opened and remembered for a while.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    carrier::Account,
    clock::Clock,
    domain::{AccountId, CarrierId, Timestamp, WorkspaceId},
    store::{self, Vault},
};

/// How long an opened account is used before the Vault is asked again.
const REMEMBERED: Duration = Duration::from_mins(5);

/// A sandbox remembers at most this many accounts.
const REMEMBERED_MAX: usize = 200;

/// Opens workspaces' accounts.
#[derive(Debug)]
pub struct Accounts {
    vault: Vault,
    clock: Arc<dyn Clock>,
    opened: Mutex<HashMap<(WorkspaceId, AccountId), (Account, Timestamp)>>,
}

impl Accounts {
    /// Opens with `vault`.
    #[must_use]
    pub fn new(vault: Vault, clock: Arc<dyn Clock>) -> Self {
        Self {
            vault,
            clock,
            opened: Mutex::default(),
        }
    }

    /// The Vault behind it.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The account, opened; nothing if the Vault has no such account for the workspace.
    pub async fn open(
        &self,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
        account: &AccountId,
    ) -> store::Result<Option<Account>> {
        let now = self.clock.now();
        let name = (workspace.clone(), account.clone());
        if let Some((opened, until)) = self.opened.lock().await.get(&name)
            && now < *until
        {
            return Ok(Some(opened.clone()));
        }
        let opened = self.vault.account(workspace, carrier, account).await?;
        if let Some(opened) = &opened {
            let mut remembered = self.opened.lock().await;
            if remembered.len() >= REMEMBERED_MAX {
                remembered.clear();
            }
            remembered.insert(name, (opened.clone(), now.plus(REMEMBERED)));
        }
        Ok(opened)
    }

    /// Forgets an account whose credentials were refused: they may have been rotated.
    pub async fn forget(&self, account: &AccountId) {
        self.opened
            .lock()
            .await
            .retain(|(_, opened), _| opened != account);
    }
}
