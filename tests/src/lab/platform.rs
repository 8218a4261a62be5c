//! The platform's own credentials, as a secret holds them.

use async_trait::async_trait;
use numberline::{
    app::AccountSource,
    carrier::{Account, Credentials, WebhookKey},
    domain::AccountId,
};
use numberline_simulator::{Secret, Settings};

/// What the simulator was set up with. Reading it is no call to anybody.
#[derive(Clone, Debug)]
pub(super) struct PlatformSecret {
    account: AccountId,
    api_token: Secret,
    signing_key: Secret,
}

impl PlatformSecret {
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            account: AccountId::new(&settings.project_id),
            api_token: settings.api_token.clone(),
            signing_key: settings.signing_key.clone(),
        }
    }

    pub(super) fn account(&self) -> Account {
        Account {
            id: self.account.clone(),
            credentials: Credentials::new(self.api_token.expose()),
        }
    }
}

#[async_trait]
impl AccountSource for PlatformSecret {
    async fn read(&self) -> Option<Account> {
        Some(self.account())
    }

    async fn webhook_key(&self) -> Option<WebhookKey> {
        Some(WebhookKey::new(self.signing_key.expose()))
    }
}
