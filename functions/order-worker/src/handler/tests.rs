//! Working orders, from the events in `events/order-worker`.

use numberline_events::{World, cast, invocation};
use numberline_tests::lab::Books;

use super::{App, OrderStatus, SqsEvent, handle};

const ONE_UNREADABLE: &str = include_str!("../../../../events/order-worker/one-unreadable.json");
const ORDER: &str = include_str!("../../../../events/order-worker/order.json");

const REPEATED: &str = include_str!("../../../../events/order-worker/repeated.json");

fn app(world: &World) -> App {
    App {
        worker: world.lab.worker(),
    }
}

/// The messages of `file` that are to be redelivered.
async fn redelivered(world: &World, file: &str) -> Vec<String> {
    let event = invocation::<SqsEvent>(world, file).unwrap();
    let response = Box::pin(handle(&app(world), event)).await.unwrap();
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

fn status(world: &World) -> OrderStatus {
    let books = Books::read(&world.lab.tables).unwrap();
    books.order(&cast::order(8)).unwrap().status
}

#[tokio::test]
async fn an_order_is_worked_to_its_end() {
    let world = World::new().await.unwrap();
    assert_eq!(status(&world), OrderStatus::Queued);
    assert!(redelivered(&world, ORDER).await.is_empty());
    assert_eq!(status(&world), OrderStatus::Succeeded);
}

#[tokio::test]
async fn an_order_that_has_ended_is_left_alone() {
    let world = World::new().await.unwrap();
    assert!(redelivered(&world, ORDER).await.is_empty());
    let before = world.everything().unwrap();
    assert!(redelivered(&world, ORDER).await.is_empty());
    assert_eq!(world.everything().unwrap(), before);
}

#[tokio::test]
async fn a_message_that_comes_again_long_after_changes_nothing() {
    let world = World::new().await.unwrap();
    let orders = || Books::read(&world.lab.tables).unwrap().orders;
    let (before, bought) = (orders(), world.lab.simulator.ledger());
    assert!(redelivered(&world, REPEATED).await.is_empty());
    assert_eq!(orders(), before);
    assert_eq!(world.lab.simulator.ledger(), bought);
}

#[tokio::test]
async fn what_cannot_be_read_comes_again_alone() {
    let world = World::new().await.unwrap();
    let unreadable = "059f36b4-87a3-44ab-83d2-000000000001";
    assert_eq!(redelivered(&world, ONE_UNREADABLE).await, [unreadable]);
    assert_eq!(status(&world), OrderStatus::Succeeded);
}

#[tokio::test]
async fn a_message_whose_order_cannot_be_taken_comes_again() {
    let world = World::new().await.unwrap();
    world.refuse_the_next_call();
    assert_eq!(redelivered(&world, ORDER).await.len(), 1);
    assert_eq!(status(&world), OrderStatus::Queued);
}
