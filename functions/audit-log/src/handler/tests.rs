//! Reading the record, from the events in `events/audit-log`.

use insta::assert_snapshot;
use numberline_events::{Handle, HttpEvent, Stage, World, cast};

use super::{App, handle};

const LIST: &str = include_str!("../../../../events/audit-log/list.json");
const VERIFICATION: &str = include_str!("../../../../events/audit-log/verification.json");

async fn world() -> World {
    let world = World::new().await.unwrap();
    world.write_record().await.unwrap();
    world
}

async fn stage() -> Stage<App, impl Handle<App>> {
    on(World::new().await.unwrap())
}

fn on(world: World) -> Stage<App, impl Handle<App>> {
    let app = App {
        base: world.lab.base(),
        ledger: world.lab.ledger(),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

#[tokio::test]
async fn who_did_what_the_newest_first() {
    let stage = on(world().await);
    let first = event(LIST).query("limit=2");
    let answer = stage.ask(&first).await.unwrap();
    assert_snapshot!(answer, @r#"
    200 OK
    content-type: application/json

    {
      "items": [
        {
          "action": "member.removed",
          "actor": {"address":"198.51.100.7","kind":"member","requestId":"JKJaXmPLvHcESHA=","subject":"ada"},
          "after": null,
          "at": "2026-11-21T05:57:00.000Z",
          "before": {"id":"mem_*","kind":"member","role":"member","subject":"ben"},
          "hash": "ee81f0854136f91fdadac09890f82bcf3d37f5317d20bd0b59d53aa47257c13b",
          "id": "chg_00000000000000000000000003",
          "previousHash": "cd0db1b4cbf173379d0f9c779c6970649d30fe38c3e3c3915ca5e14608ea09df",
          "sequence": 3
        },
        {
          "action": "number.labeled",
          "actor": {"address":"198.51.100.7","kind":"member","requestId":"JKJaXmPLvHcESHA=","subject":"ada"},
          "after": {
            "id": "num_00000000000000000000000001",
            "kind": "number",
            "label": "Front desk",
            "monthlyPriceMicros": 1000000,
            "number": "+17375550101",
            "orderId": "ord_00000000000000000000000001",
            "origin": "purchased",
            "releaseOrderId": null,
            "routing": {
              "voice": {
                "mode": "greeting",
                "text": "Thank you for calling. Please send a text message to this number."
              }
            },
            "status": "active"
          },
          "at": "2026-11-21T05:57:00.000Z",
          "before": {
            "id": "num_00000000000000000000000001",
            "kind": "number",
            "label": null,
            "monthlyPriceMicros": 1000000,
            "number": "+17375550101",
            "orderId": "ord_00000000000000000000000001",
            "origin": "purchased",
            "releaseOrderId": null,
            "routing": {
              "voice": {
                "mode": "greeting",
                "text": "Thank you for calling. Please send a text message to this number."
              }
            },
            "status": "active"
          },
          "hash": "cd0db1b4cbf173379d0f9c779c6970649d30fe38c3e3c3915ca5e14608ea09df",
          "id": "chg_00000000000000000000000002",
          "previousHash": "1c22c49a0897b79b509240dacc5a40627cf451a44439d7f4b70167c49ba8590a",
          "sequence": 2
        }
      ],
      "nextCursor": "YzEKQVVESVQjCjAwMDAwMDAwMDAwMDAwMDAwMDAy"
    }
    "#);
}

#[tokio::test]
async fn the_next_page_goes_on_where_this_one_ended() {
    let stage = on(world().await);
    let first = event(LIST).query("limit=2");
    let answer = stage.ask(&first).await.unwrap();
    let body = answer.json().unwrap();
    let cursor = body["nextCursor"].as_str().unwrap();
    let rest = event(LIST).query(&format!("limit=2&cursor={cursor}"));
    let rest = stage.ask(&rest).await.unwrap();
    let rest = rest.json().unwrap();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["items"][0]["action"], "workspace.renamed");
    assert_eq!(rest["nextCursor"], serde_json::Value::Null);
    assert_eq!(
        body["items"][1]["previousHash"], rest["items"][0]["hash"],
        "each continues the one before"
    );
}

#[tokio::test]
async fn a_record_nobody_has_been_at_is_intact() {
    let stage = on(world().await);
    let answer = stage.ask(&event(VERIFICATION)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "checked": 3,
      "complete": true,
      "findings": [],
      "head": {"hash":"ee81f0854136f91fdadac09890f82bcf3d37f5317d20bd0b59d53aa47257c13b","sequence":3},
      "intact": true
    }
    "#);
}

#[tokio::test]
async fn an_empty_record_is_intact() {
    let stage = stage().await;
    let answer = stage.ask(&event(VERIFICATION)).await;
    let answer = answer.unwrap().json().unwrap();
    assert_eq!(answer["intact"], true);
    assert_eq!(answer["head"]["sequence"], 0);
}

#[tokio::test]
async fn another_workspace_sees_nothing_of_it() {
    let stage = on(world().await);
    let own = event(LIST).by(cast::EVE).without_header("x-workspace-id");
    let answer = stage.ask(&own).await.unwrap();
    assert_eq!(answer.json().unwrap()["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn no_carrier_and_no_account_is_in_an_answer() {
    let stage = on(world().await);
    let answer = stage.ask(&event(LIST)).await;
    let said = answer.unwrap().json().unwrap().to_string();
    for secret in [cast::carrier().as_str(), cast::account().as_str(), "c0ffee"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}

#[tokio::test]
async fn what_is_refused() {
    let stage = on(world().await);
    let cases = [
        ("no token", event(LIST).without_token()),
        ("a member", event(LIST).by(cast::BEN)),
        ("a member verifies", event(VERIFICATION).by(cast::BEN)),
        ("another workspace", event(LIST).by(cast::EVE)),
        (
            "another workspace verifies",
            event(VERIFICATION).by(cast::EVE),
        ),
        (
            "one of two workspaces",
            event(LIST).by(cast::MIA).without_header("x-workspace-id"),
        ),
        ("limit 0", event(LIST).query("limit=0")),
        ("unknown cursor", event(LIST).query("cursor=abc")),
        (
            "cursor of the list",
            event(VERIFICATION).query("cursor=YzEKQVVESVQjCjAx"),
        ),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    a member: 403 admin_only: only admins of the workspace may do this
    a member verifies: 403 admin_only: only admins of the workspace may do this
    another workspace: 404 not_found: there is no such thing here
    another workspace verifies: 404 not_found: there is no such thing here
    one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    limit 0: 400 invalid_limit at "limit": limit is a number from 1 to 100
    unknown cursor: 400 invalid_cursor at "cursor": this cursor is not one we gave out for this list
    cursor of the list: 400 invalid_cursor at "cursor": this cursor is not one we gave out for this list
    "#);
}
