//! The event bus: what was published on it, and what it is made to refuse.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

use super::tables::Answer;

/// Events that the bus takes in one request.
const EVENTS_MAX: usize = 10;

/// An event as it came to the bus.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The bus it was put on.
    pub bus: String,
    /// Who said it.
    pub source: String,
    /// What it is about.
    pub kind: String,
    /// What it says.
    pub detail: Value,
}

/// The bus.
#[derive(Debug, Default)]
pub struct Bus(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    published: Vec<Published>,
    refusals: VecDeque<bool>,
}

impl Bus {
    /// Everything that was published, in order.
    #[must_use]
    pub fn published(&self) -> Vec<Published> {
        self.state().published.clone()
    }

    /// Has the next events refused where `refusals` says so, one after another.
    pub fn refuse(&self, refusals: impl IntoIterator<Item = bool>) {
        self.state().refusals.extend(refusals);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the bus answers to `operation`.
pub(crate) fn answer(bus: &Bus, operation: &str, request: &Value) -> Answer {
    let entries = request.get("Entries").and_then(Value::as_array);
    let entries = entries.map(Vec::as_slice).unwrap_or_default();
    if operation != "PutEvents" || !(1..=EVENTS_MAX).contains(&entries.len()) {
        let kind = "com.amazonaws.eventbridge#ValidationException";
        let body = json!({ "__type": kind, "message": "not a request of ours" });
        return Answer {
            status: 400,
            body: body.to_string(),
        };
    }
    let mut state = bus.state();
    let parts: Vec<Value> = entries
        .iter()
        .map(|entry| take(&mut state, entry))
        .collect();
    let failed = parts.iter().filter(|part| part.get("ErrorCode").is_some());
    let body = json!({ "FailedEntryCount": failed.count(), "Entries": parts });
    Answer {
        status: 200,
        body: body.to_string(),
    }
}

fn take(state: &mut State, entry: &Value) -> Value {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let detail = serde_json::from_str(text("Detail"));
    let Ok(detail) = detail else {
        return json!({ "ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed." });
    };
    if state.refusals.pop_front() == Some(true) {
        return json!({ "ErrorCode": "ThrottlingException", "ErrorMessage": "slow down" });
    }
    state.published.push(Published {
        bus: text("EventBusName").to_owned(),
        source: text("Source").to_owned(),
        kind: text("DetailType").to_owned(),
        detail,
    });
    json!({ "EventId": state.published.len().to_string() })
}
