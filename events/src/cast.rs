//! Who and what occurs in the events. Identifiers are fixed, so that a file can
//! name them: `ws_…01` is the dentist, `ord_…03` the order that is being worked on.

use anyhow::Result;
use numberline::domain::{
    AccountId, CarrierId, E164, MemberId, MessageId, NumberId, OrderId, WebhookToken, WorkspaceId,
    member_id,
};

/// Somebody with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The token's `sub`.
    pub subject: &'static str,
    /// The token's scopes.
    pub scope: &'static str,
}

/// The issuer of everybody's tokens.
pub const ISSUER: &str = "https://issuer.example";

/// Admin of Harbor Dental.
pub const ADA: Person = person("ada");
/// Member of Harbor Dental.
pub const BEN: Person = person("ben");
/// Admin of Corner Bakery.
pub const EVE: Person = person("eve");
/// Admin of Pocket Florist.
pub const FAY: Person = person("fay");
/// Member of Harbor Dental and of Corner Bakery.
pub const MIA: Person = person("mia");
/// In no workspace.
pub const NIA: Person = person("nia");
/// Admin of Tiny Studio.
pub const TOM: Person = person("tom");
/// The SaaS product's own backend.
pub const BACKEND: Person = Person {
    subject: "backend",
    scope: "numberline/admin",
};

const fn person(subject: &'static str) -> Person {
    Person {
        subject,
        scope: "openid",
    }
}

impl Person {
    /// Who they are as a member.
    #[must_use]
    pub fn member(self) -> MemberId {
        member_id(ISSUER, self.subject)
    }
}

/// Harbor Dental, on the enterprise plan: everything happens here.
#[must_use]
pub fn harbor() -> WorkspaceId {
    WorkspaceId::derived(1)
}

/// Corner Bakery, on the pro plan: somebody else.
#[must_use]
pub fn bakery() -> WorkspaceId {
    WorkspaceId::derived(2)
}

/// Tiny Studio, on the pro plan: its first number is on order.
#[must_use]
pub fn studio() -> WorkspaceId {
    WorkspaceId::derived(3)
}

/// Pocket Florist, on the starter plan: it writes from a shared number, where one is lent.
#[must_use]
pub fn florist() -> WorkspaceId {
    WorkspaceId::derived(4)
}

/// A number that the platform's own account owns, and nobody has here.
pub const SHARED: &str = "+15125550190";

/// The order called `ord_…n`.
#[must_use]
pub fn order(n: u128) -> OrderId {
    OrderId::derived(n)
}

/// The number called `num_…n`.
#[must_use]
pub fn number(n: u128) -> NumberId {
    NumberId::derived(n)
}

/// The message called `msg_…n`.
#[must_use]
pub fn message(n: u128) -> MessageId {
    MessageId::derived(n)
}

/// `+1737555010n`: the E.164 of the number called `num_…n`.
pub fn e164(n: u128) -> Result<E164> {
    Ok(format!("+1737555010{n}").parse()?)
}

/// A customer of Harbor Dental.
pub const CUSTOMER: &str = "+12125550199";

/// The carrier.
#[must_use]
pub fn carrier() -> CarrierId {
    numberline::carrier::signalwire::ID
}

/// Harbor Dental's account at the carrier.
#[must_use]
pub fn account() -> AccountId {
    AccountId::new("5d5c9c1e-0000-4000-8000-000000000001")
}

/// What the addresses of that account's webhooks carry.
#[must_use]
pub fn webhook_token() -> WebhookToken {
    WebhookToken::derived(1)
}

/// What that account asks the carrier with. It opens nothing.
pub const API_TOKEN: &str = "PT_harbor_dental_made_up_0001";

/// What that account's webhooks are signed with: the signatures in
/// `webhook-inbound/` are made with it. It opens nothing.
pub const SIGNING_KEY: &str = "PSK_harbor_dental_made_up_0001";
