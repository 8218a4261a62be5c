//! Numberline as its users meet it: over HTTP, against a stack that runs.
//!
//! What is read here is written down here once more, apart from the functions' own types: a field that changes its
//! name there is a failure here.

mod answer;
mod client;
mod people;
mod poll;
mod simulator;
mod stack;
pub mod views;
mod wire;

pub use answer::Answer;
pub use client::{Ask, Client, fresh_key};
pub use poll::until;
pub use simulator::Simulator;
pub use stack::Stack;
