//! Starting and stopping the processes of a stack, also those that an earlier `cargo xtask` started.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use numberline_stack::Process;

use super::place::Place;

/// How long a process may take to save its state after it was asked to stop.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// A process that this `cargo xtask` started.
#[derive(Debug)]
pub(crate) struct Started {
    /// How a later `cargo xtask` finds it.
    pub(crate) process: Process,
    child: Child,
}

impl Started {
    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

/// Starts a process in a group of its own, so that Ctrl-C reaches it only through us, after what depends on it.
///
/// It is put on the place's list at once: however this `cargo xtask` ends, a later one finds it.
pub(crate) fn start(name: &str, command: &mut Command, place: &Place) -> Result<Started> {
    let program = command.get_program().to_string_lossy().into_owned();
    let logs = place.logs();
    fs::create_dir_all(&logs)?;
    let log = File::create(logs.join(format!("{name}.log")))?;
    let child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let process = Process {
        name: name.to_owned(),
        pid: child.id(),
        program,
    };
    let mut listed = listed(place)?;
    listed.push(process.clone());
    fs::write(place.processes(), serde_json::to_string_pretty(&listed)?)?;
    Ok(Started { process, child })
}

/// What was started at a place, in its order, alive or not.
pub(crate) fn listed(place: &Place) -> Result<Vec<Process>> {
    let list = place.processes();
    if !list.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&list)?;
    serde_json::from_str(&text).with_context(|| format!("cannot read {}", list.display()))
}

/// Whether the process runs, and is still the one that was started.
pub(crate) fn is_alive(process: &Process) -> bool {
    command_line(process.pid).is_some_and(|line| line.starts_with(&process.program))
}

/// Asks the process to stop, waits, and then ends it with all its children.
pub(crate) fn stop(process: &Process) {
    let Ok(pid) = i32::try_from(process.pid).map(Pid::from_raw) else {
        return;
    };
    if !is_alive(process) {
        return;
    }
    // A failure means that it is gone already, which is what is wanted.
    let _asked = kill(pid, Signal::SIGTERM);
    let deadline = Instant::now() + PATIENCE;
    while is_alive(process) && Instant::now() < deadline {
        thread::sleep(POLL);
    }
    let _ended = killpg(pid, Signal::SIGKILL);
}

/// The command line of a process; empty for one that has ended and waits to be collected.
fn command_line(pid: u32) -> Option<String> {
    if Path::new("/proc/self").exists() {
        let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        return Some(String::from_utf8_lossy(&line).replace('\0', " "));
    }
    let pid = pid.to_string();
    let output = Command::new("ps")
        .args(["-o", "command=", "-p", &pid])
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;
    use std::thread;

    use super::{is_alive, listed, start, stop};
    use crate::stack::place::Place;

    #[test]
    fn stops_what_it_started_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("xtask-process-{}", std::process::id()));
        let place = Place::at(&folder);
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo up; while :; do sleep 600; done"]);
        let mut started = start("sleeper", &mut shell, &place).unwrap();
        while fs::read_to_string(place.logs().join("sleeper.log")).unwrap() != "up\n" {
            thread::yield_now();
        }
        assert!(is_alive(&started.process));
        let pids: Vec<_> = listed(&place).unwrap().iter().map(|one| one.pid).collect();
        assert_eq!(pids, [started.process.pid]);

        let mut stranger = started.process.clone();
        stranger.program = "another-program".to_owned();
        assert!(!is_alive(&stranger));
        stop(&stranger);
        assert!(!started.has_ended());

        stop(&started.process);
        assert!(!is_alive(&started.process));
        started.child.wait().unwrap();
        fs::remove_dir_all(folder).unwrap();
    }
}
