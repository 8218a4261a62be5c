//! Tells others what happened: the Ledger's events go to the bus.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use numberline::edge::start_telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_telemetry();
    let app = handler::App::from_env()?;
    run(service_fn(|event| handler::handle(&app, event))).await
}
