use std::{convert::Infallible, sync::Arc};

use aws_lambda_events::{dynamodb::Event, streams::DynamoDbEventResponse};
use lambda_runtime::LambdaEvent;
use numberline::{
    app::publish::publish,
    bus::EventBus,
    clock::Clock,
    edge::{ConfigError, Wiring, for_records_together, kept_event},
};

/// What publishing needs.
pub(crate) struct App {
    bus: EventBus,
    clock: Arc<dyn Clock>,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            bus: wiring.event_bus(),
            clock: wiring.clock(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(
    app: &App,
    event: LambdaEvent<Event>,
) -> Result<DynamoDbEventResponse, Infallible> {
    let App { bus, clock } = app;
    let send = async |events: Vec<_>| publish(bus, clock, &events).await;
    Ok(for_records_together(event.payload, kept_event, send).await)
}

#[cfg(test)]
mod tests;
