//! The platform's account at its carrier, as Secrets Manager keeps it.

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;

use crate::{
    app::AccountSource,
    carrier::{Account, AccountKeys, Credentials, WebhookKey},
    domain::AccountId,
    store::error::said,
};

/// The secret `{"signalwire":{"apiToken":"…","signingKey":"…"}}`, with a
/// `signingKeyBefore` in it while the carrier goes over to a new key.
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

    async fn webhook_keys(&self) -> AccountKeys {
        match self.secret().await {
            Ok(secret) => signing_keys(&secret),
            Err(error) => {
                tracing::error!(%error, "the platform's signing key cannot be read");
                AccountKeys::new()
            }
        }
    }
}

/// The signing keys in a secret, the newest first.
fn signing_keys(secret: &serde_json::Value) -> AccountKeys {
    ["signingKey", "signingKeyBefore"]
        .into_iter()
        .filter_map(|name| secret.get("signalwire")?.get(name)?.as_str())
        .filter(|key| !key.trim().is_empty())
        .map(WebhookKey::new)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{WebhookKey, signing_keys};

    #[test]
    fn the_newest_signing_key_comes_first_and_blank_ones_are_none() {
        for (secret, expected) in [
            (json!({}), vec![]),
            (json!({"signalwire": {"signingKey": ""}}), vec![]),
            (
                json!({"signalwire": {"signingKey": "PSK_1"}}),
                vec!["PSK_1"],
            ),
            (
                json!({"signalwire": {"signingKeyBefore": "PSK_1", "signingKey": "PSK_2"}}),
                vec!["PSK_2", "PSK_1"],
            ),
        ] {
            let keys = signing_keys(&secret);
            let keys: Vec<&str> = keys.iter().map(WebhookKey::expose).collect();
            assert_eq!(keys, expected);
        }
    }
}
