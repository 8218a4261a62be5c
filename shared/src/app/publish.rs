//! Telling others what happened.

use std::{sync::Arc, time::Duration};

use crate::{
    bus::{EVENTS_MAX, EventBus},
    clock::Clock,
    domain::event::Event,
};

/// How often the events that the bus did not take are offered again at once.
const ROUNDS: u32 = 3;

/// The pause before the second round; it doubles.
const PAUSE: Duration = Duration::from_millis(100);

/// Publishes events in their order, each at least once. Answers how many of them, from
/// the first on, are published; what comes after the first that is not, is to be
/// published again.
pub async fn publish(bus: &EventBus, clock: &Arc<dyn Clock>, events: &[Event]) -> usize {
    let mut published = 0;
    for some in events.chunks(EVENTS_MAX) {
        let taken = publish_some(bus, clock, some).await;
        published += taken;
        if taken < some.len() {
            break;
        }
    }
    published
}

/// The bus takes or refuses each event by itself: only refused ones are offered again.
async fn publish_some(bus: &EventBus, clock: &Arc<dyn Clock>, events: &[Event]) -> usize {
    let mut open: Vec<(usize, &Event)> = events.iter().enumerate().collect();
    for round in 0..ROUNDS {
        if round > 0 {
            clock.sleep(PAUSE * 2_u32.pow(round - 1)).await;
        }
        let offered: Vec<&Event> = open.iter().map(|(_, event)| *event).collect();
        match bus.put(&offered).await {
            Ok(refused) => {
                let mut place = 0..;
                open.retain(|_| place.next().is_some_and(|place| refused.contains(&place)));
            }
            Err(error) => tracing::warn!(%error, round, "the bus took nothing"),
        }
        if open.is_empty() {
            return events.len();
        }
    }
    open.first().map_or(events.len(), |(place, _)| *place)
}
