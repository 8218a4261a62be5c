//! A workspace's numbers, from the events in `events/numbers`.

use insta::assert_snapshot;
use numberline_events::{Handle, HttpEvent, Stage, World, cast};
use serde_json::{Value, json};

use super::{App, handle};

const FORWARD: &str = include_str!("../../../../events/numbers/forward.json");
const GET: &str = include_str!("../../../../events/numbers/get.json");
const LABEL: &str = include_str!("../../../../events/numbers/label.json");
const LIST: &str = include_str!("../../../../events/numbers/list.json");

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

/// What is answered to the event in `file`, in a world where nothing else happened.
async fn answer(file: &str) -> String {
    let stage = stage().await;
    let answer = stage.ask(&event(file)).await;
    answer.unwrap().to_string()
}

#[tokio::test]
async fn a_page_of_numbers() {
    assert_snapshot!(answer(LIST).await, @r#"
    200 OK
    content-type: application/json

    {
      "items": [
        {
          "activatedAt": "2026-11-01T06:02:00.000Z",
          "capabilities": {"mms":true,"sms":true,"voice":true},
          "display": "(737) 555-0101",
          "id": "num_00000000000000000000000001",
          "label": "Front desk",
          "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
          "number": "+17375550101",
          "orderId": "ord_00000000000000000000000001",
          "origin": "purchased",
          "purchasedAt": "2026-11-01T06:01:00.000Z",
          "releaseOrderId": null,
          "releasedAt": null,
          "routing": {
            "voice": {
              "mode": "greeting",
              "text": "Thank you for calling. Please send a text message to this number."
            }
          },
          "status": "active"
        },
        {
          "activatedAt": "2026-11-19T06:02:00.000Z",
          "capabilities": {"mms":true,"sms":true,"voice":true},
          "display": "(737) 555-0102",
          "id": "num_00000000000000000000000002",
          "label": null,
          "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
          "number": "+17375550102",
          "orderId": "ord_00000000000000000000000002",
          "origin": "purchased",
          "purchasedAt": "2026-11-19T06:01:00.000Z",
          "releaseOrderId": null,
          "releasedAt": null,
          "routing": {
            "voice": {
              "mode": "greeting",
              "text": "Thank you for calling. Please send a text message to this number."
            }
          },
          "status": "active"
        }
      ],
      "nextCursor": "YzEKTlVNQkVSIwpudW1fMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDI"
    }
    "#);
}

#[tokio::test]
async fn a_number() {
    assert_snapshot!(answer(GET).await, @r#"
    200 OK
    content-type: application/json

    {
      "activatedAt": "2026-11-01T06:02:00.000Z",
      "capabilities": {"mms":true,"sms":true,"voice":true},
      "display": "(737) 555-0101",
      "id": "num_00000000000000000000000001",
      "label": "Front desk",
      "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
      "number": "+17375550101",
      "orderId": "ord_00000000000000000000000001",
      "origin": "purchased",
      "purchasedAt": "2026-11-01T06:01:00.000Z",
      "releaseOrderId": null,
      "releasedAt": null,
      "routing": {
        "voice": {"mode":"greeting","text":"Thank you for calling. Please send a text message to this number."}
      },
      "status": "active"
    }
    "#);
}

#[tokio::test]
async fn a_new_label() {
    assert_snapshot!(answer(LABEL).await, @r#"
    200 OK
    content-type: application/json

    {
      "activatedAt": "2026-11-01T06:02:00.000Z",
      "capabilities": {"mms":true,"sms":true,"voice":true},
      "display": "(737) 555-0101",
      "id": "num_00000000000000000000000001",
      "label": "Reception",
      "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
      "number": "+17375550101",
      "orderId": "ord_00000000000000000000000001",
      "origin": "purchased",
      "purchasedAt": "2026-11-01T06:01:00.000Z",
      "releaseOrderId": null,
      "releasedAt": null,
      "routing": {
        "voice": {"mode":"greeting","text":"Thank you for calling. Please send a text message to this number."}
      },
      "status": "active"
    }
    "#);
}

#[tokio::test]
async fn calls_go_on_to_another_number() {
    assert_snapshot!(answer(FORWARD).await, @r#"
    200 OK
    content-type: application/json

    {
      "activatedAt": "2026-11-01T06:02:00.000Z",
      "capabilities": {"mms":true,"sms":true,"voice":true},
      "display": "(737) 555-0101",
      "id": "num_00000000000000000000000001",
      "label": "Front desk",
      "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
      "number": "+17375550101",
      "orderId": "ord_00000000000000000000000001",
      "origin": "purchased",
      "purchasedAt": "2026-11-01T06:01:00.000Z",
      "releaseOrderId": null,
      "releasedAt": null,
      "routing": {"voice":{"mode":"forward","to":"+12125550142"}},
      "status": "active"
    }
    "#);
}

#[tokio::test]
async fn an_empty_label_takes_it_away() {
    let stage = stage().await;
    let event = event(LABEL).field("label", json!("")).unwrap();
    let answer = stage.ask(&event).await.unwrap();
    assert_eq!(answer.json().unwrap()["label"], Value::Null);
}

#[tokio::test]
async fn routings_that_make_no_sense() {
    let stage = stage().await;
    let routing = |routing| event(FORWARD).field("routing", routing).unwrap();
    let voice = |voice| routing(json!({ "voice": voice }));
    let cases = [
        ("unknown mode", voice(json!({ "mode": "fax" }))),
        ("no mode", voice(json!({ "text": "Hello" }))),
        (
            "a number as text",
            voice(json!({ "mode": "greeting", "text": 5 })),
        ),
        (
            "a greeting without text",
            voice(json!({ "mode": "greeting" })),
        ),
        (
            "a greeting that goes on",
            voice(json!({ "mode": "greeting", "text": "Hello", "to": "+12125550142" })),
        ),
        ("forward to nowhere", voice(json!({ "mode": "forward" }))),
        (
            "forward with a text",
            voice(json!({ "mode": "forward", "to": "+12125550142", "text": "Hello" })),
        ),
        ("a list as voice", voice(json!(["greeting", "Hello", null]))),
        (
            "a list as routing",
            routing(json!([{ "mode": "greeting", "text": "Hello" }])),
        ),
    ];
    let refused = stage.refusals(cases).await;
    assert_snapshot!(refused.unwrap(), @r#"
    unknown mode: 400 invalid_body at "/routing/voice/mode": mode must be one of greeting, forward
    no mode: 400 invalid_body at "/routing/voice/mode": mode is missing
    a number as text: 400 invalid_body at "/routing/voice/text": text must be text
    a greeting without text: 400 invalid_body at "/routing/voice/text": a greeting has a text
    a greeting that goes on: 400 invalid_body at "/routing/voice/to": a number goes with the mode forward
    forward to nowhere: 400 invalid_body at "/routing/voice/to": say where calls go on to
    forward with a text: 400 invalid_body at "/routing/voice/text": a text goes with the mode greeting
    a list as voice: 400 invalid_body at "/routing/voice": voice is no list
    a list as routing: 400 invalid_body at "/routing": routing is no list
    "#);
}

#[tokio::test]
async fn changes_that_are_refused() {
    let stage = stage().await;
    let label = |label| event(LABEL).field("label", label).unwrap();
    let voice = |voice| {
        let routing = json!({ "voice": voice });
        event(FORWARD).field("routing", routing).unwrap()
    };
    let forward = |to: &str| voice(json!({ "mode": "forward", "to": to }));
    let greeting = |text: &str| voice(json!({ "mode": "greeting", "text": text }));
    let cases = [
        ("broken JSON", event(LABEL).with_body("label=x")),
        ("nothing", label(Value::Null)),
        (
            "unknown field",
            event(LABEL).field("status", json!("active")).unwrap(),
        ),
        ("label of 300", label(json!("x".repeat(300)))),
        ("two lines as label", label(json!("a\nb"))),
        ("silence", greeting(" ")),
        ("a speech", greeting(&"x".repeat(501))),
        ("forward to no number", forward("reception")),
        ("forward overseas", forward("+18765550142")),
        ("forward to ourselves", forward("+17375550102")),
        ("form", event(LABEL).header("content-type", "text/plain")),
        ("too large", event(LABEL).with_body(&" ".repeat(65_537))),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    broken JSON: 400 invalid_json: the body is not JSON: expected value at line 1 column 1
    nothing: 400 nothing_to_change at "": send label or routing
    unknown field: 400 invalid_body at "/status": status means nothing here; there is label, routing
    label of 300: 400 label_too_long at "/label": a label has at most 64 characters
    two lines as label: 400 label_invalid at "/label": a label is one line of plain text
    silence: 400 greeting_empty at "/routing/voice/text": say something
    a speech: 400 greeting_too_long at "/routing/voice/text": a greeting has at most 500 characters
    forward to no number: 400 invalid_phone_number at "/routing/voice/to": write the number as + and digits, for example +15125550123
    forward overseas: 400 destination_not_allowed at "/routing/voice/to": messages and calls to this destination are not allowed
    forward to ourselves: 400 destination_not_allowed at "/routing/voice/to": messages and calls to this destination are not allowed
    form: 415 unsupported_media_type: send the body as application/json
    too large: 413 body_too_large: the body is larger than 64 KiB
    "#);
}

#[tokio::test]
async fn callers_that_are_refused() {
    let stage = stage().await;
    let nobodys = format!("/api/phone-numbers/{}", cast::number(99));
    let cases = [
        ("no token", event(GET).without_token()),
        ("a member changes", event(LABEL).by(cast::BEN)),
        ("another workspace", event(GET).by(cast::EVE)),
        (
            "from another workspace",
            event(GET).by(cast::EVE).without_header("x-workspace-id"),
        ),
        ("no number", event(LABEL).at(&nobodys)),
        (
            "no identifier",
            event(GET).at("/api/phone-numbers/+17375550101"),
        ),
        (
            "one of two workspaces",
            event(LIST).by(cast::MIA).without_header("x-workspace-id"),
        ),
        ("limit 0", event(LIST).query("limit=0")),
        ("unknown cursor", event(LIST).query("cursor=abc")),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    a member changes: 403 admin_only: only admins of the workspace may do this
    another workspace: 404 not_found: there is no such thing here
    from another workspace: 404 not_found: there is no such thing here
    no number: 404 not_found: there is no such thing here
    no identifier: 404 not_found: there is no such thing here
    one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    limit 0: 400 invalid_limit at "limit": limit is a number from 1 to 100
    unknown cursor: 400 invalid_cursor at "cursor": this cursor is not one we gave out for this list
    "#);
}
