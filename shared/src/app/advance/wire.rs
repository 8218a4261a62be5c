//! Moving a bought number home, pointing its events at us, and reading that back.

use crate::{
    app::probe::Subject,
    carrier::{Account, OwnedNumber},
    domain::{
        Webhooks,
        order::{Event, TroubleCode},
        verify::{Fault, VerifyCode},
    },
};

use super::{Hand, Stopped, Worker, buy::locked_out};

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

    /// Compares what the carrier has with what we set, and asks our public address
    /// beside it whether what is posted there arrives.
    pub(super) async fn verify(&self) -> Result<Event, Stopped> {
        let (Some(home), Some(webhooks)) = (self.workspace_account().await?, self.webhooks())
        else {
            return Ok(locked_out());
        };
        let (number, probed) = tokio::join!(self.read_back(&home), self.probe(&home, &webhooks));
        let report = match number {
            Ok(Some(number)) => self.platform.carrier.wiring(&number, &webhooks),
            Ok(None) => return Ok(out_of_sight()),
            Err(event) => return Ok(event),
        };
        for Fault { channel, code } in &report.faults {
            tracing::warn!(order.id = %self.order.id, ?channel, ?code, "not wired");
        }
        if report.is_mended_by_configuring() {
            return Ok(Event::NotWired);
        }
        let wiring = report.faults.iter().map(|fault| fault.code);
        Ok(match wiring.chain(probed?).next() {
            Some(code) => unproven(code),
            None => Event::Verified,
        })
    }

    /// What is wrong with our public address for the number of this order.
    async fn probe(&self, home: &Account, webhooks: &Webhooks) -> Result<Vec<VerifyCode>, Stopped> {
        let (Some(workspace), Some(number)) = (self.order.workspace(), self.e164()) else {
            return Ok(Vec::new());
        };
        let Worker {
            accounts, prober, ..
        } = self.worker;
        let carrier = &self.order.carrier;
        let key = accounts.probe_key(workspace, carrier, &home.id).await?;
        let subject = Subject {
            webhooks,
            number,
            workspace,
        };
        let found = prober.probe(key.as_ref(), subject).await;
        if found.contains(&VerifyCode::WrongSigningKey) {
            accounts.forget(&home.id).await;
        }
        Ok(found)
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
    unproven(VerifyCode::NumberMissing)
}

/// Something is wrong that setting the webhooks again does not put right: looked at
/// again later.
fn unproven(code: VerifyCode) -> Event {
    Event::Deferred {
        trouble: TroubleCode::Unproven(code),
        not_before: None,
    }
}
