//! `invoke`: what the README says about cargo-lambda, done. Every event of every function goes through
//! `cargo lambda invoke` to `cargo lambda watch`, and a caller without a token comes through its router.

mod watch;

use std::fs;
use std::path::{Path, PathBuf};

use ::http::StatusCode;
use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::ProgressBar;
use numberline_events::cast;
use serde_json::Value;

use crate::environment;
use crate::events::Event;
use crate::http::get;
use crate::template::functions;
use crate::world::{Hooks, Stand};
use watch::Watch;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The cargo-lambda program
    #[arg(long)]
    cargo_lambda: PathBuf,
    /// Folder for logs and answers
    #[arg(long)]
    logs: PathBuf,
    /// Only this function; repeat for more
    #[arg(long = "function", value_name = "NAME")]
    only: Vec<String>,
}

/// Runs the verb.
pub(crate) async fn run(options: &Options) -> Result<()> {
    fs::create_dir_all(&options.logs)?;
    let stand = Stand::open(([127, 0, 0, 1], 0).into(), Hooks::AsInEvents).await?;
    let file = options.logs.join("world.env");
    let variables = environment::of_all(stand.origin())?;
    fs::write(&file, environment::file(&variables))?;
    let mut watch = Watch::start(&options.cargo_lambda, &file, &options.logs).await?;
    let mut sent = 0;
    for function in functions(stand.origin())? {
        let is_wanted = options.only.is_empty() || options.only.contains(&function.name);
        if is_wanted {
            sent += send_all(&stand, &mut watch, &function.name).await?;
        }
    }
    println!("{sent} events were sent and answered as they should");
    come_without_a_token(&watch).await?;
    println!(
        "a caller without a token is who {} says",
        environment::DEBUG_CLAIMS
    );
    Ok(())
}

/// Sends a function all its events, each in a fresh world.
async fn send_all(stand: &Stand, watch: &mut Watch, function: &str) -> Result<usize> {
    let events = Event::all_of(function)?;
    let bar = ProgressBar::new_spinner();
    for event in &events {
        bar.set_message(event.path.clone());
        bar.tick();
        stand.renew(event.scene).await?;
        let answer = watch.invoke(function, &event.path).await?;
        let answer: Value = serde_json::from_str(&answer)
            .with_context(|| format!("{} was answered with {answer:?}", event.path))?;
        let checked = event.expected.check(&event.content, &answer);
        let checked = checked.with_context(|| event.path.clone())?;
        bar.suspend(|| println!("{:<52}{checked}", event.path));
    }
    bar.finish_and_clear();
    Ok(events.len())
}

/// Through the router's paths, by the caller whom the environment names.
async fn come_without_a_token(watch: &Watch) -> Result<()> {
    let (status, body) = get(watch.address, "/api/me", &[]).await?;
    ensure!(
        status == StatusCode::OK,
        "/api/me answered {status}: {body:?}"
    );
    let me: Value = serde_json::from_slice(&body)?;
    ensure!(
        me.to_string().contains(cast::harbor().as_str()),
        "this is not Ada: {me}"
    );
    let path = format!("/api/phone-numbers/{}", cast::number(1));
    let workspace = cast::harbor();
    let named = [("x-workspace-id", workspace.as_str())];
    let (status, body) = get(watch.address, &path, &named).await?;
    ensure!(
        status == StatusCode::OK,
        "{path} answered {status}: {body:?}"
    );
    let (status, _) = get(watch.address, "/api/nothing", &[]).await?;
    ensure!(
        status == StatusCode::NOT_FOUND,
        "/api/nothing answered {status}"
    );
    // This program is a debug build, too, and lies beside them.
    knows_the_identity(&std::env::current_exe()?.with_file_name("workspaces"))
}

/// What `bench` finds in no release build is in this one: else it would look for the wrong thing.
fn knows_the_identity(binary: &Path) -> Result<()> {
    let code = fs::read(binary).with_context(|| binary.display().to_string())?;
    let name = environment::DEBUG_CLAIMS.as_bytes();
    let known = code.windows(name.len()).any(|part| part == name);
    ensure!(
        known,
        "{} does not know {}",
        binary.display(),
        environment::DEBUG_CLAIMS
    );
    Ok(())
}
