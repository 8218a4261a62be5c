//! The carrier simulator, and the platform's account there.

use std::process::Command;

use anyhow::Result;
use numberline_stack::{CarrierAccount, Secret};

use super::functions::Built;
use super::health;
use super::place::Place;
use super::ports::Ports;
use super::process::{self, Started};

/// Made up, and worth nothing at any real carrier.
pub(crate) fn account() -> CarrierAccount {
    CarrierAccount {
        project_id: "5d9f0c1e-7a34-4b7e-9d52-61c0f8a2b3d4".to_owned(),
        api_token: Secret::new("PTlocal3f8e1c60a97b4d25b1d0c6e2f75a9384"),
        signing_key: Secret::new("PSK_local7Q2m9ZrT4xWc8VbN1kLs"),
    }
}

/// Numbers that the platform's own project owns from the start, to be lent to workspaces that have none.
const OWNED: [&str; 2] = ["+15125550190", "+12125550191"];

/// Starts the simulator and waits until it answers.
pub(crate) fn start(built: &Built, place: &Place, ports: Ports) -> Result<Started> {
    let account = account();
    let mut command = Command::new(built.program("numberline-simulator"));
    command
        .args(["--listen", &format!("127.0.0.1:{}", ports.simulator)])
        .args(["--project-id", &account.project_id])
        .args(["--api-token", account.api_token.expose()])
        .args(["--signing-key", account.signing_key.expose()]);
    for number in OWNED {
        command.args(["--own", number]);
    }
    let mut started = process::start("simulator", &mut command, place)?;
    match health::wait(
        &mut started,
        ports.simulator,
        "/__sim/ledger",
        &place.logs(),
    ) {
        Ok(()) => Ok(started),
        Err(error) => {
            process::stop(&started.process);
            Err(error)
        }
    }
}
