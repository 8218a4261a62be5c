//! Texts sent and read, from the events in `events/messages`.

use insta::assert_snapshot;
use numberline_events::{AtTheCarrier, HttpEvent, Mode, World, ask, cast, refusals};
use serde_json::{Value, json};

use super::{App, handle};

const CONVERSATIONS: &str = include_str!("../../../../events/messages/conversations.json");
const MESSAGES: &str = include_str!("../../../../events/messages/messages.json");
const SEND: &str = include_str!("../../../../events/messages/send.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
        post: world.lab.post(),
    }
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

#[tokio::test]
async fn a_text_is_sent_once() {
    let world = World::with_a_number().await.unwrap();
    let app = app(&world);
    let first = ask(&event(SEND), |request| handle(&app, request)).await;
    let first = first.unwrap();
    assert_snapshot!(first, @"");
    let again = ask(&event(SEND), |request| handle(&app, request)).await;
    assert_eq!(again.unwrap().json().unwrap(), first.json().unwrap());
    let other = event(SEND)
        .field("body", json!("See you at eleven."))
        .unwrap();
    let case = [("the key with another text", other)];
    let line = refusals(&world, case, |request| handle(&app, request)).await;
    assert_snapshot!(line.unwrap(), @"");
}

#[tokio::test]
async fn what_the_carrier_refuses_or_does_not_say_is_an_answer() {
    for (mode, status) in [(Mode::Refuse, "failed"), (Mode::LostResponse, "unknown")] {
        let world = World::with_a_number().await.unwrap();
        let app = app(&world);
        world.at_the_carrier(AtTheCarrier::SendMessage, mode);
        let answer = ask(&event(SEND), |request| handle(&app, request)).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 202, "{status}");
        assert_eq!(answer.json().unwrap()["status"], status);
    }
}

#[tokio::test]
async fn the_conversations() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&event(CONVERSATIONS), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn a_conversation_backwards_and_what_is_newer() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let newest = ask(&event(MESSAGES), |request| handle(&app, request)).await;
    let newest = newest.unwrap();
    assert_snapshot!(newest, @"");
    let page = newest.json().unwrap();
    let cursor = page["nextCursor"].as_str().unwrap();
    let older = event(MESSAGES).query(&format!("limit=1&cursor={cursor}"));
    let older = ask(&older, |request| handle(&app, request)).await.unwrap();
    let bodies = texts(&older.json().unwrap());
    assert_eq!(bodies, ["Do you have time on Friday?"]);
    let since = page["sinceCursor"].as_str().unwrap();
    world.write_received(3, "Perfect!").await.unwrap();
    let newer = event(MESSAGES).query(&format!("since={since}"));
    let newer = ask(&newer, |request| handle(&app, request)).await.unwrap();
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
    let world = World::with_a_number().await.unwrap();
    let app = app(&world);
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
        ("to a number of ours", text("to", json!("+15125550101"))),
        ("from nobody", text("from", json!("555"))),
        ("from another's number", text("from", json!("+15125550101"))),
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
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @"");
}

#[tokio::test]
async fn conversations_that_are_not_shown() {
    let world = World::new().await.unwrap();
    let app = app(&world);
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
    ];
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @"");
}
