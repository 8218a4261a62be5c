//! The Vault: secrets, each encrypted for one workspace and one purpose.
//!
//! The purpose is in the encryption context, and roles are allowed to decrypt by
//! purpose: what opens a webhook key opens no API token.

use std::{collections::HashMap, fmt};

use aws_sdk_dynamodb::{
    Client,
    primitives::Blob,
    types::{AttributeValue, Delete, Put},
};
use aws_sdk_kms::Client as Kms;

use super::{
    error::{Error, Result},
    item::{Item, s, text},
    keys::Key,
    transaction::Transaction,
};
use crate::{
    carrier::{Account, AccountKeys, CreatedSubproject, Credentials, WebhookKey},
    domain::{AccountId, CarrierId, WebhookToken, WorkspaceId, probe::ProbeKey},
};

const API_TOKEN: &str = "api-token";
const WEBHOOK_KEY: &str = "webhook-key";
const PROBE_KEY: &str = "probe-key";
const SECRET: &str = "secret";
/// The secret before that one, while both are used.
const SECRET_BEFORE: &str = "secret_before";
/// Beside an account's token, and sealed for another purpose: what verifies opens it.
const PROBE_SECRET: &str = "probe_secret";

/// The Vault table and the key its secrets are encrypted under.
#[derive(Clone)]
pub struct Vault {
    client: Client,
    kms: Kms,
    table: String,
    key: String,
}

/// In place of a workspace: whose the platform's own secrets are.
const PLATFORM: &str = "platform";

