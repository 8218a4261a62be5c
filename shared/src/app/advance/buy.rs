//! Buying one exact number, and asking whether it is ours.

use crate::{
    carrier::{self, Account, ErrorKind, OwnedNumber, Purchase, PurchaseOrder},
    domain::{
        Webhooks,
        order::{Event, Owned, Provision, Task, TroubleCode},
    },
    store,
};

use super::{Hand, Stopped, outcome, rounds};

/// A purchase, ready to be sent.
pub(super) struct Purchasing {
    account: Account,
    purchase: PurchaseOrder,
}

impl Hand<'_> {
    /// Sends the purchase, once.
    pub(super) async fn buy(&self, purchasing: &Purchasing) -> Event {
        let Purchasing { account, purchase } = purchasing;
        let carrier = &self.platform.carrier;
        match carrier.purchase(account, purchase).await {
            Ok(Purchase::Owned(number)) => Event::Bought(self.owned(&number, &purchase.webhooks)),
            Ok(Purchase::Pending { .. }) => Event::Unclear,
            Err(error) => {
                self.note_refused_credentials(account, &error).await;
                outcome::of_purchase(&error, self.worker.clock.now())
            }
        }
    }

    /// Asks the account it was bought in, then the platform's own.
    pub(super) async fn look_bought(&self) -> Result<Event, Stopped> {
        let Some(Purchasing { account, purchase }) = self.purchase().await? else {
            return Ok(locked_out());
        };
        let mut found = self.find(&account, &purchase).await;
        if found == Ok(None) && account.id != *self.platform.id() {
            found = self.find(&self.platform.account().await, &purchase).await;
        }
        Ok(match found {
            Ok(Some(number)) => Event::Bought(self.owned(&number, &purchase.webhooks)),
            Ok(None) => self.not_ours().await,
            Err(event) => event,
        })
    }

    /// What `account` has of a purchase. In the platform's account a number is this
    /// order's only under this order's reference.
    async fn find(
        &self,
        account: &Account,
        purchase: &PurchaseOrder,
    ) -> Result<Option<OwnedNumber>, Event> {
        let own = account.id != *self.platform.id();
        let found = self.platform.carrier.find_purchase(account, purchase).await;
        match found {
            Ok(found) => Ok(found.filter(|number| {
                own || number.reference.as_deref() == Some(purchase.reference.as_str())
            })),
            Err(error) => Err(self.failed(account, &error).await),
        }
    }

    /// What others could be had instead is a courtesy, and only looked for while there
    /// is time.
    async fn not_ours(&self) -> Event {
        let in_time = self.has_time_for(rounds(Task::LookBought), true);
        let gone = self
            .order
            .provision()
            .filter(|provision| in_time && provision.refusal.is_some());
        let alternatives = match gone.and_then(|provision| provision.candidate.as_ref()) {
            Some(e164) => self.alternatives(e164).await,
            None => Vec::new(),
        };
        Event::NotOurs { alternatives }
    }

    /// What to buy, and the account to buy it in.
    pub(super) async fn purchase(&self) -> store::Result<Option<Purchasing>> {
        let Some(Provision {
            candidate: Some(e164),
            ..
        }) = self.order.provision()
        else {
            return Ok(None);
        };
        let Some(webhooks) = self.webhooks() else {
            return Ok(None);
        };
        let account = if self.policy.purchase_in_subproject {
            self.workspace_account().await?
        } else {
            Some(self.platform.account().await)
        };
        let purchase = PurchaseOrder {
            e164: e164.clone(),
            reference: self.order.reference(),
            webhooks,
        };
        Ok(account.map(|account| Purchasing { account, purchase }))
    }

    /// The workspace's account, opened.
    pub(super) async fn workspace_account(&self) -> store::Result<Option<Account>> {
        let provision = self.order.provision();
        let account = provision.and_then(|provision| provision.account.as_ref());
        let (Some(workspace), Some(account)) = (self.order.workspace(), account) else {
            return Ok(None);
        };
        self.worker
            .accounts
            .open(workspace, &self.order.carrier, account)
            .await
    }

    /// Where the number's events go.
    pub(super) fn webhooks(&self) -> Option<Webhooks> {
        let token = self.order.provision()?.token.clone()?;
        Some(Webhooks::new(
            &self.worker.webhook_base,
            &self.order.carrier,
            token,
        ))
    }

    fn owned(&self, number: &OwnedNumber, webhooks: &Webhooks) -> Owned {
        Owned {
            carrier_number: number.id.clone(),
            account: number.account.clone(),
            capabilities: number.capabilities,
            purchased_at: number
                .purchased_at
                .unwrap_or_else(|| self.worker.clock.now()),
            wired: self.platform.carrier.wiring(number, webhooks).complete(),
        }
    }

    /// What a failed question, or an act that is harmless to repeat, means.
    pub(super) async fn failed(&self, account: &Account, error: &carrier::Error) -> Event {
        self.note_refused_credentials(account, error).await;
        outcome::deferred(error, self.worker.clock.now())
    }

    /// Refused credentials may be old ones: the next try reads them anew.
    pub(super) async fn note_refused_credentials(&self, account: &Account, error: &carrier::Error) {
        tracing::warn!(order.id = %self.order.id, %error, "carrier call failed");
        if error.kind() != ErrorKind::Unauthenticated {
            return;
        }
        if account.id == *self.platform.id() {
            self.platform.renew(account).await;
        } else {
            self.worker.accounts.forget(&account.id).await;
        }
    }
}

/// The account or its token is not there: an operator's matter.
pub(super) fn locked_out() -> Event {
    Event::Deferred {
        trouble: TroubleCode::PlatformAccount,
        not_before: None,
    }
}
