//! What a sandbox remembers of the accounts whose webhooks it takes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    domain::{Timestamp, WebhookToken},
    store::{self, Vault, WebhookAccount},
};

/// How long a webhook account is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);

/// How old what is remembered must be to be read again because a signature does not fit
/// it: forged webhooks cause no more than one read in this time.
const BELIEVED: Duration = Duration::from_secs(10);

/// A sandbox remembers at most this many.
const REMEMBERED_MAX: usize = 500;

/// Webhook accounts that were read before.
#[derive(Debug, Default)]
pub struct Known(Mutex<HashMap<WebhookToken, Read>>);

/// An account, and when it was read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) account: Arc<WebhookAccount>,
    at: Timestamp,
}

impl Known {
    /// The account behind `token`, remembered or read from `vault`; nothing if there is none.
    pub(super) async fn account(
        &self,
        vault: &Vault,
        token: &WebhookToken,
        now: Timestamp,
    ) -> store::Result<Option<Read>> {
        let known = self.0.lock().await.get(token).cloned();
        match known.filter(|read| now < read.at.plus(REMEMBERED)) {
            Some(read) => Ok(Some(read)),
            None => self.read(vault, token, now).await,
        }
    }

    /// The account again, after its keys did not fit: they may have been rotated. Nothing
    /// where it was read only just now.
    pub(super) async fn again(
        &self,
        vault: &Vault,
        token: &WebhookToken,
        before: &Read,
        now: Timestamp,
    ) -> store::Result<Option<Read>> {
        if now < before.at.plus(BELIEVED) {
            return Ok(None);
        }
        self.read(vault, token, now).await
    }

    async fn read(
        &self,
        vault: &Vault,
        token: &WebhookToken,
        now: Timestamp,
    ) -> store::Result<Option<Read>> {
        let Some(account) = vault.webhook_account(token).await? else {
            return Ok(None);
        };
        let account = Arc::new(account);
        let read = Read { account, at: now };
        let mut known = self.0.lock().await;
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(token.clone(), read.clone());
        Ok(Some(read))
    }
}
