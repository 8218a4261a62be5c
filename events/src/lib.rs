//! The events of this folder, and the world in which they make sense.
//!
//! The same files are read by the functions' tests (`include_str!`) and sent by
//! `cargo lambda invoke`. They tell of a small [`cast`] with fixed identifiers.
//! [`World`] puts that cast into the tables of a laboratory, [`HttpEvent`] makes a
//! request of a file, and [`Answer`] shows what a function said to it, after it has
//! held it against `openapi.yaml` ([`Contract`]).

mod answer;
pub mod cast;
mod contract;
mod http_event;
mod invocation;
pub mod samples;
mod secrecy;
mod shown;
mod stage;
mod world;

pub use answer::Answer;
pub use contract::{Contract, Operation};
pub use http_event::HttpEvent;
pub use invocation::invocation;
pub use numberline_simulator::{Mode, Operation as AtTheCarrier};
pub use shown::shown;
pub use stage::{Handle, Stage};
pub use world::World;
