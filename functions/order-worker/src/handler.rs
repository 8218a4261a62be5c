use std::convert::Infallible;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::LambdaEvent;
use numberline::{
    app::advance::{Left, Worker, advance},
    domain::{Timestamp, order::OrderStatus},
    edge::{ConfigError, Metric, Wiring, count, for_each_message},
    queue::Task,
};

/// What working orders needs.
pub(crate) struct App {
    worker: Worker,
}

impl App {
    /// Reads the environment and the carrier's credentials.
    pub(crate) async fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            worker: wiring.worker().await,
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(
    app: &App,
    event: LambdaEvent<SqsEvent>,
) -> Result<SqsBatchResponse, Infallible> {
    let deadline = i64::try_from(event.context.deadline).unwrap_or(i64::MAX);
    let deadline = Timestamp::from_millis(deadline);
    Ok(for_each_message(event.payload, |message| work(app, message, deadline)).await)
}

/// Works the order a message names. A message that cannot be read is redelivered
/// until it reaches the dead-letter queue, where somebody sees it.
async fn work(app: &App, message: SqsMessage, deadline: Timestamp) -> Result<(), String> {
    let body = message.body.unwrap_or_default();
    let Task::AdvanceOrder(order) =
        serde_json::from_str(&body).map_err(|error| format!("not a task: {error}"))?;
    let now = app.worker.clock.now();
    let left = advance(&app.worker, &order, deadline)
        .await
        .map_err(|error| {
            count(Metric::WorkersStopped, "error", 1, now);
            error.to_string()
        })?;
    tracing::info!(order.id = %order.order, ?left, "worked");
    if let Left::Ended(status) = left {
        report(status, now);
    }
    Ok(())
}

fn report(status: OrderStatus, now: Timestamp) {
    let reason = match status {
        OrderStatus::Succeeded => "succeeded",
        OrderStatus::Failed => "failed",
        OrderStatus::Canceled => "canceled",
        // Who must look is told by `bookkeeper`, which sees it even if this dies here.
        OrderStatus::NeedsAttention => "needs_attention",
        OrderStatus::Queued | OrderStatus::Running | OrderStatus::Waiting => return,
    };
    count(Metric::OrdersEnded, reason, 1, now);
}

#[cfg(test)]
mod tests;
