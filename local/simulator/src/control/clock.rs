//! `/__sim/clock`: what time it is, and what time it shall be.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Outcome, Refused};
use crate::{Clock, Simulator};

/// A change of the clock: `now` or `advanceMs`, and whether it runs.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Change {
    now: Option<Timestamp>,
    advance_ms: Option<u64>,
    running: Option<bool>,
}

pub(super) fn view(simulator: &Simulator) -> Value {
    let running = simulator.world().clock.is_running();
    json!({"now": simulator.now(), "running": running})
}

pub(super) fn change(simulator: &Simulator, change: Change) -> Outcome {
    let Change {
        now,
        advance_ms,
        running,
    } = change;
    if now.is_some() == advance_ms.is_some() && (now.is_some() || running.is_none()) {
        return Err(Refused::bad("say `now` or `advanceMs`, or `running` alone"));
    }
    if let Some(running) = running {
        let at = simulator.now();
        let mut clock = if running {
            Clock::default()
        } else {
            Clock::Standing { at }
        };
        clock.set(at);
        simulator.set_clock(clock);
    }
    if let Some(now) = now {
        simulator.set_time(now);
    }
    if let Some(milliseconds) = advance_ms {
        simulator.advance(Duration::from_millis(milliseconds));
    }
    Ok(view(simulator))
}
