//! Handing events to functions that have no route.

use std::time::Duration;

use anyhow::Result;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::Value;

use crate::World;

/// How long an invocation may take.
const TIMEOUT: Duration = Duration::from_secs(90);

/// The event in `file` as Lambda hands it to a function that has no route.
pub fn invocation<T: serde::de::DeserializeOwned>(
    world: &World,
    file: &str,
) -> Result<LambdaEvent<T>> {
    let event: Value = serde_json::from_str(file)?;
    let mut context = Context::default();
    let deadline = world.lab.clock.time().plus(TIMEOUT);
    context.deadline = u64::try_from(deadline.as_millis())?;
    Ok(LambdaEvent::new(serde_json::from_value(event)?, context))
}
