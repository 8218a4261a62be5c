//! The carriers the platform has an account with.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::RwLock;

use crate::{
    carrier::{
        self, Account, AccountKeys, AvailableNumber, Carrier, Credentials, ErrorKind, NumberQuery,
    },
    domain::{AccountId, CarrierId, order::Policy, pace::Rate},
};

/// A carrier and the platform's account at it, in which subprojects are made.
#[derive(Clone, Debug)]
pub struct Platform {
    /// The carrier.
    pub carrier: Arc<dyn Carrier>,
    /// How many calls a second it takes from all of us; no bound if absent.
    pub rate: Option<Rate>,
    id: AccountId,
    account: Arc<RwLock<Account>>,
    source: Option<Arc<dyn AccountSource>>,
    /// A rule that is broken on purpose, to see that the crash matrix notices.
    #[cfg(feature = "mutants")]
    pub mutant: Option<crate::domain::order::Mutant>,
}

/// Where the platform's account is read from, at the start and after a rotation.
#[async_trait]
pub trait AccountSource: fmt::Debug + Send + Sync + 'static {
    /// The account as it is now; nothing if it cannot be read.
    async fn read(&self) -> Option<Account>;

    /// What the account's webhooks are signed with, the newest key first; none if it is
    /// not known or cannot be read.
    async fn webhook_keys(&self) -> AccountKeys;
}

/// The carriers the platform has an account with, the preferred one first.
#[derive(Clone, Debug, Default)]
pub struct Carriers(Vec<Platform>);

/// How long each carrier keeps a number it just sold.
#[derive(Clone, Debug, Default)]
pub struct Holds(Vec<(CarrierId, Duration)>);

impl Holds {
    /// These.
    #[must_use]
    pub fn new(holds: Vec<(CarrierId, Duration)>) -> Self {
        Self(holds)
    }

    /// The carrier's; none where it is not known.
    #[must_use]
    pub fn of(&self, id: &CarrierId) -> Duration {
        let hold = self.0.iter().find(|(known, _)| known == id);
        hold.map_or(Duration::ZERO, |(_, hold)| *hold)
    }
}

impl Carriers {
    /// These carriers, the preferred one first.
    #[must_use]
    pub fn new(platforms: Vec<Platform>) -> Self {
        Self(platforms)
    }

    /// The carrier new orders go to.
    #[must_use]
    pub fn preferred(&self) -> Option<&Platform> {
        self.0.first()
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Platform> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// The carrier called `id`.
    #[must_use]
    pub fn of(&self, id: &CarrierId) -> Option<&Platform> {
        self.0.iter().find(|platform| platform.carrier.id() == *id)
    }
}

impl Platform {
    /// The platform's `account` at `carrier`.
    #[must_use]
    pub fn new(carrier: Arc<dyn Carrier>, account: Account) -> Self {
        Self {
            carrier,
            rate: None,
            id: account.id.clone(),
            account: Arc::new(RwLock::new(account)),
            source: None,
            #[cfg(feature = "mutants")]
            mutant: None,
        }
    }

    /// The platform's account `id` at `carrier`, which is read from `source` when it is
    /// first needed: for functions that rarely do.
    #[must_use]
    pub fn read_when_needed(
        carrier: Arc<dyn Carrier>,
        id: AccountId,
        source: Arc<dyn AccountSource>,
    ) -> Self {
        let unread = Account {
            id,
            credentials: Credentials::new(""),
        };
        Self::new(carrier, unread).renewed_from(source)
    }

    /// The same, with a place to read the account anew after a rotation.
    #[must_use]
    pub fn renewed_from(mut self, source: Arc<dyn AccountSource>) -> Self {
        self.source = Some(source);
        self
    }

    /// The same, called at most so often.
    #[must_use]
    pub fn at_rate(mut self, rate: Option<Rate>) -> Self {
        self.rate = rate;
        self
    }

    /// The account's name.
    #[must_use]
    pub fn id(&self) -> &AccountId {
        &self.id
    }

    /// The account, opened. One that cannot be read is let in nowhere, and is read again
    /// the next time.
    pub async fn account(&self) -> Account {
        let known = self.account.read().await.clone();
        if known.credentials.expose().is_empty() {
            self.renew(&known).await;
            return self.account.read().await.clone();
        }
        known
    }

    /// Reads the account anew after `refused` was not let in. Answers whether there is
    /// something new to try.
    pub async fn renew(&self, refused: &Account) -> bool {
        let mut account = self.account.write().await;
        let known_to_be_old = refused.credentials.expose();
        if account.credentials.expose() != known_to_be_old {
            return true;
        }
        let read = match &self.source {
            Some(source) => source.read().await,
            None => None,
        };
        match read.filter(|read| read.credentials.expose() != known_to_be_old) {
            Some(read) => {
                *account = read;
                true
            }
            None => false,
        }
    }

    /// What the webhooks of this account are signed with, the newest key first; none if
    /// that is not known.
    pub async fn webhook_keys(&self) -> AccountKeys {
        match &self.source {
            Some(source) => source.webhook_keys().await,
            None => AccountKeys::new(),
        }
    }

    /// Asks the carrier something as the platform's account. Refused credentials are read
    /// anew once.
    pub async fn ask<T, F>(&self, question: impl Fn(Account) -> F) -> carrier::Result<T>
    where
        F: Future<Output = carrier::Result<T>>,
    {
        let account = self.account().await;
        let answer = question(account.clone()).await;
        let refused = matches!(&answer, Err(error) if error.kind() == ErrorKind::Unauthenticated);
        if refused && self.renew(&account).await {
            return question(self.account().await).await;
        }
        answer
    }

    /// Numbers for sale.
    pub async fn search(&self, query: &NumberQuery) -> carrier::Result<Vec<AvailableNumber>> {
        let search = async |account| self.carrier.search(&account, query).await;
        self.ask(search).await
    }

    /// The figures the order machine runs by at this carrier.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let figures = self.carrier.capabilities();
        Policy {
            call_timeout: figures.call_timeout,
            settle: figures.settle,
            release_hold: figures.release_hold,
            purchase_in_subproject: figures.purchase_in_subproject,
            #[cfg(feature = "mutants")]
            mutant: self.mutant,
        }
    }
}
