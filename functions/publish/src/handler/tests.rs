//! Telling others, from the events in `events/publish`.

use numberline_events::{World, invocation};
use serde_json::json;

use super::{App, Event, handle};

const ACTIVATED: &str = include_str!("../../../../events/publish/number-activated.json");
const ONE_UNREADABLE: &str = include_str!("../../../../events/publish/one-unreadable.json");

/// Where the stream has to begin again, after the events in `file`.
async fn left(world: &World, file: &str) -> Vec<Option<String>> {
    let app = App {
        bus: world.lab.event_bus(),
        clock: world.lab.clock(),
    };
    let event = invocation::<Event>(world, file).unwrap();
    let response = handle(&app, event).await.unwrap();
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn an_event_is_published_as_it_was_kept() {
    let world = World::new().await.unwrap();
    assert!(left(&world, ACTIVATED).await.is_empty());
    let published = world.lab.bus.published();
    let [event] = published.as_slice() else {
        panic!("one event, and nothing for the entry beside it: {published:?}");
    };
    assert_eq!(event.bus, "lab");
    assert_eq!(event.source, "numberline");
    assert_eq!(event.kind, "number.activated");
    assert_eq!(event.detail["type"], "number.activated");
    assert_eq!(event.detail["data"]["label"], "Front desk");
    assert_eq!(event.detail["audit"]["sequence"], json!(1));
}

#[tokio::test]
async fn the_stream_begins_again_at_what_cannot_be_read() {
    let world = World::new().await.unwrap();
    let unreadable = Some("333000000000000000002".to_owned());
    assert_eq!(left(&world, ONE_UNREADABLE).await, [unreadable]);
    assert_eq!(
        world.lab.bus.published().len(),
        1,
        "what came before is told"
    );
}

#[tokio::test]
async fn what_the_bus_refuses_once_is_offered_again_alone() {
    let world = World::new().await.unwrap();
    world.lab.bus.refuse([true]);
    assert!(left(&world, ACTIVATED).await.is_empty());
    assert_eq!(world.lab.bus.published().len(), 1);
}

#[tokio::test]
async fn the_stream_begins_again_at_what_the_bus_keeps_refusing() {
    let world = World::new().await.unwrap();
    world.lab.bus.refuse([true; 3]);
    let refused = Some("333000000000000000001".to_owned());
    assert_eq!(left(&world, ACTIVATED).await, [refused]);
    assert!(world.lab.bus.published().is_empty());
}

#[tokio::test]
async fn a_bus_that_does_not_answer_is_asked_again() {
    let world = World::new().await.unwrap();
    world.refuse_the_next_call();
    assert!(left(&world, ACTIVATED).await.is_empty());
    assert_eq!(world.lab.bus.published().len(), 1);
}
