//! The deployed stack, tested: real functions, real queues, real signatures, policies enforced.
//!
//! Every test has workspaces and area codes of its own, so that they run side by side; what disturbs the carrier for
//! everybody runs alone (see [`scene::Scene`]).

mod bad_input;
mod contract;
mod doors;
mod lost_purchases;
mod minds;
mod proof;
mod roles;
mod rush;
mod scarcity;
mod scene;
mod sharing;
mod webhooks;
