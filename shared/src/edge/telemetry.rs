//! Logs and metrics. Metrics are lines of the log in `CloudWatch`'s embedded metric
//! format: no call, no agent, and on a laptop they are just lines.

use std::{
    fmt,
    io::Write,
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};

use crate::domain::Timestamp;

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
    /// A workspace was founded without the number that was wanted with it.
    SignUpsWithoutNumber,
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
            Self::SignUpsWithoutNumber => "SignUpsWithoutNumber",
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

/// Where metrics are written down.
pub trait Sink: fmt::Debug + Send + Sync {
    /// Writes one line down.
    fn write(&self, line: &Value);
}

/// The function's log, from which `CloudWatch` reads them.
#[derive(Clone, Copy, Debug)]
pub struct Log;

impl Sink for Log {
    fn write(&self, line: &Value) {
        // A metric that cannot be written is not worth a request.
        drop(writeln!(std::io::stdout(), "{line}"));
    }
}

/// For tests, which look at what was counted.
impl Sink for Mutex<Vec<Value>> {
    fn write(&self, line: &Value) {
        let mut lines = self.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.clone());
    }
}

/// Counts, in the function's log. `reason` is the one dimension: a status, a code.
pub fn count(metric: Metric, reason: &str, by: u32, now: Timestamp) {
    count_in(&Log, metric, reason, by, now);
}

/// Counts in `sink`.
pub fn count_in(sink: &dyn Sink, metric: Metric, reason: &str, by: u32, now: Timestamp) {
    sink.write(&line(metric, reason, by, now));
}

fn line(metric: Metric, reason: &str, by: u32, now: Timestamp) -> Value {
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
