//! The local carrier's figures, all of them made up.

use std::time::Duration;

use crate::{
    carrier::{Account, Credentials},
    domain::{AccountId, CarrierId, MicroDollars},
};

/// The local carrier's name in webhook paths and keys.
pub const ID: CarrierId = CarrierId::new("local");

/// The name of the platform's account, and what opens it. That is no secret: whoever can
/// call this adapter can write the table that it keeps everything in.
const PLATFORM: &str = "platform";

/// What was sold is listed at once: every read is a consistent one.
pub(super) const SETTLE: Duration = Duration::ZERO;

/// The longest one operation may take: a read of at most 8 seconds with its repeats, and
/// a write of at most 3 (`edge/aws.rs`), rounded up.
pub(super) const CALL_TIMEOUT: Duration = Duration::from_secs(12);

/// How the local carrier behaves. The default is what a function gets; tests play other
/// carriers' ways with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Whether a number is bought in the subproject itself, or in the platform's account
    /// and moved.
    pub purchase_in_subproject: bool,
    /// How long after its sale a number is not taken back: not at all by default.
    pub release_hold: Duration,
    /// What a number is said to cost a month, $1.00 by default: budgets count with it,
    /// and nobody pays it.
    pub number_price: MicroDollars,
    /// Rows of one page of a list, whosever they are.
    pub page_size: u8,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            purchase_in_subproject: true,
            release_hold: Duration::ZERO,
            number_price: MicroDollars::from_dollars(1),
            page_size: 100,
        }
    }
}

/// The platform's own account, which needs no configuration.
#[must_use]
pub fn platform() -> Account {
    Account {
        id: AccountId::new(PLATFORM),
        credentials: Credentials::new(PLATFORM),
    }
}
