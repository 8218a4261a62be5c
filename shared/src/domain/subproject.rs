//! The account at a carrier that isolates one workspace.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    carrier::{AccountId, CarrierId},
    id::{AttemptId, WebhookToken, WorkspaceId},
    time::Timestamp,
};

/// A workspace's subproject and how far its creation got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subproject {
    /// Whom it isolates.
    pub workspace: WorkspaceId,
    /// Where.
    pub carrier: CarrierId,
    /// Creation, or the account.
    pub state: SubprojectState,
}

/// How far a subproject's creation got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum SubprojectState {
    /// Somebody is creating it, or was when they died.
    Creating {
        /// Who: only this attempt may write the outcome.
        attempt: AttemptId,
        /// When it began.
        since: Timestamp,
        /// Until when nobody else tries.
        lease_until: Timestamp,
    },
    /// It exists and its secrets are in the Vault.
    Open {
        /// The account.
        account: AccountId,
        /// What the webhook addresses of its numbers carry.
        token: WebhookToken,
    },
}

/// What to do about a workspace's subproject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubprojectMove {
    /// Nothing: it is there.
    Use(AccountId, WebhookToken),
    /// Take the creation over, or begin it.
    Create {
        /// Whether to look for one that an earlier attempt left behind first.
        look_first: bool,
    },
    /// Somebody else is at it, or the carrier's list is not to be trusted yet.
    Wait(Timestamp),
}

impl Subproject {
    /// The name a workspace's subproject has at every carrier: it is found again by it.
    #[must_use]
    pub fn name_of(workspace: &WorkspaceId) -> String {
        format!("numberline-{workspace}")
    }
}

/// Decides what to do, given the record if there is one.
///
/// `settle` is how long the carrier may take to list what it created.
#[must_use]
pub fn next_move(known: Option<&Subproject>, now: Timestamp, settle: Duration) -> SubprojectMove {
    match known.map(|subproject| &subproject.state) {
        None => SubprojectMove::Create { look_first: false },
        Some(SubprojectState::Open { account, token }) => {
            SubprojectMove::Use(account.clone(), token.clone())
        }
        Some(SubprojectState::Creating { lease_until, .. }) => {
            let settled = lease_until.plus(settle);
            if now < settled {
                SubprojectMove::Wait(settled)
            } else {
                SubprojectMove::Create { look_first: true }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{
        AttemptId, CarrierId, Subproject, SubprojectMove, SubprojectState, Timestamp, WorkspaceId,
        next_move,
    };

    const SETTLE: Duration = Duration::from_secs(30);

    fn creating(lease_until: Timestamp) -> Subproject {
        Subproject {
            workspace: WorkspaceId::derived(1),
            carrier: CarrierId::new("local"),
            state: SubprojectState::Creating {
                attempt: AttemptId::derived(2),
                since: Timestamp::from_millis(0),
                lease_until,
            },
        }
    }

    #[test]
    fn nobody_creates_beside_somebody_else() {
        let lease_until = Timestamp::from_millis(60_000);
        let settled = lease_until.plus(SETTLE);
        let known = creating(lease_until);
        let before = settled.minus(Duration::from_millis(1));
        assert_eq!(
            next_move(Some(&known), before, SETTLE),
            SubprojectMove::Wait(settled)
        );
        assert_eq!(
            next_move(Some(&known), settled, SETTLE),
            SubprojectMove::Create { look_first: true }
        );
    }
}
