//! The queue's answers.

use std::time::Duration;

use serde_json::{Value, json};

use super::{clock::VirtualClock, queue::Queue, tables::Answer};

/// The longest delay SQS takes.
const DELAY_MAX: u64 = 900;

/// What SQS answers to `operation`.
pub(crate) fn answer(
    queue: &Queue,
    clock: &VirtualClock,
    operation: &str,
    request: &Value,
) -> Answer {
    let delay = request
        .get("DelaySeconds")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let body = request.get("MessageBody").and_then(Value::as_str);
    let (status, body) = match (operation, body) {
        ("SendMessage", Some(body)) if delay <= DELAY_MAX => {
            let visible_at = clock.time().plus(Duration::from_secs(delay));
            let id = queue.send(body, visible_at);
            (200, json!({ "MessageId": id.to_string() }))
        }
        _ => {
            let kind = "com.amazonaws.sqs#InvalidParameterValue";
            (
                400,
                json!({ "__type": kind, "message": "not a message of ours" }),
            )
        }
    };
    Answer {
        status,
        body: body.to_string(),
    }
}
