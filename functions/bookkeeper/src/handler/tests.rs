//! Thread heads from the stream, from the events in `events/bookkeeper`.

use numberline::store::{CountedThread, Window};
use numberline_events::{World, cast, invocation};

use super::{App, Event, handle};

const MESSAGE: &str = include_str!("../../../../events/bookkeeper/message.json");
const ONE_UNREADABLE: &str = include_str!("../../../../events/bookkeeper/one-unreadable.json");
const WORKSPACE: &str = include_str!("../../../../events/bookkeeper/workspace.json");

/// Where the stream has to begin again, after the events in `file`.
async fn left(world: &World, file: &str) -> Vec<Option<String>> {
    let app = App {
        threads: world.lab.threads(),
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

#[tokio::test]
async fn what_is_no_message_is_passed_over() {
    let world = World::new().await.unwrap();
    let before = world.everything().unwrap();
    assert!(left(&world, WORKSPACE).await.is_empty());
    assert_eq!(world.everything().unwrap(), before);
}
