//! Who is in a scenario, and what they asked for.

use numberline::domain::{Number, OrderId, order::Wish};

use crate::lab::Tenant;

/// Who is in a scenario, and what they asked for.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The workspace the scenario is about.
    pub tenant: Tenant,
    /// Somebody else, who must see nothing of it (P8).
    pub stranger: Tenant,
    /// The number they had before.
    pub number: Option<Number>,
    /// The order the scenario places.
    pub order: Option<OrderId>,
    /// The request that placed the order, with its idempotency key.
    pub keyed: Option<Keyed>,
    /// Whether the tenant's workspace is to be deleted.
    pub deleted: bool,
    /// The text that was sent or received, by its body.
    pub text: Option<String>,
}

/// A request with an idempotency key, as it can be made again.
#[derive(Clone, Debug)]
pub enum Keyed {
    /// Signing up with any number.
    SignUp {
        /// Who.
        subject: &'static str,
        /// Under which key.
        key: &'static str,
    },
    /// Ordering a number.
    Provision {
        /// Which.
        wish: Wish,
        /// Under which key.
        key: &'static str,
    },
}

impl Cast {
    /// A tenant and a stranger, before anything happened.
    #[must_use]
    pub const fn new(tenant: Tenant, stranger: Tenant) -> Self {
        Self {
            tenant,
            stranger,
            number: None,
            order: None,
            keyed: None,
            deleted: false,
            text: None,
        }
    }
}
