//! Answering a probe: saying, to whoever may know, what was seen of it.

use super::{Mailroom, Refused};
use crate::{
    domain::{
        ClaimOwner, Timestamp,
        probe::{Echo, NotProven, Probe, ProbeKey},
        webhooks::WebhookPath,
    },
    store::WebhookAccount,
};

/// A probe as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    /// What it says.
    pub body: &'a [u8],
    /// What it is signed with; empty if it is not.
    pub signature: &'a str,
}

impl Mailroom {
    /// Answers a probe that came to `public_url`, whose path was `path`. It takes the
    /// way of a text: the address names the account and so the key, the number names
    /// the claim, and nothing is said before the signature fits. Changes nothing.
    pub async fn prove(
        &self,
        path: &WebhookPath,
        arrived: Arrived<'_>,
        public_url: &str,
    ) -> Result<Echo, Refused> {
        let mut carriers = self.carriers.iter();
        if !carriers.any(|carrier| carrier.id() == path.carrier) {
            return Err(Refused::UnknownAddress);
        }
        let addressee = Probe::addressee(arrived.body);
        let now = self.clock.now();
        let (account, claim) = tokio::join!(
            self.known.account(&self.vault, &path.token, now),
            self.claim_of(addressee.as_ref()),
        );
        let read = account?.ok_or(Refused::UnknownAddress)?;
        let (account, (key, probe)) = self
            .proven(path, read, |account| proven(account, path, arrived, now))
            .await?;
        let claim = claim?.filter(|claim| claim.account.as_ref() == Some(&account.account));
        let owner = claim.and_then(|claim| match claim.owner {
            ClaimOwner::Workspace(workspace) => Some(workspace),
            ClaimOwner::Stock | ClaimOwner::Shared => None,
        });
        Ok(probe.echo(&key, public_url, owner.as_ref()))
    }
}

/// The probe, with that of the account's keys that it is signed with.
fn proven(
    account: &WebhookAccount,
    path: &WebhookPath,
    arrived: Arrived<'_>,
    now: Timestamp,
) -> Result<(ProbeKey, Probe), NotProven> {
    let Arrived { body, signature } = arrived;
    let tried = account.keys.iter().map(|key| {
        let key = ProbeKey::derived(key.expose());
        Probe::read(&key, &path.token, body, signature, now).map(|probe| (key, probe))
    });
    let mut fitting = tried.filter(|tried| !matches!(tried, Err(NotProven::Signature)));
    fitting.next().unwrap_or(Err(NotProven::Signature))
}
