//! SignalWire: one Space with a root project and its subprojects.
//!
//! Two APIs act on the same things: the native one (JSON, `/api/relay/rest`,
//! `/api/projects`, `/api/messaging`) and the Compatibility API (forms,
//! `/api/laml/2010-04-01`). Endpoints translate; what happens is written once,
//! below them.
//!
//! Where the carrier's documents are silent, the reading is either a rule
//! ([`crate::Rules`]) or noted where it is made.

mod accounts;
mod auth;
mod call;
mod callbacks;
mod errors;
mod fields;
mod inbound;
mod messages;
mod numbers;
mod numbers_laml;
mod numbers_native;
mod paging;
mod params;
mod projects;
mod projects_native;
mod purchase;
mod refusal;
mod rewiring;
mod route;
mod search;
mod search_laml;
mod sending;
mod signing;
mod sip;
mod state;
mod tokens;
mod webhook;

pub(crate) use call::Call;
pub(crate) use callbacks::callback;
pub(crate) use inbound::inbound;
pub(crate) use rewiring::rewire;
pub(crate) use sip::registers;
pub(crate) use state::State;

use jiff::Timestamp;

/// A date as the native API writes it.
fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A date as the Compatibility API writes it.
fn rfc2822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// The path of a thing in the Compatibility API.
fn laml_uri(account: &str, list: &str, id: &str) -> String {
    format!("/api/laml/2010-04-01/Accounts/{account}/{list}/{id}")
}
