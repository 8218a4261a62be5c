//! A shared number and a customer: the pair belongs to the workspace that wrote
//! first, until thirty days after its last message. So a reply has one reader (P8).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    actor::Actor,
    carrier::{AccountId, CarrierId, CarrierNumberId},
    consent::Consent,
    digest::digest,
    e164::E164,
    id::{WebhookToken, WorkspaceId},
    time::Timestamp,
};

/// How long after its last message a pair still belongs to its workspace (ADR 0015).
pub const LENT_FOR: Duration = Duration::from_hours(30 * 24);

/// The most shared numbers there may be: the pairs and consents of a customer with
/// all of them are read in one batch, which takes a hundred items.
pub const SHARED_MAX: u8 = 50;

/// A number of the platform's own, lent to workspaces that have none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedNumber {
    /// The number.
    pub e164: E164,
    /// Whether workspaces may write from it.
    pub status: SharedStatus,
    /// The carrier it is at.
    pub carrier: CarrierId,
    /// The platform's account there, which owns it.
    pub account: AccountId,
    /// Its name there.
    pub carrier_number: CarrierNumberId,
    /// What the addresses of that account's webhooks carry.
    pub token: WebhookToken,
    /// When it was first adopted.
    pub since: Timestamp,
    /// Who changed it last.
    pub changed_by: Actor,
}

/// Where a shared number stands: `preparing → lending ⇄ withdrawn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SharedStatus {
    /// Claimed; its webhooks are not known to lead here yet.
    Preparing,
    /// Workspaces write from it.
    Lending,
    /// Nobody writes from it any more; replies still find whom they are for.
    Withdrawn,
}

/// Whom a shared number's messages with one customer belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The shared number.
    pub ours: E164,
    /// The customer: an E.164, or a short code.
    pub theirs: String,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Until when, if no message follows.
    pub until: Timestamp,
}

impl Pair {
    /// The pair as a message at `at` makes it.
    #[must_use]
    pub fn at(workspace: &WorkspaceId, ours: &E164, theirs: &str, at: Timestamp) -> Self {
        Self {
            ours: ours.clone(),
            theirs: theirs.to_owned(),
            workspace: workspace.clone(),
            until: at.plus(LENT_FOR),
        }
    }

    /// Whether it still belongs to its workspace.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// A shared number, and how it stands with one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The number.
    pub number: SharedNumber,
    /// Whom its messages with the customer belong to, if to anybody.
    pub pair: Option<Pair>,
    /// What the customer said about messages from it, if anything.
    pub consent: Option<Consent>,
}

impl Standing {
    fn refused(&self) -> bool {
        self.consent
            .as_ref()
            .is_some_and(|consent| consent.opted_out)
    }

    fn refused_to(&self, workspace: &WorkspaceId) -> bool {
        let told = self.consent.as_ref().filter(|consent| consent.opted_out);
        told.is_some_and(|consent| consent.workspace.as_ref() == Some(workspace))
    }

    /// Whether workspaces write from it; with `from`, whether it is that number, too.
    #[must_use]
    pub fn is_lent(&self, from: Option<&E164>) -> bool {
        let wanted = from.is_none_or(|from| self.number.e164 == *from);
        wanted && self.number.status == SharedStatus::Lending
    }

    fn holder(&self, now: Timestamp) -> Option<&WorkspaceId> {
        let pair = self.pair.as_ref().filter(|pair| pair.holds(now));
        pair.map(|pair| &pair.workspace)
    }
}

/// Why no shared number can be written from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoneToLend {
    /// The customer wants no messages.
    OptedOut,
    /// Every number writes to this customer for somebody else already.
    AllTaken,
    /// There is no shared number.
    NoneThere,
}

/// The numbers that `workspace` may write to a customer from, the best first: the one
/// it wrote from before, or else those that are free. Every workspace prefers its own,
/// so that its customers mostly see one number. With `from`, that number or none.
///
/// A customer who said STOP to this workspace is not written to from another number. So
/// `standings` are of all shared numbers, also of those that are lent no more.
pub fn choose(
    workspace: &WorkspaceId,
    standings: Vec<Standing>,
    from: Option<&E164>,
    now: Timestamp,
) -> Result<Vec<SharedNumber>, NoneToLend> {
    let ours = |known: &Standing| known.holder(now) == Some(workspace);
    let stopped = |known: &Standing| known.refused_to(workspace) || ours(known) && known.refused();
    if standings.iter().any(stopped) {
        return Err(NoneToLend::OptedOut);
    }
    let lent: Vec<Standing> = standings
        .into_iter()
        .filter(|known| known.is_lent(from))
        .collect();
    if lent.is_empty() {
        return Err(NoneToLend::NoneThere);
    }
    if let Some(ours) = lent.iter().find(|known| ours(known)) {
        return Ok(vec![ours.number.clone()]);
    }
    let (refused, open): (Vec<_>, Vec<_>) = lent.into_iter().partition(Standing::refused);
    if open.is_empty() && !refused.is_empty() {
        return Err(NoneToLend::OptedOut);
    }
    let free = open.into_iter().filter(|known| known.holder(now).is_none());
    let mut numbers: Vec<SharedNumber> = free.map(|known| known.number).collect();
    numbers.sort_by_key(|number| digest(&["lend", workspace.as_str(), number.e164.as_str()]));
    if numbers.is_empty() {
        return Err(NoneToLend::AllTaken);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests;
