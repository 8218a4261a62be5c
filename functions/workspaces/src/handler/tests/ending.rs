//! The end of a workspace, and who may ask for it.

use insta::assert_snapshot;
use numberline_events::cast;

use super::{event, stage};

const DELETE: &str = include_str!("../../../../../events/workspaces/delete.json");

#[tokio::test]
async fn a_workspace_is_deleted_by_an_order_and_asked_again_by_the_same() {
    let stage = stage().await;
    let first = stage.ask(&event(DELETE)).await.unwrap();
    assert_snapshot!(first, @r#"
    202 Accepted
    content-type: application/json
    location: /api/orders/ord_*
    retry-after: 1

    {
      "createdAt": "*",
      "heldUntil": null,
      "id": "ord_*",
      "kind": "deletion",
      "numberId": null,
      "percent": 0,
      "pollAfterMs": 1000,
      "problem": null,
      "status": "queued",
      "step": "releasing_numbers",
      "steps": [
        {"at":null,"name":"releasing_numbers","status":"running"},
        {"at":null,"name":"deleted","status":"pending"},
        {"at":null,"name":"closing_account","status":"pending"}
      ]
    }
    "#);
    let again = stage.ask(&event(DELETE)).await.unwrap();
    assert_eq!(again.json().unwrap(), first.json().unwrap());
    assert!(
        stage.world.lab.queue.next_visible().is_some(),
        "a worker is woken"
    );
}

#[tokio::test]
async fn only_its_admins_delete_a_workspace() {
    let stage = stage().await;
    let bakery = format!("/api/workspaces/{}", cast::bakery());
    let cases = [
        ("no token", event(DELETE).without_token()),
        ("a member", event(DELETE).by(cast::BEN)),
        ("a stranger", event(DELETE).by(cast::EVE)),
        ("in no workspace", event(DELETE).by(cast::NIA)),
        ("another workspace", event(DELETE).at(&bakery)),
        ("what is none", event(DELETE).at("/api/workspaces/ws_1")),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @"
    no token: 401 unauthenticated: sign in first
    a member: 403 admin_only: only admins of the workspace may do this
    a stranger: 404 not_found: there is no such thing here
    in no workspace: 404 not_found: there is no such thing here
    another workspace: 404 not_found: there is no such thing here
    what is none: 404 not_found: there is no such thing here
    ");
}
