//! Logs and metrics. Metrics are lines of the log in `CloudWatch`'s embedded metric
//! format: no call, no agent, and on a laptop they are just lines.

use std::io::Write;

use serde_json::{Value, json};

/// A thing that is counted. Names are part of the operator's contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// An order ended, by its last status.
    OrdersEnded,
    /// An order needs a person.
    OrdersNeedingAttention,
    /// The sweep woke orders nobody had woken.
    OrdersSwept,
    /// A worker stopped without leaving the order in a state of its choosing.
    WorkersStopped,
    /// A webhook was refused.
    WebhooksRefused,
    /// An authentic webhook was for a number nobody has here.
    WebhooksForUnknownNumber,
    /// A text came to a shared number from somebody it writes to for nobody.
    TextsWithoutPair,
}

impl Metric {
    const fn name(self) -> &'static str {
        match self {
            Self::OrdersEnded => "OrdersEnded",
            Self::OrdersNeedingAttention => "OrdersNeedingAttention",
            Self::OrdersSwept => "OrdersSwept",
            Self::WorkersStopped => "WorkersStopped",
            Self::WebhooksRefused => "WebhooksRefused",
            Self::WebhooksForUnknownNumber => "WebhooksForUnknownNumber",
            Self::TextsWithoutPair => "TextsWithoutPair",
        }
    }
}

/// Starts logging, as the function's log settings say.
pub fn start() {
    lambda_runtime::tracing::init_default_subscriber();
}

/// Counts. `reason` is the one dimension: a status, a code.
pub fn count(metric: Metric, reason: &str, by: u32, now: crate::domain::Timestamp) {
    let line = line(metric, reason, by, now);
    // A metric that cannot be written is not worth a request.
    drop(writeln!(std::io::stdout(), "{line}"));
}

fn line(metric: Metric, reason: &str, by: u32, now: crate::domain::Timestamp) -> Value {
    json!({
        "_aws": {
            "Timestamp": now.as_millis(),
            "CloudWatchMetrics": [{
                "Namespace": "Numberline",
                "Dimensions": [["reason"]],
                "Metrics": [{ "Name": metric.name(), "Unit": "Count" }],
            }],
        },
        "reason": reason,
        metric.name(): by,
    })
}

#[cfg(test)]
mod tests {
    use super::{Metric, line};
    use crate::domain::Timestamp;

    #[test]
    fn a_metric_is_a_line_of_the_embedded_format() {
        let line = line(
            Metric::OrdersEnded,
            "succeeded",
            1,
            Timestamp::from_millis(7),
        );
        assert_eq!(
            line.pointer("/_aws/CloudWatchMetrics/0/Metrics/0/Name")
                .unwrap(),
            "OrdersEnded"
        );
        assert_eq!(line.pointer("/OrdersEnded").unwrap(), 1);
        assert_eq!(line.pointer("/reason").unwrap(), "succeeded");
    }
}
