use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent};
use numberline::{
    app::{Base, sweep::sweep},
    clock::Clock,
    edge::{ConfigError, Metric, Wiring, count},
    queue::OrderQueue,
};
use serde_json::Value;

/// What sweeping needs.
pub(crate) struct App {
    base: Base,
    queue: OrderQueue,
    clock: Arc<dyn Clock>,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            queue: wiring.queue(),
            clock: wiring.clock(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, _: LambdaEvent<Value>) -> Result<u32, Error> {
    let swept = sweep(&app.base.core, &app.queue, &app.clock).await?;
    for (reason, orders) in [("due", swept.woken), ("failed", swept.failed)] {
        if orders > 0 {
            count(Metric::OrdersSwept, reason, orders, app.clock.now());
        }
    }
    Ok(swept.woken)
}

#[cfg(test)]
mod tests;
