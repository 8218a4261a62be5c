//! `cargo lambda watch` as a process, and `cargo lambda invoke` to it.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use numberline_tests::repository::root;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// File with all answers, a line each.
const ANSWERS: &str = "answers.log";
/// How long the first answer of a function may take: it is built before.
const PATIENCE: Duration = Duration::from_mins(10);
/// How long the emulator may take to listen, and to stop.
const MOMENT: Duration = Duration::from_secs(20);
/// How often a process is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// The emulator. It is stopped with all its functions when this is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    /// Where it listens.
    pub(super) address: SocketAddr,
    program: PathBuf,
    logs: PathBuf,
    child: Child,
}

impl Watch {
    /// Starts it with the variables in `environment`, and waits until it listens.
    pub(super) async fn start(program: &Path, environment: &Path, logs: &Path) -> Result<Self> {
        let address = free_address().await?;
        let log = File::create(logs.join("watch.log"))?;
        File::create(logs.join(ANSWERS))?;
        let child = Command::new(program)
            .current_dir(root())
            .args(["lambda", "watch", "--wait", "--ignore-changes"])
            .args(["--invoke-address", &address.ip().to_string()])
            .args(["--invoke-port", &address.port().to_string()])
            .arg("--env-file")
            .arg(environment)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut watch = Self {
            address,
            program: program.to_owned(),
            logs: logs.to_owned(),
            child,
        };
        let began = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            if watch.child.try_wait()?.is_some() || began.elapsed() > MOMENT {
                bail!("cargo lambda watch does not listen; {}", watch.log_is_at());
            }
            sleep(LOOK).await;
        }
        Ok(watch)
    }

    /// What `function` answers to the event in a file.
    pub(super) async fn invoke(&mut self, function: &str, event: &str) -> Result<String> {
        let said = self.logs.join("invoke.out");
        let complaints = self.logs.join("invoke.err");
        let mut child = Command::new(&self.program)
            .current_dir(root())
            .args(["lambda", "invoke", function, "--data-file", event])
            .args(["--invoke-address", &self.address.ip().to_string()])
            .args(["--invoke-port", &self.address.port().to_string()])
            .stdin(Stdio::null())
            .stdout(File::create(&said)?)
            .stderr(File::create(&complaints)?)
            .spawn()?;
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if began.elapsed() > PATIENCE || self.child.try_wait()?.is_some() {
                child.kill()?;
                break child.wait()?;
            }
            sleep(LOOK).await;
        };
        if !status.success() {
            let complaints = fs::read_to_string(&complaints)?;
            bail!(
                "{event} was not answered ({status}): {complaints}; {}",
                self.log_is_at()
            );
        }
        let answer = fs::read_to_string(&said)?;
        self.keep(&answer)?;
        Ok(answer)
    }

    /// Adds an answer to all the others.
    fn keep(&self, answer: &str) -> Result<()> {
        let file = self.logs.join(ANSWERS);
        let mut answers = OpenOptions::new().create(true).append(true).open(file)?;
        Ok(writeln!(answers, "{}", answer.trim_end())?)
    }

    fn log_is_at(&self) -> String {
        format!("see {}", self.logs.join("watch.log").display())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let Ok(pid) = i32::try_from(self.child.id()).map(Pid::from_raw) else {
            return;
        };
        // A failure means that it is gone already, which is what is wanted.
        let _asked = kill(pid, Signal::SIGTERM);
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && began.elapsed() < MOMENT {
            std::thread::sleep(LOOK);
        }
        let _ended = killpg(pid, Signal::SIGKILL);
        let _collected = self.child.wait();
    }
}

/// An address that nobody uses right now.
async fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}
