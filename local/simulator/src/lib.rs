//! A carrier to buy phone numbers from, without the bill.
//!
//! The simulator speaks the carriers' own HTTP, strictly: what a carrier
//! refuses, it refuses, in that carrier's words. It keeps a ledger of
//! everything that would have cost money, sells each number once, holds fresh
//! numbers as the carrier does, signs its webhooks, and fails on request. Tests
//! call [`Simulator::handle`] in their own process; `numberline-simulator`
//! serves the same over a socket.
//!
//! It is deliberately independent of the adapters it is used to test: both
//! read the carrier's documentation, neither reads the other.
//!
//! Two kinds of rooms. The shared ones know no carrier: [`Clock`], ledger,
//! faults, stock, delivery, the `/__sim/` controls. A carrier's room
//! (`signalwire/`) knows its wire format and nothing of another's.

mod carrier;
mod clock;
mod control;
mod delivery;
mod faults;
mod inbound;
mod inventory;
mod ledger;
mod outbox;
mod random;
mod registration;
mod rewiring;
mod secret;
mod server;
mod settings;
mod signalwire;
mod simulator;
mod stock;
mod world;

pub use carrier::{Carrier, Operation};
pub use clock::Clock;
pub use delivery::{Collecting, Delivery, DirectHttp, Undelivered};
pub use faults::{Fault, Mode, Target, UnknownMode};
pub use inbound::{Delivered, Inbound, InboundError, InboundKind, Receipt, Signing};
pub use inventory::{HeldAccount, HeldNumber, Inventory};
pub use ledger::{Entry, Kind, Ledger};
pub use registration::Registration;
pub use rewiring::{NobodysNumber, Rewiring, Wire};
pub use secret::Secret;
pub use server::serve;
pub use settings::{PurchaseRefusal, Rules, Settings};
pub use simulator::{Dropped, Simulator};
pub use stock::{AvailableNumber, Restock, StockError};
