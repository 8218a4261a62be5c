//! The simulator on its own: `numberline-simulator --listen 127.0.0.1:4610`.

use std::{io::Write, net::SocketAddr, process::ExitCode};

use clap::Parser;
use numberline_simulator::{Carrier, Restock, Secret, Settings, Simulator, serve};
use tokio::net::TcpListener;

/// A carrier to buy phone numbers from, without the bill.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Address to listen on; it should be a loopback address.
    #[arg(long, default_value = "127.0.0.1:4610")]
    listen: SocketAddr,
    /// Decides every made-up identifier, token and key.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The platform's project.
    #[arg(long)]
    project_id: Option<String>,
    /// The platform's API token.
    #[arg(long)]
    api_token: Option<String>,
    /// The platform's signing key.
    #[arg(long)]
    signing_key: Option<String>,
    /// Days a fresh number cannot be released.
    #[arg(long)]
    hold_days: Option<u32>,
    /// A number that the platform's project owns from the start; repeat for more.
    #[arg(long, value_parser = owned)]
    own: Vec<String>,
    /// Numbers for sale, as `512=30`; repeat for more area codes.
    #[arg(long, value_parser = stock)]
    stock: Vec<(String, usize)>,
}

fn stock(text: &str) -> Result<(String, usize), String> {
    let (code, count) = text.split_once('=').ok_or("write it as 512=30")?;
    let count = count.parse().map_err(|_| "the count is no number")?;
    // Tried out on a simulator that is thrown away, to refuse it here and now.
    Simulator::new(Settings::default())
        .restock(&Restock::area(Carrier::SignalWire, code, count))
        .map_err(|error| error.to_string())?;
    Ok((code.to_owned(), count))
}

fn owned(text: &str) -> Result<String, String> {
    // Tried out on a simulator that is thrown away, to refuse it here and now.
    Simulator::new(Settings::default())
        .restock(&Restock::numbers(Carrier::SignalWire, [text]))
        .map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}

impl Arguments {
    fn settings(self) -> Settings {
        let mut settings = Settings {
            seed: self.seed,
            ..Settings::default()
        };
        if let Some(id) = self.project_id {
            settings.project_id = id;
        }
        if let Some(token) = self.api_token {
            settings.api_token = Secret::new(token);
        }
        if let Some(key) = self.signing_key {
            settings.signing_key = Secret::new(key);
        }
        if let Some(days) = self.hold_days {
            settings.rules.hold_days = days;
        }
        settings.owned = self.own;
        if !self.stock.is_empty() {
            settings.stock = self.stock.into_iter().collect();
        }
        settings
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let listen = arguments.listen;
    match run(listen, arguments.settings()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed there is nobody to tell.
            drop(writeln!(
                std::io::stderr(),
                "numberline-simulator cannot serve on {listen}: {error}; choose another address with --listen"
            ));
            ExitCode::FAILURE
        }
    }
}

async fn run(listen: SocketAddr, settings: Settings) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let simulator = Simulator::new(settings);
    writeln!(std::io::stdout(), "{}", greeting(address, &simulator))?;
    tokio::select! {
        served = serve(simulator, listener) => served.map(|_| ()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

/// One line: where it is and what it has.
fn greeting(address: SocketAddr, simulator: &Simulator) -> String {
    let stock: Vec<String> = simulator
        .inventory()
        .stock
        .values()
        .flatten()
        .map(|(code, count)| format!("{code}:{count}"))
        .collect();
    format!(
        "http://{address}/signalwire sells {}; controls under http://{address}/__sim/",
        stock.join(" ")
    )
}
