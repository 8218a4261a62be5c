//! What a running local stack is: where it listens, who may call it, which processes it is made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::Secret;

/// A running local stack, as `.local/stack.json` holds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Description {
    /// The one origin of the API, the webhooks and the web app, such as `http://127.0.0.1:4600`.
    pub origin: String,
    /// Where the carrier simulator listens. Its control surface is under `/__sim/`.
    pub simulator: String,
    /// Who sells numbers to it.
    pub seller: Seller,
    /// How to reach the emulated AWS.
    pub aws: Aws,
    /// The CloudFormation stack's name.
    pub stack_name: String,
    /// The outputs of the CloudFormation stack, by the name they have in `template.yaml`.
    pub outputs: BTreeMap<String, String>,
    /// The platform's own account at the simulated carrier.
    pub carrier: CarrierAccount,
    /// Who may call the API.
    pub identity: Identity,
    /// The processes of the stack, in the order they were started.
    pub processes: Vec<Process>,
    /// Folder with one log per process.
    pub logs: PathBuf,
    /// One line of JSON for every answer that left the edge proxy.
    pub transcript: PathBuf,
}

/// Who sells numbers to a stack on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seller {
    /// The carrier simulator, as SignalWire.
    Simulator,
    /// The local carrier, which is part of the product.
    Local,
}

/// Endpoint and credentials of the emulated AWS.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Aws {
    /// Endpoint of every service, for `AWS_ENDPOINT_URL`.
    pub endpoint: String,
    /// Region everything is deployed to.
    pub region: String,
    /// Access key of the account's root.
    pub access_key_id: String,
    /// Secret of that access key.
    pub secret_access_key: Secret,
}

/// The platform's own account at the simulated carrier.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CarrierAccount {
    /// The project's id.
    pub project_id: String,
    /// API token of the project.
    pub api_token: Secret,
    /// Key that signs the project's own webhooks.
    pub signing_key: Secret,
}

/// Issuer, clients and people of the deployed Cognito pool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// The `iss` of every token.
    pub issuer: String,
    /// The user pool's id.
    pub user_pool_id: String,
    /// Client that people sign in with.
    pub people_client_id: String,
    /// Client of the application's own backend.
    pub machine_client_id: String,
    /// Secret of that client.
    pub machine_client_secret: Secret,
    /// Access token of that client, with the scope `numberline/admin`; valid for an hour.
    pub machine_token: Secret,
    /// People with a password, by a short name. `ada` and `ben` tell the demo's story; the rest are there to be many.
    pub users: BTreeMap<String, User>,
    /// Tokens that must be refused.
    pub refused_tokens: RefusedTokens,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// The token's `sub`.
    pub sub: String,
    /// Name to sign in with.
    pub email: String,
    /// Password to sign in with.
    pub password: Secret,
    /// Access token (audience in `client_id`); valid for an hour.
    pub access_token: Secret,
    /// ID token (audience in `aud`); valid for an hour.
    pub id_token: Secret,
}

/// Tokens that are right in all but one respect, signed with the pool's own key except for the last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefusedTokens {
    /// Its `exp` has passed.
    pub expired: Secret,
    /// Its `iss` is another pool.
    pub wrong_issuer: Secret,
    /// Its `client_id` is none of the pool's clients.
    pub wrong_audience: Secret,
    /// Its signature was made with another key.
    pub wrong_signature: Secret,
}

/// One process of the stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Process {
    /// What it is, as its log is named.
    pub name: String,
    /// Its process id, which is also its process group's.
    pub pid: u32,
    /// The program as it was started: a process with this id and another program is not ours.
    pub program: String,
}

impl Description {
    /// Reads the description of a stack that `cargo xtask run` has started.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!(
                "no local stack is described in {}; start one with `cargo xtask run --detach`",
                path.display()
            )
        })?;
        serde_json::from_str(&text).with_context(|| {
            format!(
                "{} was written by another version; run `cargo xtask stop`, then `cargo xtask run`",
                path.display()
            )
        })
    }

    /// Writes the description, complete or not at all.
    pub fn save(&self, path: &Path) -> Result<()> {
        let unfinished = path.with_extension("json.new");
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        fs::write(&unfinished, text)
            .and_then(|()| fs::rename(&unfinished, path))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}
