//! Texts sent and read, from the events in `events/messages`.

use std::time::Duration;

use insta::assert_snapshot;
use numberline_events::{AtTheCarrier, Handle, HttpEvent, Mode, Stage, World, cast};
use serde_json::{Value, json};

use super::{App, handle};

const CALLS: &str = include_str!("../../../../events/messages/calls.json");
const CONVERSATIONS: &str = include_str!("../../../../events/messages/conversations.json");
const MESSAGES: &str = include_str!("../../../../events/messages/messages.json");
const SEND: &str = include_str!("../../../../events/messages/send.json");
const SEND_SHARED: &str = include_str!("../../../../events/messages/send-shared.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    on(World::new().await.unwrap())
}

fn on(world: World) -> Stage<App, impl Handle<App>> {
    let app = App {
        base: world.lab.base(),
        post: world.lab.post(),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

#[tokio::test]
async fn a_text_is_sent_once() {
    let stage = on(World::with_a_number().await.unwrap());
    let first = stage.ask(&event(SEND)).await;
    let first = first.unwrap();
    assert_snapshot!(first, @r#"
    202 Accepted
    content-type: application/json
    location: /api/conversations/cnv_*/messages

    {
      "at": "*",
      "body": "See you tomorrow at ten.",
      "conversationId": "cnv_*",
      "direction": "outbound",
      "failure": null,
      "from": "+15125550104",
      "id": "msg_*",
      "segments": 1,
      "status": "queued",
      "to": "+12125550199"
    }
    "#);
    let again = stage.ask(&event(SEND)).await;
    assert_eq!(again.unwrap().json().unwrap(), first.json().unwrap());
    let other = event(SEND)
        .field("body", json!("See you at eleven."))
        .unwrap();
    let case = [("the key with another text", other)];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"the key with another text: 422 idempotency_key_reused: this Idempotency-Key was used for another request; take a new one");
}

#[tokio::test]
async fn what_the_carrier_refuses_or_does_not_say_is_an_answer() {
    for (mode, status) in [(Mode::Refuse, "failed"), (Mode::LostResponse, "unknown")] {
        let stage = on(World::with_a_number().await.unwrap());
        stage.world.at_the_carrier(AtTheCarrier::SendMessage, mode);
        let answer = stage.ask(&event(SEND)).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 202, "{status}");
        let message = answer.json().unwrap();
        assert_eq!(message["status"], status);
        // What may have been sent may be charged.
        let segments = u32::from(status == "unknown");
        assert_eq!(message["segments"], segments, "{status}");
    }
}

#[tokio::test]
async fn a_workspace_without_a_number_writes_from_a_shared_one() {
    let stage = on(World::with_a_shared_number().await.unwrap());
    let first = stage.ask(&event(SEND_SHARED)).await;
    let first = first.unwrap();
    assert_snapshot!(first, @r#"
    202 Accepted
    content-type: application/json
    location: /api/conversations/cnv_*/messages

    {
      "at": "*",
      "body": "Your bouquet is on its way.",
      "conversationId": "cnv_*",
      "direction": "outbound",
      "failure": null,
      "from": "+15125550190",
      "id": "msg_*",
      "segments": 1,
      "status": "queued",
      "to": "+12125550199"
    }
    "#);
    let again = stage.ask(&event(SEND_SHARED)).await;
    assert_eq!(again.unwrap().json().unwrap(), first.json().unwrap());
}

#[tokio::test]
async fn a_shared_number_can_be_named_and_no_other() {
    let stage = on(World::with_a_shared_number().await.unwrap());
    let from = |number: &str| event(SEND_SHARED).field("from", json!(number)).unwrap();
    let case = [("another's number", from("+17375550101"))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @r#"another's number: 400 sender_not_ours at "/from": this is not an active number of the workspace"#);
    let named = stage.ask(&from(cast::SHARED)).await;
    assert_eq!(named.unwrap().json().unwrap()["from"], cast::SHARED);
    let own = event(SEND).field("from", json!(cast::SHARED)).unwrap();
    let case = [("on a plan with a number", own)];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @r#"on a plan with a number: 400 sender_not_ours at "/from": this is not an active number of the workspace"#);
}

#[tokio::test]
async fn without_any_shared_number_there_is_none_to_write_from() {
    let stage = stage().await;
    let case = [("text", event(SEND_SHARED))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"text: 409 no_number: this workspace has no active phone number to send from; get one first");
}

#[tokio::test]
async fn what_the_carrier_takes_for_a_stop_fails_and_closes_nobody() {
    let stage = on(World::with_a_number().await.unwrap());
    stage
        .world
        .at_the_carrier(AtTheCarrier::SendMessage, Mode::Refuse);
    for key in ["reminder-1", "reminder-2"] {
        let text = event(SEND).header("idempotency-key", key);
        let answer = stage.ask(&text).await;
        assert_eq!(answer.unwrap().json().unwrap()["failure"], "opted_out");
    }
    stage.world.lab.simulator.clear_faults();
    let text = event(SEND).header("idempotency-key", "reminder-3");
    let answer = stage.ask(&text).await;
    assert_eq!(answer.unwrap().json().unwrap()["status"], "queued");
}

#[tokio::test]
async fn more_texts_than_the_plan_allows_are_429_until_the_next_minute() {
    let stage = on(World::with_a_shared_number().await.unwrap());
    let text = |n: u8| event(SEND_SHARED).header("idempotency-key", &format!("bouquet-{n}"));
    for n in 0..10 {
        let answer = stage.ask(&text(n)).await;
        assert_eq!(answer.unwrap().status(), 202, "{n}");
    }
    let long = event(SEND_SHARED)
        .header("idempotency-key", "letter")
        .field("body", json!("🎉".repeat(1_600)))
        .unwrap();
    let cases = [("eleventh", text(10)), ("and once more", text(10))];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r"
    eleventh: 429 too_many_texts (again in 51 s): this workspace may send 10 texts a minute; send this one again a little later
    and once more: 429 too_many_texts (again in 51 s): this workspace may send 10 texts a minute; send this one again a little later
    ");
    stage.world.lab.clock.advance(Duration::from_mins(1));
    let answer = stage.ask(&text(10)).await;
    assert_eq!(answer.unwrap().status(), 202);
    let answer = stage.ask(&long).await;
    assert_eq!(answer.unwrap().status(), 202);
    let second = long.header("idempotency-key", "second letter");
    let lines = stage
        .refusals([("too long for what is left", second)])
        .await;
    assert_snapshot!(lines.unwrap(), @"too long for what is left: 429 too_many_texts_today (again in 64729 s): this workspace may send 100 segments a day, and too few are left for this text; send it again after midnight (UTC)");
}

#[tokio::test]
async fn a_full_line_at_the_carrier_is_503_and_nothing_is_sent() {
    let busy = Duration::from_secs(20);
    let stage = on(World::with_a_line_of(busy).await.unwrap());
    stage.world.lend_the_platforms_number().await.unwrap();
    let case = [("text", event(SEND_SHARED))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"text: 503 carrier_busy (again in 5 s): the phone network is not answering; try again in a moment");
    stage.world.lab.clock.advance(busy);
    let again = stage.ask(&event(SEND_SHARED)).await;
    assert_eq!(again.unwrap().json().unwrap()["status"], "queued");
}

#[tokio::test]
async fn the_calls() {
    let stage = stage().await;
    stage.world.write_calls().await.unwrap();
    let answer = stage.ask(&event(CALLS)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "items": [
        {
          "answer": {"mode":"greeting"},
          "at": "2026-11-21T05:57:00.000Z",
          "direction": "inbound",
          "endedAt": null,
          "from": "+12125550199",
          "id": "cll_*",
          "minutes": null,
          "seconds": null,
          "status": "open",
          "to": "+17375550101"
        },
        {
          "answer": {"mode":"greeting"},
          "at": "2026-11-21T05:56:00.000Z",
          "direction": "inbound",
          "endedAt": "2026-11-21T05:58:00.000Z",
          "from": "+12125550199",
          "id": "cll_*",
          "minutes": 2,
          "seconds": 61,
          "status": "completed",
          "to": "+17375550101"
        }
      ],
      "sinceCursor": "YzEKQ0FMTFMKMjAyNi0xMS0yMVQwNTo1Njo1MC4wMDBa"
    }
    "#);
    let case = [("another workspace", event(CALLS).by(cast::EVE))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"another workspace: 404 not_found: there is no such thing here");
    let own = event(CALLS).by(cast::EVE).without_header("x-workspace-id");
    let answer = stage.ask(&own).await.unwrap();
    assert_eq!(answer.json().unwrap()["items"], json!([]));
}

#[tokio::test]
async fn the_conversations() {
    let stage = stage().await;
    let answer = stage.ask(&event(CONVERSATIONS)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "items": [
        {
          "customer": "+12125550199",
          "display": "(737) 555-0101",
          "id": "cnv_*",
          "lastAt": "2026-11-21T05:55:00.000Z",
          "lastDirection": "outbound",
          "lastMessage": "Friday at ten is free.",
          "messages": 2,
          "number": "+17375550101"
        }
      ],
      "sinceCursor": "YzEKVEhSRUFEUwoyMDI2LTExLTIxVDA1OjU0OjUwLjAwMFo"
    }
    "#);
}

#[tokio::test]
async fn a_conversation_backwards_and_what_is_newer() {
    let stage = stage().await;
    let newest = stage.ask(&event(MESSAGES)).await;
    let newest = newest.unwrap();
    assert_snapshot!(newest, @r#"
    200 OK
    content-type: application/json

    {
      "conversation": {
        "customer": "+12125550199",
        "display": "(737) 555-0101",
        "id": "cnv_*",
        "lastAt": "2026-11-21T05:55:00.000Z",
        "lastDirection": "outbound",
        "lastMessage": "Friday at ten is free.",
        "number": "+17375550101"
      },
      "items": [
        {
          "at": "2026-11-21T05:55:00.000Z",
          "body": "Friday at ten is free.",
          "conversationId": "cnv_*",
          "direction": "outbound",
          "failure": null,
          "from": "+17375550101",
          "id": "msg_00000000000000000000000002",
          "segments": 1,
          "status": "sent",
          "to": "+12125550199"
        }
      ],
      "nextCursor": "YzEKTUVTU0FHRVMKMjAyNi0xMS0yMVQwNTo1NTowMC4wMDBaI21zZ18wMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMg",
      "sinceCursor": "YzEKTUVTU0FHRVMKMjAyNi0xMS0yMVQwNTo1NDo1MC4wMDBa"
    }
    "#);
    let page = newest.json().unwrap();
    let cursor = page["nextCursor"].as_str().unwrap();
    let older = event(MESSAGES).query(&format!("limit=1&cursor={cursor}"));
    let older = stage.ask(&older).await.unwrap();
    let bodies = texts(&older.json().unwrap());
    assert_eq!(bodies, ["Do you have time on Friday?"]);
    let since = page["sinceCursor"].as_str().unwrap();
    stage.world.write_received(3, "Perfect!").await.unwrap();
    let newer = event(MESSAGES).query(&format!("since={since}"));
    let newer = stage.ask(&newer).await.unwrap();
    let bodies = texts(&newer.json().unwrap());
    assert_eq!(bodies.last().unwrap(), "Perfect!", "the newest comes last");
    assert!(!bodies.contains(&"Do you have time on Friday?".to_owned()));
}

fn texts(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|text| text["body"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn texts_that_are_refused() {
    let stage = on(World::with_a_number().await.unwrap());
    let text = |field, value| event(SEND).field(field, value).unwrap();
    let cases = [
        ("no token", event(SEND).without_token()),
        ("no key", event(SEND).without_header("idempotency-key")),
        (
            "key of another alphabet",
            event(SEND).header("idempotency-key", "ключ"),
        ),
        ("broken JSON", event(SEND).with_body("\"")),
        ("no text", text("body", Value::Null)),
        ("unknown field", text("media", json!([]))),
        ("unknown channel", text("channel", json!("fax"))),
        ("to nobody", text("to", json!("customer"))),
        ("to another country", text("to", json!("+442071838750"))),
        ("overseas", text("to", json!("+18765550142"))),
        ("to a number of ours", text("to", json!("+17375550101"))),
        ("from nobody", text("from", json!("555"))),
        ("from another's number", text("from", json!("+17375550101"))),
        ("empty", text("body", json!(" \n"))),
        ("too long", text("body", json!("x".repeat(1601)))),
        ("form", event(SEND).header("content-type", "text/plain")),
        ("too large", event(SEND).with_body(&" ".repeat(65_537))),
        ("another workspace", event(SEND).by(cast::EVE)),
        (
            "no workspace",
            event(SEND).by(cast::NIA).without_header("x-workspace-id"),
        ),
        (
            "no number",
            event(SEND).by(cast::EVE).without_header("x-workspace-id"),
        ),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    no key: 400 idempotency_key_required at "Idempotency-Key": send an Idempotency-Key header, so that a repeated request is not paid twice
    key of another alphabet: 400 invalid_idempotency_key at "Idempotency-Key": an idempotency key is 1 to 255 printable ASCII characters
    broken JSON: 400 invalid_json: the body is not JSON: EOF while parsing a string at line 1 column 1
    no text: 400 invalid_body at "/body": body is missing
    unknown field: 400 invalid_body at "/media": media means nothing here; there is channel, to, from, body
    unknown channel: 400 channel_unsupported at "/channel": the channel is sms
    to nobody: 400 invalid_phone_number at "/to": write the number as + and digits, for example +15125550123
    to another country: 400 invalid_phone_number at "/to": only North American numbers (+1 and ten digits) are supported
    overseas: 400 destination_not_allowed at "/to": messages and calls to this destination are not allowed
    to a number of ours: 400 destination_not_allowed at "/to": messages and calls to this destination are not allowed
    from nobody: 400 invalid_phone_number at "/from": write the number as + and digits, for example +15125550123
    from another's number: 400 sender_not_ours at "/from": this is not an active number of the workspace
    empty: 400 body_empty at "/body": write something to send
    too long: 400 body_too_long at "/body": a message has at most 1600 characters
    form: 415 unsupported_media_type: send the body as application/json
    too large: 413 body_too_large: the body is larger than 64 KiB
    another workspace: 404 not_found: there is no such thing here
    no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    no number: 409 no_number: this workspace has no active phone number to send from; get one first
    "#);
}

#[tokio::test]
async fn conversations_that_are_not_shown() {
    let stage = stage().await;
    let cases = [
        ("no token", event(CONVERSATIONS).without_token()),
        ("another workspace", event(MESSAGES).by(cast::EVE)),
        (
            "from another workspace",
            event(MESSAGES)
                .by(cast::EVE)
                .without_header("x-workspace-id"),
        ),
        (
            "no identifier",
            event(MESSAGES).at("/api/conversations/1/messages"),
        ),
        (
            "one of two workspaces",
            event(CONVERSATIONS)
                .by(cast::MIA)
                .without_header("x-workspace-id"),
        ),
        ("limit 0", event(CONVERSATIONS).query("limit=0")),
        ("unknown cursor", event(CONVERSATIONS).query("cursor=abc")),
        ("unknown since", event(MESSAGES).query("since=abc")),
        (
            "cursor and since",
            event(MESSAGES).query("cursor=YzEKTUVTU0FHRVMKMQ&since=YzEKTUVTU0FHRVMKMQ"),
        ),
        (
            "cursor of another list",
            event(MESSAGES).query("cursor=YzEKT1JERVIjCjE"),
        ),
        (
            "since of another list",
            event(MESSAGES).query("since=YzEKT1JERVIjCjE"),
        ),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    another workspace: 404 not_found: there is no such thing here
    from another workspace: 404 not_found: there is no such thing here
    no identifier: 404 not_found: there is no such thing here
    one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    limit 0: 400 invalid_limit at "limit": limit is a number from 1 to 100
    unknown cursor: 400 invalid_cursor at "cursor": this cursor is not one we gave out for this list
    unknown since: 400 invalid_cursor at "since": this cursor is not one we gave out for this list
    cursor and since: 400 cursor_and_since at "since": send either cursor or since
    cursor of another list: 400 invalid_cursor at "cursor": this cursor is not one we gave out for this list
    since of another list: 400 invalid_cursor at "since": this cursor is not one we gave out for this list
    "#);
}

#[tokio::test]
async fn nothing_is_sent_while_a_table_does_not_answer() {
    let stage = on(World::with_a_number().await.unwrap());
    stage.world.refuse_the_next_call();
    let case = [("text", event(SEND))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"text: 503 temporarily_unavailable (again in 5 s): something went wrong on our side; try again in a moment");
    let again = stage.ask(&event(SEND)).await;
    assert_eq!(again.unwrap().json().unwrap()["status"], "queued");
}
