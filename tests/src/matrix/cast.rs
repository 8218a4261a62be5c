//! Who is in a scenario, and what they asked for.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use numberline::{
    app::send::Text,
    domain::{MessageId, Number, OrderId, Timestamp, order::Wish},
};

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
    /// The request that was made, as it can be made again.
    pub keyed: Option<Keyed>,
    /// When the scenario begins: what was before is not its own.
    pub began: Timestamp,
    /// Whether somebody was told that the order is canceled.
    canceled: Arc<AtomicBool>,
    /// Whether the tenant's workspace is to be deleted.
    pub deleted: bool,
    /// The text that was sent or received, by its body.
    pub text: Option<String>,
}

/// A request that does the same when it is made again: it has an idempotency key, or
/// names what it is about.
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
    /// Texting a customer.
    Text {
        /// What.
        text: Text,
        /// Under which key.
        key: &'static str,
        /// The message that was answered.
        message: MessageId,
    },
    /// Giving the number back.
    Release,
    /// Deleting the workspace.
    Delete,
}

impl Cast {
    /// A tenant and a stranger, before anything happened.
    #[must_use]
    pub fn new(tenant: Tenant, stranger: Tenant) -> Self {
        Self {
            tenant,
            stranger,
            number: None,
            order: None,
            keyed: None,
            began: Timestamp::default(),
            canceled: Arc::default(),
            deleted: false,
            text: None,
        }
    }

    /// Where it is noted that a cancel was answered, by whoever asks for it.
    #[must_use]
    pub fn note_of_cancel(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.canceled)
    }

    /// Whether somebody was told that the order is canceled.
    #[must_use]
    pub fn was_canceled(&self) -> bool {
        self.canceled.load(Ordering::SeqCst)
    }
}
