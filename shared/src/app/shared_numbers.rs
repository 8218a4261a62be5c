//! Numbers of the platform's own, lent to workspaces that have none.
//!
//! Nothing is bought here: the operator owns a number in the platform's account, and
//! says that it shall be lent. Every step may be repeated, and asking again goes on
//! where an earlier request broke off.

use crate::{
    carrier::{OwnedNumber, WebhookKey},
    domain::{E164, SharedNumber, SharedStatus, WebhookToken, Webhooks, pair::SHARED_MAX},
    store::{Core, Vault},
};

use super::{
    Base, Platform,
    access::Caller,
    carriers::Carriers,
    error::{Error, Result},
};

/// What lending needs.
#[derive(Debug)]
pub struct Lender {
    /// What nearly every use case needs.
    pub base: Base,
    /// The Vault, for what the platform's webhooks are signed with.
    pub vault: Vault,
    /// The carriers, with the platform's accounts.
    pub carriers: Carriers,
    /// Scheme and host that carriers post to.
    pub webhook_base: String,
}

/// Every shared number.
pub async fn shared_numbers(core: &Core, caller: &Caller) -> Result<Vec<SharedNumber>> {
    service_only(caller)?;
    Ok(core.shared_numbers().await?)
}

/// Lends a number: proves that the platform's account owns it, claims it (P3), sees to
/// it that its webhooks can be proven and lead here, and reads that back. Asked again it
/// does the same, which also takes up a new signing key.
pub async fn lend(lender: &Lender, caller: &Caller, e164: &E164) -> Result<SharedNumber> {
    service_only(caller)?;
    let platform = lender
        .carriers
        .preferred()
        .ok_or(Error::NotConfigured("no carrier is configured"))?;
    let (owned, keys, known) = tokio::join!(
        read(platform, e164),
        platform.webhook_keys(),
        lender.base.core.shared_numbers(),
    );
    let (owned, known) = (owned?.ok_or(Error::NotOwned)?, known?);
    if keys.is_empty() {
        let unknown = "the carrier's signing key is not configured";
        return Err(Error::NotConfigured(unknown));
    }
    let before = known.iter().find(|known| known.e164 == *e164);
    if before.is_none() && known.len() >= usize::from(SHARED_MAX) {
        return Err(Error::TooManySharedNumbers);
    }
    let token = webhook_token(lender, platform, &keys).await?;
    let core = &lender.base.core;
    let number = SharedNumber {
        e164: e164.clone(),
        status: before.map_or(SharedStatus::Preparing, |before| before.status),
        carrier: platform.carrier.id(),
        account: owned.account.clone(),
        carrier_number: owned.id.clone(),
        token: token.clone(),
        since: before.map_or_else(|| lender.base.clock.now(), |before| before.since),
        changed_by: caller.actor(),
    };
    if !core.adopt(&number).await? {
        return Err(Error::NumberInUse);
    }
    wire(lender, platform, &owned, token).await?;
    let lent = core
        .move_shared_number(e164, SharedStatus::Lending, &caller.actor())
        .await?;
    lent.ok_or(Error::Busy)
}

/// Stops lending a number: nobody writes from it any more. What comes in still finds
/// whom it is for, and the number stays the platform's.
pub async fn withdraw(core: &Core, caller: &Caller, e164: &E164) -> Result<SharedNumber> {
    service_only(caller)?;
    let withdrawn = core
        .move_shared_number(e164, SharedStatus::Withdrawn, &caller.actor())
        .await?;
    withdrawn.ok_or(Error::NotFound)
}

fn service_only(caller: &Caller) -> Result<()> {
    if caller.service {
        Ok(())
    } else {
        Err(Error::ServiceOnly)
    }
}

/// The number as the platform's own account has it.
async fn read(platform: &Platform, e164: &E164) -> Result<Option<OwnedNumber>> {
    let get = async |account| platform.carrier.get(&account, e164).await;
    let owned = platform.ask(get).await?;
    Ok(owned.filter(|owned| owned.account == *platform.id()))
}

/// What the addresses of the platform's webhooks carry, with the key beside it that
/// proves what comes there.
async fn webhook_token(
    lender: &Lender,
    platform: &Platform,
    keys: &[WebhookKey],
) -> Result<WebhookToken> {
    let Base { core, chance, .. } = &lender.base;
    let (carrier, account) = (platform.carrier.id(), platform.id());
    let fresh = WebhookToken::derived(chance.draw());
    let token = core.platform_token(&carrier, account, &fresh).await?;
    if let Some((now, before)) = keys.split_first() {
        let account = (&carrier, account);
        let kept = lender
            .vault
            .keep_platform_keys(&token, account, now, before.first());
        kept.await?;
    }
    Ok(token)
}

/// Points the number's webhooks here, and reads that back.
async fn wire(
    lender: &Lender,
    platform: &Platform,
    owned: &OwnedNumber,
    token: WebhookToken,
) -> Result<()> {
    let carrier = &platform.carrier;
    let webhooks = Webhooks::new(&lender.webhook_base, &carrier.id(), token);
    let configure = async |account| carrier.configure(&account, owned, &webhooks).await;
    platform.ask(configure).await?;
    let set = read(platform, &owned.e164).await?.ok_or(Error::NotOwned)?;
    if carrier.wiring(&set, &webhooks).complete() {
        Ok(())
    } else {
        Err(Error::NotWired)
    }
}
