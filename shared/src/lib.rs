//! Phone numbers for every workspace of a SaaS product.
//!
//! Imports run one way: [`edge`] composes, [`app`] decides what happens when,
//! [`store`] and [`carrier`] keep and talk, [`domain`] knows the rules.

pub mod app;
pub mod bus;
pub mod carrier;
pub mod chance;
pub mod clock;
pub mod domain;
pub mod edge;
pub mod queue;
pub mod store;
