use std::{convert::Infallible, sync::Arc};

use aws_lambda_events::{
    dynamodb::{Event, EventRecord},
    streams::DynamoDbEventResponse,
};
use lambda_runtime::LambdaEvent;
use numberline::{
    app::bookkeep::{Books, asks_for_a_person, keep},
    clock::Clock,
    edge::{ConfigError, Log, Metric, Sink, Wiring, change_of, count_in, for_each_record},
    store::Result,
};

/// What deriving needs.
pub(crate) struct App {
    books: Books,
    clock: Arc<dyn Clock>,
    metrics: Arc<dyn Sink>,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> std::result::Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            books: wiring.books(),
            clock: wiring.clock(),
            metrics: Arc::new(Log),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(
    app: &App,
    event: LambdaEvent<Event>,
) -> std::result::Result<DynamoDbEventResponse, Infallible> {
    Ok(for_each_record(event.payload, |record| Box::pin(derive(app, record))).await)
}

async fn derive(app: &App, record: EventRecord) -> Result<()> {
    let Some(change) = change_of(record)? else {
        return Ok(());
    };
    if asks_for_a_person(&app.books, &change).await? {
        let (metric, now) = (Metric::OrdersNeedingAttention, app.clock.now());
        count_in(app.metrics.as_ref(), metric, "order", 1, now);
    }
    keep(&app.books, &change).await
}

#[cfg(test)]
mod tests;
