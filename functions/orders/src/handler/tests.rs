//! Changing one's mind about orders, from the events in `events/orders`.

use insta::assert_snapshot;
use numberline_events::{HttpEvent, World, ask, cast, refusals};

use super::{App, handle};

const CANCEL: &str = include_str!("../../../../events/orders/cancel.json");
const RETRY: &str = include_str!("../../../../events/orders/retry.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
        shop: world.lab.shop(),
        carriers: world.lab.carriers().clone(),
    }
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn order(n: u128, wish: &str) -> String {
    format!("/api/orders/{}/{wish}", cast::order(n))
}

#[tokio::test]
async fn an_order_that_runs_is_asked_to_stop_and_asked_again_answers_the_same() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let first = ask(&event(CANCEL), |request| handle(&app, request)).await;
    assert_snapshot!(first.unwrap(), @"");
    let again = ask(&event(CANCEL), |request| handle(&app, request)).await;
    assert_eq!(
        again.unwrap().json().unwrap()["id"],
        cast::order(3).as_str()
    );
}

#[tokio::test]
async fn an_order_that_failed_begins_again() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&event(RETRY), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn what_cannot_be_canceled_or_tried_again() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let cases = [
        (
            "one that ended well, canceled",
            event(CANCEL).at(&order(1, "cancel")),
        ),
        (
            "one that failed, canceled",
            event(CANCEL).at(&order(4, "cancel")),
        ),
        (
            "one that ended well, retried",
            event(RETRY).at(&order(1, "retry")),
        ),
        (
            "another workspace's, canceled",
            event(CANCEL).at(&order(8, "cancel")),
        ),
        (
            "another workspace's, retried",
            event(RETRY).at(&order(8, "retry")),
        ),
        (
            "none of ours",
            event(RETRY).at("/api/orders/nonsense/retry"),
        ),
    ];
    let refused = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(refused.unwrap(), @"");
}
