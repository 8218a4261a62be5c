//! What follows from the streams, from the events in `events/bookkeeper`.

use std::sync::{Arc, Mutex};

use numberline::{
    domain::{
        audit::{Action, Entry},
        order::Owner,
    },
    store::{CountedThread, Window},
};
use numberline_events::{World, cast, invocation, samples};
use numberline_tests::lab::LEDGER;
use serde_json::Value;

use super::{App, Event, handle};

const MESSAGE: &str = include_str!("../../../../events/bookkeeper/message.json");
const NEEDS_ATTENTION: &str = include_str!("../../../../events/bookkeeper/needs-attention.json");
const ONE_UNREADABLE: &str = include_str!("../../../../events/bookkeeper/one-unreadable.json");
const RENAMED: &str = include_str!("../../../../events/bookkeeper/renamed.json");
const RESERVED: &str = include_str!("../../../../events/bookkeeper/reserved.json");

/// Lines of metrics.
type Counted = Arc<Mutex<Vec<Value>>>;

/// Where the stream has to begin again, after the events in `file`.
async fn left(world: &World, file: &str) -> Vec<Option<String>> {
    left_and_counted(world, file, &Arc::default()).await
}

/// The same, with what was counted in `metrics`.
async fn left_and_counted(world: &World, file: &str, metrics: &Counted) -> Vec<Option<String>> {
    let app = App {
        books: world.lab.bookkeeping(),
        clock: world.lab.clock(),
        metrics: Arc::<Mutex<Vec<Value>>>::clone(metrics),
    };
    let event = invocation::<Event>(world, file).unwrap();
    let response = handle(&app, event).await.unwrap();
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

/// Harbor Dental's only conversation.
async fn thread(world: &World) -> CountedThread {
    let window = Window {
        cursor: None,
        since: None,
        limit: 10,
    };
    let threads = world.lab.messages().threads(&cast::harbor(), window).await;
    let [thread] = threads.unwrap().items.try_into().unwrap();
    thread
}

#[tokio::test]
async fn a_new_message_is_counted_once_and_heads_its_thread() {
    let world = World::new().await.unwrap();
    world
        .write_received(3, "Perfect, thank you!")
        .await
        .unwrap();
    for _ in 0..2 {
        assert!(left(&world, MESSAGE).await.is_empty());
        let CountedThread { thread, messages } = thread(&world).await;
        assert_eq!(
            (thread.last_body.as_str(), messages),
            ("Perfect, thank you!", 3)
        );
    }
}

#[tokio::test]
async fn the_stream_begins_again_at_what_cannot_be_read() {
    let world = World::new().await.unwrap();
    world
        .write_received(3, "Perfect, thank you!")
        .await
        .unwrap();
    world.write_received(4, "One more thing").await.unwrap();
    let unreadable = Some("111000000000000000002".to_owned());
    assert_eq!(left(&world, ONE_UNREADABLE).await, [unreadable]);
    let CountedThread { thread, messages } = thread(&world).await;
    assert_eq!(
        (thread.last_body.as_str(), messages),
        ("Perfect, thank you!", 3),
        "what came before it is done, what comes after it waits"
    );
}

/// Harbor Dental's record, the newest first.
async fn record(world: &World) -> Vec<Entry> {
    let owner = Owner::Workspace(cast::harbor());
    let listed = world.lab.ledger().entries(&owner, None, 10).await.unwrap();
    let entries = listed.items.iter();
    entries.map(|sealed| sealed.entry().unwrap()).collect()
}

#[tokio::test]
async fn a_message_is_an_event_without_what_it_says_and_no_entry() {
    let world = World::new().await.unwrap();
    world
        .write_received(3, "Perfect, thank you!")
        .await
        .unwrap();
    for _ in 0..2 {
        assert!(left(&world, MESSAGE).await.is_empty());
    }
    assert!(record(&world).await.is_empty());
    let kept = world.lab.tables.items(LEDGER).unwrap();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0]["body"]["type"], "message.received");
    assert!(!format!("{kept:?}").contains("Perfect"), "{kept:?}");
}

#[tokio::test]
async fn a_change_is_recorded_once_with_who_made_it() {
    let world = World::new().await.unwrap();
    for _ in 0..2 {
        assert!(left(&world, RENAMED).await.is_empty());
    }
    let [entry] = record(&world).await.try_into().unwrap();
    assert_eq!(entry.action, Action::WorkspaceRenamed);
    assert_eq!(entry.actor, samples::actor(cast::ADA));
}

#[tokio::test]
async fn an_order_that_needs_a_person_is_recorded_and_counted_once() {
    let world = World::new().await.unwrap();
    let metrics = Counted::default();
    for _ in 0..2 {
        let left = left_and_counted(&world, NEEDS_ATTENTION, &metrics).await;
        assert!(left.is_empty(), "{left:?}");
        let counted = metrics.lock().unwrap();
        let [line] = counted.as_slice() else {
            panic!("not counted once: {counted:?}");
        };
        assert_eq!(line["OrdersNeedingAttention"], 1);
        assert_eq!(line["reason"], "order");
    }
    let [entry] = record(&world).await.try_into().unwrap();
    assert_eq!(entry.action, Action::OrderNeedsAttention);
}

#[tokio::test]
async fn what_is_for_nobody_to_know_is_passed_over() {
    let world = World::new().await.unwrap();
    let before = world.everything().unwrap();
    assert!(left(&world, RESERVED).await.is_empty());
    assert_eq!(world.everything().unwrap(), before);
}

#[tokio::test]
async fn the_stream_waits_for_a_ledger_that_does_not_answer() {
    let world = World::new().await.unwrap();
    world.refuse_the_next_call();
    let waits = Some("222000000000000000001".to_owned());
    assert_eq!(left(&world, RENAMED).await, [waits]);
    assert!(left(&world, RENAMED).await.is_empty());
    assert_eq!(record(&world).await.len(), 1);
}
