//! Verifying a number, once, for whoever asks: what its carrier has against what we
//! set, and whether what is posted to us arrives.
//!
//! An order verifies in the same way and with patience (`advance/wire.rs`).

use std::sync::Arc;

use crate::{
    carrier::{self, Account, Carrier, ErrorKind, OwnedNumber},
    domain::{
        Number, NumberId, NumberStatus, Webhooks,
        probe::ProbeKey,
        subproject::SubprojectState,
        verify::{Channel, Fault, VerifyCode, works},
    },
    store::{self, Wanted},
};

use super::{
    Base,
    access::{Caller, Door},
    accounts::Accounts,
    error::{Error, Result},
    probe::{Prober, Subject},
};

/// What verifying needs.
#[derive(Debug)]
pub struct Verifier {
    /// Workspaces' accounts.
    pub accounts: Accounts,
    /// The carriers. Verifying needs no account of the platform's.
    pub carriers: Vec<Arc<dyn Carrier>>,
    /// What asks our public address.
    pub prober: Prober,
    /// Scheme and host that carriers post to.
    pub webhook_base: String,
}

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
    /// Whether the webhooks were set again.
    pub repaired: bool,
}

impl Verified {
    /// Whether calls reach the workspace.
    #[must_use]
    pub fn voice(&self) -> bool {
        works(&self.faults, Channel::Voice)
    }

    /// Whether texts do.
    #[must_use]
    pub fn sms(&self) -> bool {
        works(&self.faults, Channel::Sms)
    }
}

/// Looks at a number of the workspace once, for its admins: it asks the carrier, and
/// our public address beside it. With `repair` it first sets again whatever that can
/// put right; without, it changes nothing.
pub async fn verify(
    base: &Base,
    verifier: &Verifier,
    caller: &Caller,
    id: &NumberId,
    repair: bool,
) -> Result<Verified> {
    let (access, read) = Door(&base.core)
        .enter(caller, &[Wanted::Number(id)])
        .await?;
    access.admin()?;
    let number = read.number(id)?.ok_or(Error::NotFound)?;
    if !verifiable(&number) {
        return Err(Error::NotVerifiable);
    }
    let ends = ends(base, verifier, &number).await?;
    let subject = Subject {
        webhooks: &ends.webhooks,
        number: &number.e164,
        workspace: &number.workspace,
    };
    let (wiring, probed) = tokio::join!(
        wiring(verifier, &ends, &number, repair),
        verifier.prober.probe(ends.key.as_ref(), subject),
    );
    if probed.contains(&VerifyCode::WrongSigningKey) {
        verifier.accounts.forget(&ends.account.id).await;
    }
    let mut found = wiring?;
    let probed = probed.into_iter().map(|code| Fault {
        channel: Channel::Webhooks,
        code,
    });
    found.faults.extend(probed);
    Ok(found)
}

/// A number that is being set up may be looked at: that is when people wonder.
fn verifiable(number: &Number) -> bool {
    match number.status {
        NumberStatus::Active | NumberStatus::Provisioning => true,
        NumberStatus::Pending
        | NumberStatus::Suspended
        | NumberStatus::Releasing
        | NumberStatus::Released
        | NumberStatus::Failed => false,
    }
}

/// The carrier's end of a number and ours.
struct Ends {
    carrier: Arc<dyn Carrier>,
    account: Account,
    webhooks: Webhooks,
    key: Option<ProbeKey>,
}

async fn ends(base: &Base, verifier: &Verifier, number: &Number) -> Result<Ends> {
    let Number {
        workspace,
        carrier,
        account,
        ..
    } = number;
    let (known, opened, key) = tokio::try_join!(
        base.core.subproject(workspace, carrier),
        verifier.accounts.open(workspace, carrier, account),
        verifier.accounts.probe_key(workspace, carrier, account),
    )?;
    let mut adapters = verifier.carriers.iter();
    let adapter = adapters.find(|known| known.id() == *carrier);
    let state = known.map(|subproject| subproject.state);
    let (Some(adapter), Some(SubprojectState::Open { token, .. }), Some(account)) =
        (adapter, state, opened)
    else {
        let detail = format!("{} is here without its account", number.id);
        return Err(store::Error::corrupt("number", detail).into());
    };
    Ok(Ends {
        webhooks: Webhooks::new(&verifier.webhook_base, carrier, token),
        carrier: Arc::clone(adapter),
        account,
        key,
    })
}

/// What the carrier has against what we set, after setting it again where that is
/// wanted and helps.
async fn wiring(
    verifier: &Verifier,
    ends: &Ends,
    number: &Number,
    repair: bool,
) -> Result<Verified> {
    let mut owned = read_back(verifier, ends, number).await?;
    let broken = owned.as_ref().filter(|owned| is_mended(ends, owned));
    let repaired = repair && broken.is_some();
    if let Some(broken) = broken.filter(|_| repair) {
        let configured = ends
            .carrier
            .configure(&ends.account, broken, &ends.webhooks);
        outcome(verifier, ends, configured.await).await?;
        tracing::info!(number.id = %number.id, "webhooks set again");
        owned = read_back(verifier, ends, number).await?;
    }
    let faults = match owned {
        Some(owned) => ends.carrier.wiring(&owned, &ends.webhooks).faults,
        None => vec![Fault {
            channel: Channel::Number,
            code: VerifyCode::NumberMissing,
        }],
    };
    Ok(Verified { faults, repaired })
}

/// Whether setting the webhooks again helps.
fn is_mended(ends: &Ends, owned: &OwnedNumber) -> bool {
    let report = ends.carrier.wiring(owned, &ends.webhooks);
    report.is_mended_by_configuring()
}

async fn read_back(
    verifier: &Verifier,
    ends: &Ends,
    number: &Number,
) -> Result<Option<OwnedNumber>> {
    let read = ends.carrier.get(&ends.account, &number.e164).await;
    outcome(verifier, ends, read).await
}

/// Refused credentials may be old ones: the next pass reads them anew.
async fn outcome<T>(verifier: &Verifier, ends: &Ends, result: carrier::Result<T>) -> Result<T> {
    if let Err(error) = &result
        && error.kind() == ErrorKind::Unauthenticated
    {
        verifier.accounts.forget(&ends.account.id).await;
    }
    Ok(result?)
}
