//! Derives conversations' heads, the record of what was done and its events from the
//! streams of Core and Messages.

mod handler;

use lambda_runtime::{Error, run, service_fn};
use numberline::edge::start_telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_telemetry();
    let app = handler::App::from_env()?;
    run(service_fn(|event| handler::handle(&app, event))).await
}
