//! `cargo xtask token`: a token to call the API with.

use anyhow::{Context, Result};
use clap::Args;

use crate::stack;
use crate::stack::place::Place;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Whose: ada, ben, cleo, dora, emil, fred, guest01 to guest60, or machine for the SaaS's own backend
    #[arg(default_value = "ada")]
    name: String,
}

/// Runs the verb.
pub(crate) fn run(options: &Options) -> Result<()> {
    let place = Place::usual();
    let running = stack::must_run(&place)?;
    let identity = stack::with_fresh_tokens(&place, &running)?.identity;
    let token = if options.name == "machine" {
        &identity.machine_token
    } else {
        let user = identity.users.get(&options.name);
        &user
            .with_context(|| format!("nobody is called {}", options.name))?
            .access_token
    };
    println!("{}", token.expose());
    Ok(())
}
