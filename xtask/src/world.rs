//! `cargo xtask world`: the world of the events, for functions that are run alone.

use std::fs;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::stack::place::Place;
use crate::tool::{alone, command};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 4620)]
    port: u16,
}

/// Runs the verb.
pub(crate) fn run(options: &Options) -> Result<()> {
    let place = Place::usual();
    let program = alone::built(&place)?;
    fs::create_dir_all(place.root().join(".local"))?;
    let mut world = Command::new(program);
    world
        .current_dir(place.root())
        .args(["world", "--listen", &format!("127.0.0.1:{}", options.port)])
        .args(["--environment", ".local/world.env"]);
    command::show(&mut world)
}
