//! The queue that wakes workers. A message says only which order to look at: what to
//! do is in the table, so a repeated or late message does no harm.

use std::{fmt, time::Duration};

use aws_sdk_sqs::Client;
use serde::{Deserialize, Serialize};

use crate::store::{OrderKey, error::said};

/// The longest delay SQS takes; what waits longer is found by the sweep.
pub const DELAY_MAX: Duration = Duration::from_mins(15);

/// What travels through the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Task {
    /// Look at an order and do what is next.
    #[serde(rename = "advance_order_v1")]
    AdvanceOrder(OrderKey),
}

/// The order queue.
#[derive(Clone)]
pub struct OrderQueue {
    client: Client,
    url: String,
}

/// A message that was not accepted, or perhaps was.
#[derive(Debug, thiserror::Error)]
#[error("the order queue did not take the message: {0}")]
pub struct NotQueued(String);

impl fmt::Debug for OrderQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderQueue")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl OrderQueue {
    /// The queue at `url`.
    #[must_use]
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
        }
    }

    /// Has an order looked at after `delay`, or a quarter of an hour.
    pub async fn wake(&self, order: &OrderKey, delay: Duration) -> Result<(), NotQueued> {
        let task = Task::AdvanceOrder(order.clone());
        let body = serde_json::to_string(&task).map_err(|error| NotQueued(error.to_string()))?;
        let seconds = delay.min(DELAY_MAX).as_millis().div_ceil(1_000);
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            // SQS sees to it that nobody waits long behind the many messages of another.
            .message_group_id(order.group())
            .delay_seconds(i32::try_from(seconds).unwrap_or(0))
            .send()
            .await
            .map(drop)
            .map_err(|error| NotQueued(said(&error)))
    }
}
