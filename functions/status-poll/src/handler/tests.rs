//! How far orders are, from the events in `events/status-poll`.

use insta::assert_snapshot;
use numberline_events::{Handle, HttpEvent, Stage, World, cast};

use super::{App, handle};

const ORDER: &str = include_str!("../../../../events/status-poll/order.json");
const ORDERS: &str = include_str!("../../../../events/status-poll/orders.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    let world = World::new().await.unwrap();
    let app = App {
        base: world.lab.base(),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn order(n: u128) -> HttpEvent {
    event(ORDER).at(&format!("/api/orders/{}", cast::order(n)))
}

#[tokio::test]
async fn an_order_that_is_being_worked() {
    let stage = stage().await;
    let answer = stage.ask(&event(ORDER)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json
    retry-after: 1

    {
      "createdAt": "2026-11-21T05:58:00.000Z",
      "display": "(737) 555-0103",
      "heldUntil": null,
      "id": "ord_00000000000000000000000003",
      "kind": "provision",
      "number": "+17375550103",
      "numberId": "num_00000000000000000000000003",
      "percent": 33,
      "pollAfterMs": 1000,
      "problem": null,
      "status": "running",
      "step": "configuring_voice",
      "steps": [
        {"at":"2026-11-21T05:58:00.000Z","name":"searching","status":"done"},
        {"at":"2026-11-21T05:59:00.000Z","name":"purchasing","status":"done"},
        {"at":null,"name":"configuring_voice","status":"running"},
        {"at":null,"name":"configuring_sms","status":"pending"},
        {"at":null,"name":"verifying","status":"pending"},
        {"at":null,"name":"active","status":"pending"}
      ]
    }
    "#);
}

#[tokio::test]
async fn an_order_that_ended_badly() {
    let stage = stage().await;
    let answer = stage.ask(&order(4)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "alternatives": [{"display":"(512) 555-0124","number":"+15125550124"}],
      "createdAt": "2026-11-20T06:00:00.000Z",
      "heldUntil": null,
      "id": "ord_00000000000000000000000004",
      "kind": "provision",
      "numberId": "num_00000000000000000000000004",
      "percent": 16,
      "pollAfterMs": null,
      "problem": {
        "code": "number_unavailable",
        "detail": "This number was taken by somebody else a moment ago. Choose another one.",
        "since": "2026-11-20T06:00:00.000Z"
      },
      "status": "failed",
      "step": "purchasing",
      "steps": [
        {"at":"2026-11-20T06:00:00.000Z","name":"searching","status":"done"},
        {"at":null,"name":"purchasing","status":"failed"},
        {"at":null,"name":"configuring_voice","status":"pending"},
        {"at":null,"name":"configuring_sms","status":"pending"},
        {"at":null,"name":"verifying","status":"pending"},
        {"at":null,"name":"active","status":"pending"}
      ]
    }
    "#);
}

#[tokio::test]
async fn the_newest_orders_and_then_the_older_ones() {
    let stage = stage().await;
    let (mut query, mut ids) = ("limit=3".to_owned(), Vec::new());
    for _ in 0..2 {
        let event = event(ORDERS).query(&query);
        let answer = stage.ask(&event).await.unwrap();
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
    let stage = stage().await;
    let event = order(3).without_header("x-workspace-id");
    let answer = stage.ask(&event).await.unwrap();
    assert_eq!(answer.status(), 200);
    let backend = order(3).by(cast::BACKEND);
    let answer = stage.ask(&backend).await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn what_is_refused() {
    let stage = stage().await;
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
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    another's order: 404 not_found: there is no such thing here
    in another workspace: 404 not_found: there is no such thing here
    no order: 404 not_found: there is no such thing here
    no identifier: 404 not_found: there is no such thing here
    one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    limit 0: 400 invalid_limit at "limit": limit is a number from 1 to 100
    limit 101: 400 invalid_limit at "limit": limit is a number from 1 to 100
    unknown cursor: 400 invalid_cursor at "cursor": this cursor is not one we gave out for this list
    two cursors: 400 parameter_repeated at "cursor": cursor is given more than once
    "#);
}

#[tokio::test]
async fn a_table_that_does_not_answer() {
    let stage = stage().await;
    stage.world.refuse_the_next_call();
    let case = [("order", event(ORDER))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"order: 503 temporarily_unavailable (again in 5 s): something went wrong on our side; try again in a moment");
}
