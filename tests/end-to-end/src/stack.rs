//! The stack that runs.

use std::{env, path::Path};

use anyhow::{Context, Result};
use numberline_stack::{Description, Secret, User};

use crate::{Client, Simulator, wire::Http};

/// Names the file that describes the stack; `cargo xtask` sets it.
const VARIABLE: &str = "NUMBERLINE_STACK";

/// A running stack.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Where everything is and who may call.
    pub description: Description,
    pub(crate) http: Http,
}

impl Stack {
    /// The stack that the environment names.
    pub fn from_environment() -> Result<Self> {
        let path = env::var_os(VARIABLE).with_context(|| {
            format!("{VARIABLE} names no stack; run this through `cargo xtask demo` or `cargo xtask test end-to-end`")
        })?;
        Ok(Self {
            description: Description::load(Path::new(&path))?,
            http: Http::new(),
        })
    }

    /// Nobody: a caller without a token.
    #[must_use]
    pub fn nobody(&self) -> Client {
        Client::new(self, None)
    }

    /// Whoever has this token.
    #[must_use]
    pub fn bearer(&self, token: &Secret) -> Client {
        Client::new(self, Some(token))
    }

    /// The SaaS product's own backend.
    #[must_use]
    pub fn backend(&self) -> Client {
        self.bearer(&self.description.identity.machine_token)
    }

    /// A person, by the short name.
    pub fn person(&self, name: &str) -> Result<Client> {
        Ok(self.bearer(&self.user(name)?.access_token))
    }

    /// Who a person is, by the short name.
    pub fn user(&self, name: &str) -> Result<&User> {
        let users = &self.description.identity.users;
        users
            .get(name)
            .with_context(|| format!("the stack knows nobody called {name}"))
    }

    /// The carrier.
    #[must_use]
    pub fn simulator(&self) -> Simulator {
        Simulator::new(self)
    }
}
