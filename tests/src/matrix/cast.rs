//! Who is in a story, and what they asked for.

use numberline::domain::{Number, OrderId, order::Wish};

use crate::lab::Tenant;

/// Who is in a story, and what they asked for.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The workspace the story is about.
    pub tenant: Tenant,
    /// Somebody else, who must see nothing of it (P8).
    pub stranger: Tenant,
    /// The number they had before.
    pub number: Option<Number>,
    /// The order the story places.
    pub order: Option<OrderId>,
    /// What was ordered under which idempotency key.
    pub keyed: Option<(Wish, String)>,
    /// The text that was sent or received, by its body.
    pub text: Option<String>,
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
            text: None,
        }
    }
}
