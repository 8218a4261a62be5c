//! Numbers that are, were, or are about to be owned.

use serde::{Deserialize, Serialize};

use super::{
    actor::Actor,
    carrier::{AccountId, CarrierId, CarrierNumberId},
    e164::E164,
    id::{NumberId, OrderId, WorkspaceId},
    money::MicroDollars,
    routing::Routing,
    time::Timestamp,
};

/// Longest label, in characters: it must fit a line on a small screen.
pub const LABEL_MAX: usize = 64;

/// A number of a workspace. The row outlives the number: a released one stays as its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// Its identifier.
    pub id: NumberId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The number itself.
    pub e164: E164,
    /// Where it stands.
    pub status: NumberStatus,
    /// How it came here.
    pub origin: Origin,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What happens to calls.
    pub routing: Routing,
    /// What it can carry.
    pub capabilities: Capabilities,
    /// What the carrier charges for it a month.
    pub monthly_price: MicroDollars,
    /// The carrier it is at.
    pub carrier: CarrierId,
    /// The account that owns it there.
    pub account: AccountId,
    /// Its name there.
    pub carrier_number: CarrierNumberId,
    /// The order that brought it.
    pub order: OrderId,
    /// The order that gives it back, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_order: Option<OrderId>,
    /// When the carrier sold it.
    pub purchased_at: Timestamp,
    /// When it first worked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<Timestamp>,
    /// When the workspace no longer had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// Who changed it last.
    pub changed_by: Actor,
}

impl Number {
    /// Whether messages and calls may go through it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == NumberStatus::Active
    }
}

/// The number a workspace sends from when none is named: of the active ones, the one
/// that was ordered first.
#[must_use]
pub fn primary(numbers: &[Number]) -> Option<&Number> {
    numbers
        .iter()
        .filter(|number| number.is_active())
        .min_by_key(|number| &number.id)
}

/// Where a number stands: `pending → provisioning → active ⇄ suspended → releasing → released`,
/// and `failed`. In a workspace that is suspended a number goes from `provisioning` to `suspended`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberStatus {
    /// Wanted, not bought.
    Pending,
    /// Bought, not yet wired.
    Provisioning,
    /// Works.
    Active,
    /// Kept, but switched off.
    Suspended,
    /// On its way back to the carrier.
    Releasing,
    /// No longer the workspace's.
    Released,
    /// Never worked, and is not coming.
    Failed,
}

impl NumberStatus {
    /// Whether a number may go from this status to `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use NumberStatus::{Active, Failed, Pending, Provisioning, Released, Releasing, Suspended};
        matches!(
            (self, next),
            (Pending, Provisioning | Failed)
                | (Provisioning, Active | Suspended | Failed | Releasing)
                | (Active, Suspended | Releasing)
                | (Suspended, Active | Releasing)
                | (Releasing, Released)
        )
    }
}

/// How a number came to be here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Bought by an order.
    Purchased,
    /// Already owned by the platform when Numberline arrived.
    Imported,
    /// The tenant's own, at the tenant's own carrier account.
    Connected,
}

/// What a number can carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Calls.
    pub voice: bool,
    /// Text messages.
    pub sms: bool,
    /// Picture messages.
    pub mms: bool,
}

#[cfg(test)]
mod tests {
    use super::NumberStatus::{
        self, Active, Failed, Pending, Provisioning, Released, Releasing, Suspended,
    };

    const ALL: [NumberStatus; 7] = [
        Pending,
        Provisioning,
        Active,
        Suspended,
        Releasing,
        Released,
        Failed,
    ];

    #[test]
    fn nothing_leaves_an_end() {
        for end in [Released, Failed] {
            assert!(ALL.iter().all(|next| !end.may_become(*next)), "{end:?}");
        }
    }

    #[test]
    fn only_a_number_that_works_or_is_about_to_can_be_suspended_and_return() {
        let sources: Vec<_> = ALL
            .iter()
            .filter(|from| from.may_become(Suspended))
            .collect();
        assert_eq!(sources, [&Provisioning, &Active]);
        assert!(Suspended.may_become(Active));
    }
}
