//! `POST /api/orders/{id}/retry` and `…/cancel`: changing one's mind about an order.

mod handler;

use lambda_http::{Error, run, service_fn};
use numberline::edge::start_telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_telemetry();
    let app = handler::App::from_env()?;
    run(service_fn(|request| handler::handle(&app, request))).await
}
