//! `cargo xtask test`: everything that must hold before a change is merged, part by part.

mod end_to_end;
mod lambda;
mod parts;
mod secrets;

use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::tool::progress::seconds;
use parts::PARTS;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these parts, in their usual order
    #[arg(value_name = "PART")]
    only: Vec<String>,
}

/// Runs the verb: all parts in order, until one fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    if let Some(unknown) = options.only.iter().find(|name| !is_known(name)) {
        let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        bail!(
            "no part is called {unknown}; there are {}",
            names.join(", ")
        );
    }
    let began = Instant::now();
    let mut report = Vec::new();
    for part in PARTS.iter().filter(|part| is_wanted(part.name, options)) {
        println!("\n== {} ==", part.name);
        let started = Instant::now();
        (part.check)().with_context(|| format!("part {} failed", part.name))?;
        report.push(format!(
            "{:<14} {:>9}",
            part.name,
            seconds(started.elapsed())
        ));
        println!("== {} ok, {} ==", part.name, seconds(started.elapsed()));
    }
    println!(
        "\n{}\n{:<14} {:>9}",
        report.join("\n"),
        "all",
        seconds(began.elapsed())
    );
    Ok(())
}

fn is_known(name: &str) -> bool {
    PARTS.iter().any(|part| part.name == name)
}

fn is_wanted(name: &str, options: &Options) -> bool {
    options.only.is_empty() || options.only.iter().any(|wanted| wanted == name)
}
