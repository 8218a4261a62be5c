//! Changing one's mind about orders, from the events in `events/orders`.

use insta::assert_snapshot;
use numberline_events::{Handle, HttpEvent, Stage, World, cast};

use super::{App, handle};

const CANCEL: &str = include_str!("../../../../events/orders/cancel.json");
const RETRY: &str = include_str!("../../../../events/orders/retry.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    let world = World::new().await.unwrap();
    let app = App {
        base: world.lab.base(),
        shop: world.lab.shop(),
        carriers: world.lab.carriers().clone(),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn order(n: u128, wish: &str) -> String {
    format!("/api/orders/{}/{wish}", cast::order(n))
}

#[tokio::test]
async fn an_order_that_runs_is_asked_to_stop_and_asked_again_answers_the_same() {
    let stage = stage().await;
    let first = stage.ask(&event(CANCEL)).await;
    assert_snapshot!(first.unwrap(), @r#"
    202 Accepted
    content-type: application/json
    location: /api/orders/ord_00000000000000000000000003
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
    let again = stage.ask(&event(CANCEL)).await;
    assert_eq!(
        again.unwrap().json().unwrap()["id"],
        cast::order(3).as_str()
    );
}

#[tokio::test]
async fn an_order_that_failed_begins_again() {
    let stage = stage().await;
    let answer = stage.ask(&event(RETRY)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    202 Accepted
    content-type: application/json
    location: /api/orders/ord_00000000000000000000000004
    retry-after: 1

    {
      "createdAt": "2026-11-20T06:00:00.000Z",
      "display": "(737) 555-0104",
      "heldUntil": null,
      "id": "ord_00000000000000000000000004",
      "kind": "provision",
      "number": "+17375550104",
      "numberId": "num_00000000000000000000000004",
      "percent": 0,
      "pollAfterMs": 1000,
      "problem": null,
      "status": "queued",
      "step": "searching",
      "steps": [
        {"at":null,"name":"searching","status":"running"},
        {"at":null,"name":"purchasing","status":"pending"},
        {"at":null,"name":"configuring_voice","status":"pending"},
        {"at":null,"name":"configuring_sms","status":"pending"},
        {"at":null,"name":"verifying","status":"pending"},
        {"at":null,"name":"active","status":"pending"}
      ]
    }
    "#);
}

#[tokio::test]
async fn what_cannot_be_canceled_or_tried_again() {
    let stage = stage().await;
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
    let refused = stage.refusals(cases).await;
    assert_snapshot!(refused.unwrap(), @r#"
    one that ended well, canceled: 409 order_ended: this order has ended; a number that it brought can be released
    one that failed, canceled: 409 order_ended: this order has ended; a number that it brought can be released
    one that ended well, retried: 409 order_not_retryable: this order cannot be tried again; place a new one
    another workspace's, canceled: 404 not_found: there is no such thing here
    another workspace's, retried: 404 not_found: there is no such thing here
    none of ours: 404 not_found: there is no such thing here
    "#);
}

#[tokio::test]
async fn callers_that_may_not_change_their_mind_here() {
    let stage = stage().await;
    let mut cases = Vec::new();
    for (wish, file) in [("cancel", CANCEL), ("retry", RETRY)] {
        let nowhere = event(file).without_header("x-workspace-id");
        cases.extend([
            (format!("{wish}, no token"), event(file).without_token()),
            (format!("{wish}, a member"), event(file).by(cast::BEN)),
            (format!("{wish}, a stranger"), event(file).by(cast::EVE)),
            (
                format!("{wish}, from another workspace"),
                nowhere.clone().by(cast::EVE),
            ),
            (
                format!("{wish}, no workspace"),
                nowhere.clone().by(cast::NIA),
            ),
            (
                format!("{wish}, one of two workspaces"),
                nowhere.by(cast::MIA),
            ),
        ]);
    }
    let cases = cases.iter();
    let cases = cases.map(|(case, event)| (case.as_str(), event.clone()));
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @"
    cancel, no token: 401 unauthenticated: sign in first
    cancel, a member: 403 admin_only: only admins of the workspace may do this
    cancel, a stranger: 404 not_found: there is no such thing here
    cancel, from another workspace: 404 not_found: there is no such thing here
    cancel, no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    cancel, one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    retry, no token: 401 unauthenticated: sign in first
    retry, a member: 403 admin_only: only admins of the workspace may do this
    retry, a stranger: 404 not_found: there is no such thing here
    retry, from another workspace: 404 not_found: there is no such thing here
    retry, no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    retry, one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    ");
}
