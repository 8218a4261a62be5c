//! Giving a number back, and seeing that it is gone.

use crate::{
    carrier::{Account, OwnedNumber},
    domain::{
        AccountId, E164, number,
        order::{Event, GiveBack, Work},
    },
    store,
};

use super::{Hand, Stopped, buy::locked_out, outcome};

/// A number, ready to be given back.
pub(super) struct Surrender {
    account: Account,
    number: OwnedNumber,
}

impl Hand<'_> {
    /// What to give back, and the account to give it back from.
    pub(super) async fn surrender(&self) -> store::Result<Option<Surrender>> {
        let Work::GiveBack(give_back) = &self.order.work else {
            return Ok(None);
        };
        let number = OwnedNumber {
            id: give_back.carrier_number.clone(),
            e164: give_back.e164.clone(),
            account: give_back.account.clone(),
            reference: None,
            capabilities: number::Capabilities::default(),
            routes: Box::default(),
            purchased_at: Some(give_back.purchased_at),
        };
        let account = self.opened(give_back, &give_back.account).await?;
        Ok(account.map(|account| Surrender { account, number }))
    }

    /// Asks the carrier to take the number.
    pub(super) async fn release(&self, surrender: &Surrender) -> Event {
        let Surrender { account, number } = surrender;
        match self.platform.carrier.release(account, number).await {
            Ok(()) => Event::Returned,
            Err(error) => {
                self.note_refused_credentials(account, &error).await;
                outcome::of_release(&error, self.worker.clock.now())
            }
        }
    }

    /// "Gone" is believed only when neither the number's account nor the platform's
    /// lists it, nor the one it was to be moved to.
    pub(super) async fn look_gone(&self) -> Result<Event, Stopped> {
        let Work::GiveBack(give_back) = &self.order.work else {
            return Ok(locked_out());
        };
        let Some(account) = self.opened(give_back, &give_back.account).await? else {
            return Ok(locked_out());
        };
        match self.read_back(&account).await {
            Ok(Some(_)) => return Ok(Event::StillThere),
            Ok(None) => {}
            Err(event) => return Ok(event),
        }
        if let Some(home) = &give_back.home {
            let Some(home) = self.opened(give_back, home).await? else {
                return Ok(locked_out());
            };
            match self.read_back(&home).await {
                Ok(Some(number)) => return Ok(Event::AtHome(home.id, number.id)),
                Ok(None) => {}
                Err(event) => return Ok(event),
            }
        }
        if account.id == *self.platform.id() {
            return Ok(Event::Gone);
        }
        Ok(match self.read_back(&self.platform.account().await).await {
            Ok(Some(_)) => Event::Elsewhere,
            Ok(None) => Event::Gone,
            Err(event) => event,
        })
    }

    /// An account the number is in or may be in, opened.
    async fn opened(
        &self,
        give_back: &GiveBack,
        account: &AccountId,
    ) -> store::Result<Option<Account>> {
        if account == self.platform.id() {
            return Ok(Some(self.platform.account().await));
        }
        self.worker
            .accounts
            .open(&give_back.workspace, &self.order.carrier, account)
            .await
    }

    /// The number the order is about.
    pub(super) fn e164(&self) -> Option<&E164> {
        match &self.order.work {
            Work::Provision(provision) => provision.candidate.as_ref(),
            Work::GiveBack(give_back) => Some(&give_back.e164),
            Work::Close(_) => None,
        }
    }
}
