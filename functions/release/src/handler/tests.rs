//! Giving a number back, from the events in `events/release`.

use std::time::Duration;

use insta::assert_snapshot;
use numberline_events::{Handle, HttpEvent, Stage, World, cast};

use super::{App, Holds, handle};

const PREVIEW: &str = include_str!("../../../../events/release/preview.json");
const RELEASE: &str = include_str!("../../../../events/release/release.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    let world = World::new().await.unwrap();
    let app = App {
        base: world.lab.base(),
        queue: world.lab.order_queue(),
        holds: Holds::new(vec![(cast::carrier(), Duration::from_hours(14 * 24))]),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn number(n: u128) -> String {
    format!("/api/phone-numbers/{}", cast::number(n))
}

#[tokio::test]
async fn what_giving_back_a_recent_number_means() {
    let stage = stage().await;
    let answer = stage.ask(&event(PREVIEW)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "consequences": [
        "Calls to this number stop reaching you at once, messages soon after.",
        "The number cannot be had back: somebody else may get it.",
        "The network takes the number back only later; until then it is kept unused, at no cost to you."
      ],
      "display": "(737) 555-0102",
      "heldUntil": "2026-12-03T06:01:00.000Z",
      "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
      "number": "+17375550102",
      "releasable": true
    }
    "#);
}

#[tokio::test]
async fn a_number_that_does_not_work_yet_is_not_releasable() {
    let stage = stage().await;
    let preview = event(PREVIEW).at(&format!("{}/release-preview", number(3)));
    let answer = stage.ask(&preview).await.unwrap();
    assert_eq!(answer.json().unwrap()["releasable"], false);
    let case = [("release", event(RELEASE).at(&number(3)))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"release: 409 number_not_releasable: this number cannot be released in its present state");
}

#[tokio::test]
async fn a_number_is_given_back_once() {
    let stage = stage().await;
    let first = stage.ask(&event(RELEASE)).await;
    let first = first.unwrap();
    assert_snapshot!(first, @r#"
    202 Accepted
    content-type: application/json
    location: /api/orders/ord_*
    retry-after: 1

    {
      "createdAt": "*",
      "display": "(737) 555-0101",
      "heldUntil": null,
      "id": "ord_*",
      "kind": "release",
      "number": "+17375550101",
      "numberId": "num_00000000000000000000000001",
      "percent": 0,
      "pollAfterMs": 1000,
      "problem": null,
      "status": "queued",
      "step": "releasing",
      "steps": [
        {"at":null,"name":"releasing","status":"running"},
        {"at":null,"name":"confirming","status":"pending"},
        {"at":null,"name":"released","status":"pending"}
      ]
    }
    "#);
    let again = stage.ask(&event(RELEASE)).await;
    assert_eq!(again.unwrap().json().unwrap(), first.json().unwrap());
}

#[tokio::test]
async fn what_is_refused() {
    let stage = stage().await;
    let cases = [
        ("no token", event(RELEASE).without_token()),
        ("a member", event(RELEASE).by(cast::BEN)),
        ("another workspace", event(RELEASE).by(cast::EVE)),
        (
            "from another workspace",
            event(RELEASE)
                .by(cast::EVE)
                .without_header("x-workspace-id"),
        ),
        ("no number", event(RELEASE).at(&number(99))),
        ("no identifier", event(RELEASE).at("/api/phone-numbers/1")),
        (
            "one of two workspaces",
            event(PREVIEW)
                .by(cast::MIA)
                .without_header("x-workspace-id"),
        ),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @"
    no token: 401 unauthenticated: sign in first
    a member: 403 admin_only: only admins of the workspace may do this
    another workspace: 404 not_found: there is no such thing here
    from another workspace: 404 not_found: there is no such thing here
    no number: 404 not_found: there is no such thing here
    no identifier: 404 not_found: there is no such thing here
    one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    ");
}
