//! Who did something: kept on every item, so that the audit trail needs no second write.

use serde::{Deserialize, Serialize};

/// Whoever changed an item, from where, and with which request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What kind of party acted.
    pub kind: ActorKind,
    /// The token's subject, or the name of the part of the system.
    pub subject: String,
    /// The caller's address; absent for the system itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The request this happened in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Kinds of parties that change things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A person with a token.
    Member,
    /// The SaaS product's own backend.
    Service,
    /// A carrier's webhook.
    Carrier,
    /// Numberline itself: a worker, a schedule.
    System,
}

impl Actor {
    /// A part of Numberline, for example `order-worker`.
    #[must_use]
    pub fn system(part: &str) -> Self {
        Self {
            kind: ActorKind::System,
            subject: part.to_owned(),
            address: None,
            request_id: None,
        }
    }
}
