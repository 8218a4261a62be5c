//! The edge proxy, which gives the API, the webhooks and the web app one origin.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};

use super::functions::Built;
use super::health;
use super::place::Place;
use super::ports::Ports;
use super::process::{self, Started};

/// File with one line for every answer that left the origin, in the folder of logs.
pub(crate) const TRANSCRIPT: &str = "answers.jsonl";

/// Starts the edge proxy in front of a deployed stack and waits until it answers.
pub(crate) fn start(
    built: &Built,
    place: &Place,
    ports: Ports,
    outputs: &BTreeMap<String, String>,
) -> Result<Started> {
    let mut command = Command::new(built.program("numberline-edge-proxy"));
    command
        .args(["--listen", &format!("127.0.0.1:{}", ports.edge)])
        .args(["--aws", &format!("127.0.0.1:{}", ports.aws)])
        .args(["--api-host", host(outputs, "ApiUrl")?])
        .args(["--webhook-host", host(outputs, "WebhookUrl")?])
        .args(["--simulator", &ports.simulator()])
        .arg("--web")
        .arg(place.root().join("web/dist"))
        .arg("--transcript")
        .arg(place.logs().join(TRANSCRIPT));
    let mut started = process::start("edge-proxy", &mut command, place)?;
    match health::wait(&mut started, ports.edge, "/", &place.logs()) {
        Ok(()) => Ok(started),
        Err(error) => {
            process::stop(&started.process);
            Err(error)
        }
    }
}

/// The host of a URL among the outputs, by which MiniStack tells its APIs and function URLs apart.
fn host<'outputs>(
    outputs: &'outputs BTreeMap<String, String>,
    name: &str,
) -> Result<&'outputs str> {
    outputs
        .get(name)
        .and_then(|url| url.split('/').nth(2))
        .with_context(|| format!("the template has no output {name} with a URL"))
}
