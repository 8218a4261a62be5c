//! The bare floor: what a function costs that does nothing. `cargo xtask bench` runs it beside the others, so that a
//! figure is held against what the same machine could do in the same minute.

use std::convert::Infallible;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(|_event: LambdaEvent<Value>| async {
        Ok::<_, Infallible>("hello")
    }))
    .await
}
