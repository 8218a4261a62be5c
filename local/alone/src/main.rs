//! One function alone: without a deployed stack around it, in the world that its events are about.
//!
//! `world` serves that world on a socket, `bench` measures what functions take from cold in it, and `invoke` sends
//! every event through cargo-lambda. `cargo xtask world`, `bench` and `test lambda` build what these need.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool talks to the person who runs it"
)]

mod answer;
mod bench;
mod environment;
mod events;
mod http;
mod invoke;
mod template;
mod world;

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};

use world::{Hooks, Stand};

/// One function alone.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the world of the events: the cast in its tables, the queue, the keys and the carrier
    World(Served),
    /// Measure cold starts beside a bare floor
    Bench(bench::Options),
    /// Send every event of every function through cargo-lambda
    Invoke(invoke::Options),
}

#[derive(Debug, Args)]
struct Served {
    /// Where it listens; it should be a loopback address
    #[arg(long, default_value = "127.0.0.1:4620")]
    listen: SocketAddr,
    /// File for the variables that functions need in it
    #[arg(long)]
    environment: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Arguments::parse().verb {
        Verb::World(served) => serve(&served).await,
        Verb::Bench(options) => Box::pin(unless_interrupted(bench::run(&options))).await,
        Verb::Invoke(options) => Box::pin(unless_interrupted(invoke::run(&options))).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Ctrl-C ends what was started, in order: whoever is dropped here stops their processes.
async fn unless_interrupted(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::select! {
        done = work => done,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            bail!("interrupted")
        }
    }
}

async fn serve(served: &Served) -> Result<()> {
    let stand = Stand::open(served.listen, Hooks::AsInEvents).await?;
    let file = &served.environment;
    let variables = environment::of_all(stand.origin())?;
    fs::write(file, environment::file(&variables))
        .with_context(|| format!("cannot write {}", file.display()))?;
    println!(
        "The world of the events is at {origin}, as it is before each of them; start it again to forget what happened.\n\n\
         cargo lambda watch --env-file {file}\n\
         cargo lambda invoke search --data-file events/search/area-code.json\n\
         curl -s http://127.0.0.1:9000/api/me\n\n\
         Ctrl-C ends it.",
        origin = stand.origin(),
        file = file.display(),
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}
