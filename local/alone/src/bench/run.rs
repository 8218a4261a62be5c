//! One run of one program: started, asked, asked again, measured, ended.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use numberline::clock::{Clock, SystemClock};
use serde_json::Value;
use tokio::time::timeout;

use super::runtime_api::{Ask, Deed, Invocation, RuntimeApi};
use crate::template::Variables;

/// Invocations after the first, of which the median is taken.
const WARM: usize = 20;

/// How long a program may take for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a program that says nothing is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// The end of a log that is shown, in lines.
const SHOWN: usize = 10;

/// A program to run.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// What it is called.
    pub(super) name: String,
    /// Where it is.
    pub(super) binary: PathBuf,
    /// All of its environment.
    pub(super) variables: Variables,
    /// What it is sent.
    pub(super) event: Bytes,
    /// How long an invocation may take.
    pub(super) timeout: Duration,
}

/// What was seen in one run.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// From the start to the first asking for an event.
    pub(super) init: Duration,
    /// From the start to the first answer.
    pub(super) cold: Duration,
    /// An invocation after the first.
    pub(super) warm: Duration,
    /// The most memory it held, in kilobytes.
    pub(super) peak_kb: u32,
    /// Its first answer.
    pub(super) answer: Value,
}

impl Program {
    /// Runs it once.
    pub(super) async fn run(&self, logs: &Path) -> Result<Seen> {
        let mut api = RuntimeApi::open().await?;
        let log = logs.join(format!("{}.log", self.name));
        let began = Instant::now();
        let mut process = Process::start(self, &api, log)?;
        let seen = self.measure(&mut process, &mut api, began).await;
        seen.with_context(|| process.last_words(&self.name))
    }

    async fn measure(
        &self,
        process: &mut Process,
        api: &mut RuntimeApi,
        began: Instant,
    ) -> Result<Seen> {
        let first = process.asks(api).await?;
        let init = first.at.duration_since(began);
        first.answer(self.invocation(0));
        let (answered, body) = process.answers(api).await?;
        let cold = answered.duration_since(began);
        let mut warm = Vec::new();
        for count in 1..=WARM {
            let ask = process.asks(api).await?;
            let invocation = self.invocation(count);
            let handed_out = Instant::now();
            ask.answer(invocation);
            let (answered, _) = process.answers(api).await?;
            warm.push(answered.duration_since(handed_out));
        }
        warm.sort_unstable();
        Ok(Seen {
            init,
            cold,
            warm: warm.get(WARM / 2).copied().unwrap_or_default(),
            peak_kb: process.peak_kb()?,
            answer: serde_json::from_slice(&body).context("an answer that is not JSON")?,
        })
    }

    fn invocation(&self, count: usize) -> Invocation {
        Invocation {
            id: format!("00000000-0000-4000-8000-{count:012}"),
            deadline: SystemClock.now().plus(self.timeout).as_millis(),
            event: self.event.clone(),
        }
    }
}

/// A program that runs. It is ended when this is dropped.
struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    fn start(program: &Program, api: &RuntimeApi, log: PathBuf) -> Result<Self> {
        let said = File::create(&log).with_context(|| log.display().to_string())?;
        let child = Command::new(&program.binary)
            .env_clear()
            .envs(&program.variables)
            .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
            .stdin(Stdio::null())
            .stdout(said.try_clone()?)
            .stderr(said)
            .spawn()
            .with_context(|| format!("cannot start {}", program.binary.display()))?;
        Ok(Self { child, log })
    }

    async fn asks(&mut self, api: &mut RuntimeApi) -> Result<Ask> {
        match self.deed(api).await? {
            Deed::Asked(ask) => Ok(ask),
            Deed::Answered { .. } => bail!("it answers what it was not asked"),
            Deed::Failed { body } => bail!("it says {}", String::from_utf8_lossy(&body)),
        }
    }

    async fn answers(&mut self, api: &mut RuntimeApi) -> Result<(Instant, Bytes)> {
        match self.deed(api).await? {
            Deed::Answered { at, body } => Ok((at, body)),
            Deed::Asked(_) => bail!("it asks before it has answered"),
            Deed::Failed { body } => bail!("it says {}", String::from_utf8_lossy(&body)),
        }
    }

    async fn deed(&mut self, api: &mut RuntimeApi) -> Result<Deed> {
        let began = Instant::now();
        loop {
            if let Ok(deed) = timeout(LOOK, api.deed()).await {
                return deed;
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended ({status})");
            }
            ensure!(began.elapsed() < PATIENCE, "it does nothing");
        }
    }

    /// The most memory it ever held: `VmHWM`, as Linux counts it.
    fn peak_kb(&self) -> Result<u32> {
        let file = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&file)
            .with_context(|| format!("{file}: memory is measured on Linux only"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        let kilobytes = kilobytes.and_then(|kilobytes| kilobytes.parse().ok());
        kilobytes.with_context(|| format!("{file} has no VmHWM"))
    }

    /// What a person needs to know of a program that failed.
    fn last_words(&self, name: &str) -> String {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        let end = lines.get(lines.len().saturating_sub(SHOWN)..);
        let end = end.unwrap_or_default().join("\n");
        format!("{name} did not do what it was asked; it said at last:\n{end}\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A program that ended by itself cannot be ended, and is collected all the same.
        let _ended = self.child.kill();
        let _collected = self.child.wait();
    }
}
