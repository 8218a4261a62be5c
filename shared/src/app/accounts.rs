//! Workspaces' accounts, opened and remembered for a while.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    carrier::Account,
    clock::Clock,
    domain::{AccountId, CarrierId, Timestamp, WorkspaceId, probe::ProbeKey},
    store::{self, Vault},
};

/// How long an opened account is used before the Vault is asked again.
const REMEMBERED: Duration = Duration::from_mins(5);

/// A sandbox remembers at most this many accounts.
const REMEMBERED_MAX: usize = 200;

/// Things of accounts that were opened, and until when each is used.
type Remembered<T> = Mutex<HashMap<(WorkspaceId, AccountId), (T, Timestamp)>>;

/// Opens workspaces' accounts.
#[derive(Debug)]
pub struct Accounts {
    vault: Vault,
    clock: Arc<dyn Clock>,
    opened: Remembered<Account>,
    probe_keys: Remembered<ProbeKey>,
}

impl Accounts {
    /// Opens with `vault`.
    #[must_use]
    pub fn new(vault: Vault, clock: Arc<dyn Clock>) -> Self {
        Self {
            vault,
            clock,
            opened: Mutex::default(),
            probe_keys: Mutex::default(),
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
        let name = (workspace.clone(), account.clone());
        let read = Box::pin(self.vault.account(workspace, carrier, account));
        self.remembered(&self.opened, name, read).await
    }

    /// What probes of the account's webhook address are signed with; nothing if the
    /// Vault has no such key.
    pub async fn probe_key(
        &self,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
        account: &AccountId,
    ) -> store::Result<Option<ProbeKey>> {
        let name = (workspace.clone(), account.clone());
        let read = Box::pin(self.vault.probe_key(workspace, carrier, account));
        self.remembered(&self.probe_keys, name, read).await
    }

    /// What is remembered under `name`, or is read now.
    async fn remembered<T: Clone>(
        &self,
        known: &Remembered<T>,
        name: (WorkspaceId, AccountId),
        read: impl Future<Output = store::Result<Option<T>>>,
    ) -> store::Result<Option<T>> {
        let now = self.clock.now();
        if let Some((opened, until)) = known.lock().await.get(&name)
            && now < *until
        {
            return Ok(Some(opened.clone()));
        }
        let opened = read.await?;
        if let Some(opened) = &opened {
            let mut remembered = known.lock().await;
            if remembered.len() >= REMEMBERED_MAX {
                remembered.clear();
            }
            remembered.insert(name, (opened.clone(), now.plus(REMEMBERED)));
        }
        Ok(opened)
    }

    /// Forgets an account whose credentials or keys were refused: they may have been
    /// rotated.
    pub async fn forget(&self, account: &AccountId) {
        let mut opened = self.opened.lock().await;
        opened.retain(|(_, opened), _| opened != account);
        drop(opened);
        let mut keys = self.probe_keys.lock().await;
        keys.retain(|(_, known), _| known != account);
    }
}
