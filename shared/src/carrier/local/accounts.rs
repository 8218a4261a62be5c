//! Accounts: whom the local carrier lets in, and subprojects.

use super::{
    ID, Local,
    config::CALL_TIMEOUT,
    errors::{refused, unread, unwritten},
    platform,
};
use crate::{
    carrier::{
        Account, CreatedSubproject, Credentials, Effect, Error, ErrorKind, Result, WebhookKey,
    },
    domain::{AccountId, digest::digest},
    store::{body_hash, local::OpenedAccount},
};

/// The account that a subproject of this name has: so there is one at most, and it is
/// found again without a list.
fn account_of(name: &str) -> AccountId {
    AccountId::new(format!("{:032x}", digest(&["subproject", name])))
}

impl Local {
    /// Lets `account` in, or not. What comes after has to be begun within the longest time
    /// of an operation: whoever looks later for what it did relies on that.
    pub(super) async fn enter(&self, operation: &'static str, account: &Account) -> Result<()> {
        let latest = self.clock.now().plus(CALL_TIMEOUT);
        let own = platform();
        let secret = account.credentials.expose();
        let let_in = if account.id == own.id {
            secret == own.credentials.expose()
        } else {
            let known = self.books.account(&account.id).await;
            let known = known.map_err(|error| unread(operation, error))?;
            let hash = known.and_then(|known| known.secret_hash);
            hash.is_some_and(|hash| hash == body_hash(secret.as_bytes()))
        };
        if !let_in {
            return Err(refused(operation, ErrorKind::Unauthenticated));
        }
        if self.clock.now() > latest {
            return Err(refused(operation, ErrorKind::Unavailable));
        }
        Ok(())
    }

    /// Lets in the platform's account, the only one that has subprojects.
    async fn enter_platform(&self, operation: &'static str, account: &Account) -> Result<()> {
        if account.id == platform().id {
            self.enter(operation, account).await
        } else {
            Err(refused(operation, ErrorKind::Unauthenticated))
        }
    }

    /// The subproject named `name`, if it was made.
    pub(super) async fn named(&self, owner: &Account, name: &str) -> Result<Option<AccountId>> {
        let operation = "find_subproject";
        self.enter_platform(operation, owner).await?;
        let known = self.books.account(&account_of(name)).await;
        let known = known.map_err(|error| unread(operation, error))?;
        Ok(known.map(|account| account.id))
    }

    /// Makes a subproject, then its secret, as carriers do: in between it is there and
    /// nobody can open it. From then on a failure is of unknown effect.
    pub(super) async fn open(
        &self,
        owner: &Account,
        name: &str,
        known: Option<&AccountId>,
    ) -> Result<CreatedSubproject> {
        let operation = "ensure_subproject";
        self.enter_platform(operation, owner).await?;
        let id = account_of(name);
        if known.is_none() {
            let account = OpenedAccount {
                id: id.clone(),
                name: name.to_owned(),
                secret_hash: None,
                since: self.clock.now(),
            };
            let opened = self.books.open(&account).await;
            let opened = opened.map_err(|error| unwritten(operation, error))?;
            if !opened {
                // An earlier attempt made it, so the caller must look first.
                return Err(unclear(operation, ErrorKind::Rejected));
            }
        }
        let secret = self.fresh_name();
        let renewed = self.books.renew(&id, &body_hash(secret.as_bytes())).await;
        match renewed {
            Ok(true) => Ok(CreatedSubproject {
                account: id,
                credentials: Credentials::new(secret),
                webhook_key: WebhookKey::new(self.fresh_name()),
            }),
            Ok(false) => Err(unclear(operation, ErrorKind::Unexpected)),
            Err(error) => {
                let error = unwritten(operation, error);
                let wait = error.retry_after();
                Err(unclear(operation, error.kind())
                    .with_retry_after(wait)
                    .with_source(error))
            }
        }
    }

    /// Closes a subproject that owns nothing. A number that is bought in it at this very
    /// moment stays sold to it: whoever closes an account has ended its orders before.
    pub(super) async fn close(&self, owner: &Account, subproject: &Account) -> Result<()> {
        let operation = "close_subproject";
        self.enter_platform(operation, owner).await?;
        if self.owns_anything(operation, &subproject.id).await? {
            return Err(refused(operation, ErrorKind::Rejected));
        }
        let closed = self.books.close(&subproject.id).await;
        if closed.map_err(|error| unwritten(operation, error))? {
            Ok(())
        } else {
            Err(refused(operation, ErrorKind::NotFound))
        }
    }
}

/// A failure after something was made.
fn unclear(operation: &'static str, kind: ErrorKind) -> Error {
    Error::new(ID, operation, kind, Effect::Unknown)
}
