//! Moving a bought number home, pointing its events at us, and reading that back.

use crate::{
    carrier::{Account, OwnedNumber},
    domain::order::{Event, TroubleCode},
};

use super::{Hand, Stopped, buy::locked_out};

impl Hand<'_> {
    /// Moves a number bought in the platform's account into the workspace's. Looks
    /// first: an earlier try may have moved it.
    pub(super) async fn assign(&self) -> Result<Event, Stopped> {
        let Some(home) = self.workspace_account().await? else {
            return Ok(locked_out());
        };
        let number = match self.read_back(&home).await {
            Ok(Some(_)) => return Ok(Event::Assigned(home.id)),
            Ok(None) => match self.read_back(&self.platform.account().await).await {
                Ok(Some(number)) => number,
                Ok(None) => return Ok(out_of_sight()),
                Err(event) => return Ok(event),
            },
            Err(event) => return Ok(event),
        };
        let platform = self.platform.account().await;
        Ok(
            match self
                .platform
                .carrier
                .transfer(&platform, &number, &home)
                .await
            {
                Ok(()) => Event::Assigned(home.id),
                Err(error) => self.failed(&platform, &error).await,
            },
        )
    }

    /// Sets the number's webhooks. Harmless to repeat, whatever became of it.
    pub(super) async fn configure(&self) -> Result<Event, Stopped> {
        let (Some(home), Some(webhooks)) = (self.workspace_account().await?, self.webhooks())
        else {
            return Ok(locked_out());
        };
        let number = match self.read_back(&home).await {
            Ok(Some(number)) => number,
            Ok(None) => return Ok(out_of_sight()),
            Err(event) => return Ok(event),
        };
        let carrier = &self.platform.carrier;
        Ok(match carrier.configure(&home, &number, &webhooks).await {
            Ok(()) => Event::Configured,
            Err(error) => self.failed(&home, &error).await,
        })
    }

    /// Compares what the carrier has with what we set.
    pub(super) async fn verify(&self) -> Result<Event, Stopped> {
        let (Some(home), Some(webhooks)) = (self.workspace_account().await?, self.webhooks())
        else {
            return Ok(locked_out());
        };
        Ok(match self.read_back(&home).await {
            Ok(Some(number)) => {
                let wiring = self.platform.carrier.wiring(&number, &webhooks);
                if wiring.complete() {
                    Event::Verified
                } else {
                    Event::NotWired
                }
            }
            Ok(None) => out_of_sight(),
            Err(event) => event,
        })
    }

    /// The number as `account` has it, or what the failure means.
    pub(super) async fn read_back(&self, account: &Account) -> Result<Option<OwnedNumber>, Event> {
        let Some(e164) = self.e164() else {
            return Ok(None);
        };
        let read = self.platform.carrier.get(account, e164).await;
        match read {
            Ok(number) => Ok(number),
            Err(error) => Err(self.failed(account, &error).await),
        }
    }
}

/// The carrier does not list the number yet.
fn out_of_sight() -> Event {
    Event::Deferred {
        trouble: TroubleCode::NotWired,
        not_before: None,
    }
}
