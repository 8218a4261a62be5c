//! The platform's own credentials, as a secret holds them.

use async_trait::async_trait;
use numberline::{
    app::AccountSource,
    carrier::{Account, AccountKeys, Credentials, WebhookKey},
    domain::AccountId,
};
use numberline_simulator::{Secret, Settings};

/// What the simulator was set up with. Reading it is no call to anybody.
#[derive(Clone, Debug)]
pub(super) struct PlatformSecret {
    account: AccountId,
    api_token: Secret,
    signing_key: Secret,
    next_key: Option<&'static str>,
}

impl PlatformSecret {
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            account: AccountId::new(&settings.project_id),
            api_token: settings.api_token.clone(),
            signing_key: settings.signing_key.clone(),
            next_key: None,
        }
    }

    /// The same, with a signing key that the carrier does not use yet.
    pub(super) const fn before(mut self, next: Option<&'static str>) -> Self {
        self.next_key = next;
        self
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

    async fn webhook_keys(&self) -> AccountKeys {
        let next = self.next_key.map(WebhookKey::new);
        let now = WebhookKey::new(self.signing_key.expose());
        next.into_iter().chain([now]).collect()
    }
}
