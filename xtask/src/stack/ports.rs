//! The three ports of a local stack.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result};
use clap::Args;
use numberline_stack::Description;

/// Ports on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub(crate) struct Ports {
    /// Port of the origin: web app, API and webhooks
    #[arg(long = "port", default_value_t = USUAL.edge)]
    pub(crate) edge: u16,
    /// Port of the carrier simulator
    #[arg(long = "simulator-port", default_value_t = USUAL.simulator)]
    pub(crate) simulator: u16,
    /// Port of the emulated AWS
    #[arg(long = "aws-port", default_value_t = USUAL.aws)]
    pub(crate) aws: u16,
}

/// The ports of a stack that is not moved.
pub(crate) const USUAL: Ports = Ports {
    edge: 4600,
    simulator: 4610,
    aws: 4566,
};

impl Ports {
    /// Three ports that nobody uses right now.
    pub(crate) fn free() -> Result<Self> {
        let held = [listen(0)?, listen(0)?, listen(0)?];
        let [edge, simulator, aws] = held.each_ref().map(TcpListener::local_addr);
        Ok(Self {
            edge: edge?.port(),
            simulator: simulator?.port(),
            aws: aws?.port(),
        })
    }

    /// The ports of a stack that runs.
    pub(crate) fn of(running: &Description) -> Result<Self> {
        Ok(Self {
            edge: port_of(&running.origin)?,
            simulator: port_of(&running.simulator)?,
            aws: port_of(&running.aws.endpoint)?,
        })
    }

    /// Fails where somebody else listens already.
    pub(crate) fn check(self) -> Result<()> {
        for (port, what, option) in [
            (self.edge, "the origin", "--port"),
            (self.simulator, "the carrier simulator", "--simulator-port"),
            (self.aws, "the emulated AWS", "--aws-port"),
        ] {
            listen(port).with_context(|| {
                format!("port {port} for {what} is not free: stop what uses it, or choose another with {option}")
            })?;
        }
        Ok(())
    }

    /// URL of the origin.
    pub(crate) fn origin(self) -> String {
        format!("http://127.0.0.1:{}", self.edge)
    }

    /// URL of the carrier simulator.
    pub(crate) fn simulator(self) -> String {
        format!("http://127.0.0.1:{}", self.simulator)
    }

    /// URL of the emulated AWS.
    pub(crate) fn aws(self) -> String {
        format!("http://127.0.0.1:{}", self.aws)
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} and {}", self.edge, self.simulator, self.aws)
    }
}

fn port_of(url: &str) -> Result<u16> {
    url.rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .with_context(|| format!("{url} has no port"))
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::{Ports, listen};

    #[test]
    fn free_ports_differ_and_pass_the_check() {
        let ports = Ports::free().unwrap();
        assert_ne!(ports.edge, ports.simulator);
        assert_ne!(ports.simulator, ports.aws);
        ports.check().unwrap();
    }

    #[test]
    fn a_port_in_use_is_named_with_the_way_out() {
        let mut ports = Ports::free().unwrap();
        let taken = listen(0).unwrap();
        ports.simulator = taken.local_addr().unwrap().port();
        let message = format!("{:#}", ports.check().unwrap_err());
        assert!(message.contains(&ports.simulator.to_string()), "{message}");
        assert!(message.contains("--simulator-port"), "{message}");
    }
}
