//! The local stack: `template.yaml` on this machine, without an AWS account.
//!
//! `cargo xtask run` starts it and writes a [`Description`] of it to `.local/stack.json`; the demo, the tests and the
//! other chores read that. Its one origin is served by the `edge` proxy. The scripts beside this crate complete what
//! MiniStack lacks.

mod description;
#[cfg(feature = "edge")]
pub mod edge;
mod secret;

pub use description::{
    Aws, CarrierAccount, Description, Identity, Process, RefusedTokens, Seller, User,
};
pub use secret::Secret;
