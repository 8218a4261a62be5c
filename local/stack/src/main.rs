//! The edge proxy of the local stack as a program. `cargo xtask run` starts it.
#![expect(clippy::print_stdout, reason = "a tool says where it listens")]

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use numberline_stack::edge::{Settings, serve};
use tokio::net::TcpListener;

/// One origin for the API, the webhooks and the web app of a local stack.
#[derive(Debug, Parser)]
struct Arguments {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:4600")]
    listen: SocketAddr,
    /// Address of MiniStack, as host:port
    #[arg(long)]
    aws: String,
    /// Host by which MiniStack knows the HTTP API
    #[arg(long)]
    api_host: String,
    /// Host by which MiniStack knows the webhooks' function URL
    #[arg(long)]
    webhook_host: String,
    /// Where the carrier simulator listens
    #[arg(long)]
    simulator: String,
    /// Folder of the built web app
    #[arg(long, default_value = "web/dist")]
    web: PathBuf,
    /// File that gets one line for every answer
    #[arg(long)]
    transcript: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    println!("http://{}", listener.local_addr()?);
    let settings = Settings {
        aws: arguments.aws,
        api_host: arguments.api_host,
        webhook_host: arguments.webhook_host,
        simulator: arguments.simulator,
        web: arguments.web,
        transcript: arguments.transcript,
    };
    serve(listener, settings).await
}
