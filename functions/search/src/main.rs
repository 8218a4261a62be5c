//! `GET /api/phone-numbers/search`: numbers for sale in a place, or near it.

mod handler;
mod query;

use lambda_http::{Error, run, service_fn};
use numberline::edge::start_telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_telemetry();
    let app = handler::App::from_env().await?;
    run(service_fn(|request| handler::handle(&app, request))).await
}
