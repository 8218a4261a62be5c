//! Waiting until a process answers.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::process::Started;

const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(50);

/// Waits until a process that was just started answers `GET path` with 200.
pub(crate) fn wait(started: &mut Started, port: u16, path: &str, logs: &Path) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let name = started.process.name.clone();
    let log = logs.join(format!("{name}.log"));
    while !answers(port, path) {
        if started.has_ended() {
            bail!("{name} ended at once; see {}", log.display());
        }
        if Instant::now() > deadline {
            bail!(
                "{name} does not answer on port {port}; see {}",
                log.display()
            );
        }
        thread::sleep(POLL);
    }
    // Whoever answers there may be somebody else, to whom ours has lost the port.
    if started.has_ended() {
        bail!("{name} ended at once; see {}", log.display());
    }
    Ok(())
}

/// Whether `GET path` on a local port is answered with 200.
pub(crate) fn answers(port: u16, path: &str) -> bool {
    status_line(port, path).is_ok_and(|line| line.split(' ').nth(1) == Some("200"))
}

fn status_line(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}
