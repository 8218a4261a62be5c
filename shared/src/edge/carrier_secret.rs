//! The platform's account at its carrier, as Secrets Manager keeps it.

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;

use crate::{
    app::AccountSource,
    carrier::{Account, Credentials, WebhookKey},
    domain::AccountId,
    store::error::said,
};

/// The secret `{"signalwire":{"apiToken":"…","signingKey":"…"}}`.
#[derive(Clone, Debug)]
pub(super) struct CarrierSecret {
    pub(super) client: Client,
    pub(super) arn: String,
    pub(super) platform: AccountId,
}

impl CarrierSecret {
    /// The account with the token as it is now, or why it cannot be read.
    pub(super) async fn account(&self) -> Result<Account, String> {
        let secret = self.secret().await?;
        let token = secret.pointer("/signalwire/apiToken");
        let token = token
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        Ok(Account {
            id: self.platform.clone(),
            credentials: Credentials::new(token),
        })
    }

    async fn secret(&self) -> Result<serde_json::Value, String> {
        let sent = self
            .client
            .get_secret_value()
            .secret_id(&self.arn)
            .send()
            .await;
        let read =
            sent.map_err(|error| format!("the secret CARRIER_SECRET_ARN names: {}", said(&error)))?;
        let text = read.secret_string.unwrap_or_default();
        serde_json::from_str(&text)
            .map_err(|_| "the secret CARRIER_SECRET_ARN names is not JSON".to_owned())
    }
}

#[async_trait]
impl AccountSource for CarrierSecret {
    async fn read(&self) -> Option<Account> {
        match self.account().await {
            Ok(account) => Some(account),
            Err(error) => {
                tracing::error!(%error, "the platform's account cannot be read anew");
                None
            }
        }
    }

    async fn webhook_key(&self) -> Option<WebhookKey> {
        match self.secret().await {
            Ok(secret) => {
                let key = secret.pointer("/signalwire/signingKey")?.as_str()?;
                Some(WebhookKey::new(key)).filter(|key| !key.expose().is_empty())
            }
            Err(error) => {
                tracing::error!(%error, "the platform's signing key cannot be read");
                None
            }
        }
    }
}
