//! Calls, as clients see them.

use serde::Serialize;

use crate::domain::{Call, CallAnswer, CallId, CallStatus, Direction, Timestamp};

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    id: CallId,
    direction: Direction,
    from: String,
    to: String,
    status: CallStatus,
    answer: Option<CallAnswer>,
    seconds: Option<u32>,
    minutes: Option<u32>,
    at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl From<&Call> for CallView {
    fn from(call: &Call) -> Self {
        Self {
            id: call.parties.id.clone(),
            direction: Direction::Inbound,
            from: call.parties.theirs.clone(),
            to: call.parties.ours.to_string(),
            status: call.status(),
            answer: call.answer.clone(),
            seconds: call.end.map(|end| end.seconds),
            minutes: call.end.map(crate::domain::CallEnd::minutes),
            at: call.at,
            ended_at: call.end.map(|end| end.at),
        }
    }
}
