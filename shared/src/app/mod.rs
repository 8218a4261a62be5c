//! What Numberline does, one use case a file. Each is told who asks, and is handed
//! the stores, carriers, clock and chance it needs; none knows of HTTP or Lambda.

mod access;
mod accounts;
pub mod advance;
pub mod audit;
pub mod bookkeep;
pub mod calls;
mod carriers;
pub mod conversations;
mod error;
pub mod inbound;
pub mod limits;
pub mod numbers;
pub mod orders;
mod pacer;
pub mod probe;
pub mod provision;
pub mod publish;
pub mod release;
pub mod search;
pub mod send;
pub mod shared_numbers;
mod side_by_side;
pub mod sweep;
pub mod verify;
pub mod workspaces;

use std::sync::Arc;

pub use access::{Access, Caller, Door};
pub use accounts::Accounts;
pub use carriers::{AccountSource, Carriers, Holds, Platform};
pub use error::{Error, FieldError, Result};
pub use probe::Prober;

use crate::{chance::Chance, clock::Clock, store::Core};

/// What nearly every use case needs.
#[derive(Clone, Debug)]
pub struct Base {
    /// The Core table.
    pub core: Core,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}
