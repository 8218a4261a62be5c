//! How far orders are, from the events in `events/status-poll`.

use insta::assert_snapshot;
use numberline_events::{HttpEvent, World, ask, cast, refusals};

use super::{App, handle};

const ORDER: &str = include_str!("../../../../events/status-poll/order.json");
const ORDERS: &str = include_str!("../../../../events/status-poll/orders.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
    }
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn order(n: u128) -> HttpEvent {
    event(ORDER).at(&format!("/api/orders/{}", cast::order(n)))
}

#[tokio::test]
async fn an_order_that_is_being_worked() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&event(ORDER), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn an_order_that_ended_badly() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&order(4), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn the_newest_orders_and_then_the_older_ones() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let (mut query, mut ids) = ("limit=3".to_owned(), Vec::new());
    for _ in 0..2 {
        let event = event(ORDERS).query(&query);
        let answer = ask(&event, |request| handle(&app, request)).await.unwrap();
        let page = answer.json().unwrap();
        let items = page["items"].as_array().unwrap();
        ids.extend(
            items
                .iter()
                .map(|order| order["id"].as_str().unwrap().to_owned()),
        );
        let next = page["nextCursor"].as_str().unwrap_or_default();
        query = format!("limit=3&cursor={next}");
    }
    let newest_first: Vec<_> = [4, 3, 2, 1].map(|n| cast::order(n).to_string()).into();
    assert_eq!(ids, newest_first);
    assert!(query.ends_with("cursor="), "the last page names no next");
}

#[tokio::test]
async fn whoever_is_in_one_workspace_need_not_name_it() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let event = order(3).without_header("x-workspace-id");
    let answer = ask(&event, |request| handle(&app, request)).await.unwrap();
    assert_eq!(answer.status(), 200);
    let backend = order(3).by(cast::BACKEND);
    let answer = ask(&backend, |request| handle(&app, request))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn what_is_refused() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let cases = [
        ("no token", event(ORDER).without_token()),
        ("another's order", order(8)),
        (
            "in another workspace",
            order(8).header("x-workspace-id", cast::studio().as_str()),
        ),
        ("no order", order(99)),
        ("no identifier", event(ORDER).at("/api/orders/3")),
        (
            "one of two workspaces",
            order(3).by(cast::MIA).without_header("x-workspace-id"),
        ),
        (
            "no workspace",
            order(3).by(cast::NIA).without_header("x-workspace-id"),
        ),
        ("limit 0", event(ORDERS).query("limit=0")),
        ("limit 101", event(ORDERS).query("limit=101")),
        ("unknown cursor", event(ORDERS).query("cursor=bm90IG91cnM")),
        ("two cursors", event(ORDERS).query("cursor=a&cursor=b")),
    ];
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @"");
}

#[tokio::test]
async fn a_table_that_does_not_answer() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    world.refuse_the_next_call();
    let case = [("order", event(ORDER))];
    let line = refusals(&world, case, |request| handle(&app, request)).await;
    assert_snapshot!(line.unwrap(), @"");
}
