//! Figures of the deployed template that decide what recovers when.

use std::{str::FromStr, time::Duration};

use anyhow::{Context, Result};

/// The template, as it is deployed.
const TEMPLATE: &str = include_str!("../../../template.yaml");

/// What the template says about functions and queue.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// How long a worker may run.
    pub worker_timeout: Duration,
    /// How long a message that was not dealt with stays away.
    pub visibility: Duration,
    /// How often a message is received before it is put aside.
    pub received_max: u32,
    /// Calls a second that all functions together make to the carrier.
    pub calls_per_second: u32,
}

impl Figures {
    /// As the template says.
    pub fn of_template() -> Result<Self> {
        Ok(Self {
            worker_timeout: Duration::from_secs(figure("OrderWorkerFunction", "Timeout")?),
            visibility: Duration::from_secs(figure("OrderQueue", "VisibilityTimeout")?),
            received_max: figure("OrderQueue", "maxReceiveCount")?,
            calls_per_second: figure("CarrierCallsPerSecond", "Default")?,
        })
    }
}

/// The first `name: figure` below the resource `resource`.
fn figure<T: FromStr>(resource: &str, name: &str) -> Result<T> {
    let heading = format!("\n  {resource}:\n");
    let below = TEMPLATE.split_once(&heading).map(|(_, below)| below);
    let line = below.and_then(|below| {
        let mut lines = below.lines().map(str::trim);
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    });
    let digits = line.and_then(|value| value.split_whitespace().next());
    digits
        .and_then(|digits| digits.parse().ok())
        .with_context(|| format!("template.yaml has no {name} of {resource}"))
}
