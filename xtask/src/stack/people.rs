//! Who may call the API of a deployed stack.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use numberline_stack::Identity;
use serde::Deserialize;

use super::deploy::STACK_NAME;
use super::place::Place;
use super::scripts::Scripts;

/// The deployed stack's outputs, and the people that were made in its user pool.
#[derive(Debug, Deserialize)]
pub(crate) struct People {
    /// Outputs of the CloudFormation stack.
    pub(crate) outputs: BTreeMap<String, String>,
    /// People, clients and their tokens.
    pub(crate) identity: Identity,
}

/// Makes the people unless they exist, and signs them in.
pub(crate) fn sign_in(scripts: &Scripts<'_>, place: &Place) -> Result<People> {
    let state = place.state();
    let text = scripts
        .run("identity.py", &[STACK_NAME, &state.to_string_lossy()])
        .context("cannot make the people of the stack")?;
    serde_json::from_str(&text).context("cannot read what identity.py printed")
}
