use std::convert::Infallible;

use aws_lambda_events::{
    dynamodb::{Event, EventRecord},
    streams::DynamoDbEventResponse,
};
use lambda_runtime::LambdaEvent;
use numberline::{
    app::bookkeep::message_written,
    edge::{ConfigError, Wiring, for_each_record, inserted_message},
    store::{Result, Threads},
};

/// What deriving needs.
pub(crate) struct App {
    threads: Threads,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> std::result::Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            threads: wiring.threads(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(
    app: &App,
    event: LambdaEvent<Event>,
) -> std::result::Result<DynamoDbEventResponse, Infallible> {
    Ok(for_each_record(event.payload, |record| derive(app, record)).await)
}

async fn derive(app: &App, record: EventRecord) -> Result<()> {
    match inserted_message(record)? {
        Some(message) => message_written(&app.threads, &message).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