/// What a webhook address stands for.
#[derive(Clone, Debug)]
pub struct WebhookAccount {
    /// The workspace the account isolates; the platform's own account isolates none.
    pub workspace: Option<WorkspaceId>,
    /// The carrier.
    pub carrier: CarrierId,
    /// The account.
    pub account: AccountId,
    /// What its webhooks are signed with.
    pub keys: AccountKeys,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// The table called `table`, under the KMS key `key` (ARN or id).
    #[must_use]
    pub fn new(client: Client, kms: Kms, table: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            client,
            kms,
            table: table.into(),
            key: key.into(),
        }
    }

    /// The account `account` of `workspace`, opened.
    pub async fn account(
        &self,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
        account: &AccountId,
    ) -> Result<Option<Account>> {
        let Some(item) = self.get(&Key::credentials(carrier, account)).await? else {
            return Ok(None);
        };
        if text(&item, "workspace") != Some(workspace.as_str()) {
            return Ok(None);
        }
        let sealed = sealed(&item, SECRET).ok_or_else(no_ciphertext)?;
        let secret = self.open(sealed, workspace.as_str(), API_TOKEN).await?;
        Ok(Some(Account {
            id: account.clone(),
            credentials: Credentials::new(secret),
        }))
    }

    /// What probes of the account's webhook address are signed with; nothing if the
    /// workspace has no such account, or an earlier version opened it.
    pub async fn probe_key(
        &self,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
        account: &AccountId,
    ) -> Result<Option<ProbeKey>> {
        let item = self.get(&Key::credentials(carrier, account)).await?;
        let own = item.filter(|item| text(item, "workspace") == Some(workspace.as_str()));
        let Some(sealed) = own.and_then(|item| sealed(&item, PROBE_SECRET)) else {
            return Ok(None);
        };
        let key = self.open(sealed, workspace.as_str(), PROBE_KEY).await?;
        Ok(Some(ProbeKey::new(key)))
    }

    /// What the webhook address with `token` stands for.
    pub async fn webhook_account(&self, token: &WebhookToken) -> Result<Option<WebhookAccount>> {
        let Some(item) = self.get(&Key::webhook(token)).await? else {
            return Ok(None);
        };
        let missing = || Error::corrupt("webhook keys", "an attribute is missing");
        let field = |name| text(&item, name).ok_or_else(missing);
        let owner = field("workspace")?;
        let workspace = Some(owner).filter(|owner| *owner != PLATFORM);
        let workspace = workspace
            .map(str::parse)
            .transpose()
            .map_err(|error| Error::corrupt("webhook keys", error))?;
        let now = sealed(&item, SECRET).ok_or_else(no_ciphertext)?;
        let mut keys = vec![WebhookKey::new(self.open(now, owner, WEBHOOK_KEY).await?)];
        if let Some(before) = sealed(&item, SECRET_BEFORE) {
            let before = self.open(before, owner, WEBHOOK_KEY).await?;
            keys.push(WebhookKey::new(before));
        }
        Ok(Some(WebhookAccount {
            carrier: CarrierId::from(field("carrier")?),
            account: AccountId::new(field("account")?),
            keys,
            workspace,
        }))
    }

    /// Encrypts a subproject's secrets and adds their items to a transaction.
    pub(super) async fn add_secrets(
        &self,
        to: &mut Transaction,
        workspace: &WorkspaceId,
        carrier: &CarrierId,
        token: &WebhookToken,
        created: &CreatedSubproject,
    ) -> Result<()> {
        let secrets = [
            (
                Key::credentials(carrier, &created.account),
                API_TOKEN,
                created.credentials.expose(),
            ),
            (
                Key::webhook(token),
                WEBHOOK_KEY,
                created.webhook_key.expose(),
            ),
        ];
        for (key, purpose, secret) in secrets {
            let sealed = self.seal(secret, workspace.as_str(), purpose).await?;
            let account = (carrier, &created.account);
            let mut item = secret_item(&key, workspace.as_str(), account, sealed);
            if purpose == API_TOKEN {
                let key = ProbeKey::derived(created.webhook_key.expose());
                let sealed = self
                    .seal(key.expose(), workspace.as_str(), PROBE_KEY)
                    .await?;
                item.insert(PROBE_SECRET.to_owned(), AttributeValue::B(sealed));
            }
            to.put(Put::builder().table_name(&self.table).set_item(Some(item)))?;
        }
        Ok(())
    }

    /// Adds the removal of an account's secrets to a transaction.
    pub(super) fn remove_secrets(
        &self,
        to: &mut Transaction,
        carrier: &CarrierId,
        account: &AccountId,
        token: &WebhookToken,
    ) -> Result<()> {
        for key in [Key::credentials(carrier, account), Key::webhook(token)] {
            to.delete(
                Delete::builder()
                    .table_name(&self.table)
                    .set_key(Some(key.attributes())),
            )?;
        }
        Ok(())
    }

    /// Keeps what the webhooks of the platform's own account are signed with, and what
    /// they were signed with `before`, in place of what was kept.
    pub async fn keep_platform_keys(
        &self,
        token: &WebhookToken,
        account: (&CarrierId, &AccountId),
        now: &WebhookKey,
        before: Option<&WebhookKey>,
    ) -> Result<()> {
        let sealed = self.seal(now.expose(), PLATFORM, WEBHOOK_KEY).await?;
        let mut item = secret_item(&Key::webhook(token), PLATFORM, account, sealed);
        if let Some(before) = before {
            let sealed = self.seal(before.expose(), PLATFORM, WEBHOOK_KEY).await?;
            item.insert(SECRET_BEFORE.to_owned(), AttributeValue::B(sealed));
        }
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::unavailable("PutItem", &error))
    }

    async fn get(&self, key: &Key) -> Result<Option<Item>> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        Ok(answer.item)
    }

    async fn seal(&self, secret: &str, owner: &str, purpose: &str) -> Result<Blob> {
        let answer = self
            .kms
            .encrypt()
            .key_id(&self.key)
            .plaintext(Blob::new(secret))
            .set_encryption_context(Some(context(owner, purpose)))
            .send()
            .await
            .map_err(|error| Error::unavailable("Encrypt", &error))?;
        answer
            .ciphertext_blob
            .ok_or_else(|| Error::corrupt("secret", "no ciphertext"))
    }

    async fn open(&self, sealed: Blob, owner: &str, purpose: &str) -> Result<String> {
        let answer = self
            .kms
            .decrypt()
            .key_id(&self.key)
            .ciphertext_blob(sealed)
            .set_encryption_context(Some(context(owner, purpose)))
            .send()
            .await
            .map_err(|error| Error::unavailable("Decrypt", &error))?;
        let opened = answer
            .plaintext
            .ok_or_else(|| Error::corrupt("secret", "no plaintext"))?;
        String::from_utf8(opened.into_inner()).map_err(|_| Error::corrupt("secret", "not text"))
    }
}

/// The ciphertext in one attribute of an item.
fn sealed(item: &Item, attribute: &str) -> Option<Blob> {
    let secret = item.get(attribute)?;
    secret.as_b().ok().cloned()
}

fn no_ciphertext() -> Error {
    Error::corrupt("secret", "no ciphertext")
}

/// The item of a secret: whose it is, and which account it belongs to.
fn secret_item(
    key: &Key,
    owner: &str,
    (carrier, account): (&CarrierId, &AccountId),
    sealed: Blob,
) -> Item {
    let mut item = key.attributes();
    item.insert("workspace".to_owned(), s(owner));
    item.insert("carrier".to_owned(), s(carrier));
    item.insert("account".to_owned(), s(account));
    item.insert(SECRET.to_owned(), AttributeValue::B(sealed));
    item
}

fn context(owner: &str, purpose: &str) -> HashMap<String, String> {
    HashMap::from([
        ("workspace".to_owned(), owner.to_owned()),
        ("purpose".to_owned(), purpose.to_owned()),
    ])
}
