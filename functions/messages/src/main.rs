//! `/api/communications`, `/api/conversations` and `/api/calls`: texts sent and read, and calls.

mod handler;

use lambda_http::{Error, run, service_fn};
use numberline::edge::start_telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_telemetry();
    let app = handler::App::from_env()?;
    run(service_fn(|request| handler::handle(&app, request))).await
}
