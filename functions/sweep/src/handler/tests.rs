//! Waking what is due, from the event in `events/sweep`.

use std::time::Duration;

use numberline_events::{World, cast, invocation};

use super::{App, handle};

const EVERY_MINUTE: &str = include_str!("../../../../events/sweep/every-minute.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
        queue: world.lab.order_queue(),
        clock: world.lab.clock(),
    }
}

async fn woken(world: &World) -> Result<u32, String> {
    let event = invocation(world, EVERY_MINUTE).unwrap();
    let woken = handle(&app(world), event).await;
    woken.map_err(|error| error.to_string())
}

#[tokio::test]
async fn what_is_due_is_woken_and_then_left_for_a_while() {
    let world = World::new().await.unwrap();
    assert_eq!(woken(&world).await, Ok(1));
    let message = world.lab.queue.receive(world.lab.clock.time()).unwrap();
    assert!(
        message.body.contains(cast::order(8).as_str()),
        "{message:?}"
    );
    assert_eq!(woken(&world).await, Ok(0));
    world.lab.clock.advance(Duration::from_mins(3));
    assert!(woken(&world).await.unwrap() > 0, "nobody took it up");
}

#[tokio::test]
async fn an_index_that_does_not_answer_is_said_so() {
    let world = World::new().await.unwrap();
    world.refuse_the_next_call();
    assert!(woken(&world).await.is_err());
    assert_eq!(woken(&world).await, Ok(1), "the next minute is the retry");
}
