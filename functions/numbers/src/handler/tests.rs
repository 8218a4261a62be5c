//! A workspace's numbers, from the events in `events/numbers`.

use insta::assert_snapshot;
use numberline_events::{HttpEvent, World, ask, cast, refusals};
use serde_json::{Value, json};

use super::{App, handle};

const FORWARD: &str = include_str!("../../../../events/numbers/forward.json");
const GET: &str = include_str!("../../../../events/numbers/get.json");
const LABEL: &str = include_str!("../../../../events/numbers/label.json");
const LIST: &str = include_str!("../../../../events/numbers/list.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
    }
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

/// What is answered to the event in `file`, in a world where nothing else happened.
async fn answer(file: &str) -> String {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&event(file), |request| handle(&app, request)).await;
    answer.unwrap().to_string()
}

#[tokio::test]
async fn a_page_of_numbers() {
    assert_snapshot!(answer(LIST).await, @"");
}

#[tokio::test]
async fn a_number() {
    assert_snapshot!(answer(GET).await, @"");
}

#[tokio::test]
async fn a_new_label() {
    assert_snapshot!(answer(LABEL).await, @"");
}

#[tokio::test]
async fn calls_go_on_to_another_number() {
    assert_snapshot!(answer(FORWARD).await, @"");
}

#[tokio::test]
async fn an_empty_label_takes_it_away() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let event = event(LABEL).field("label", json!("")).unwrap();
    let answer = ask(&event, |request| handle(&app, request)).await.unwrap();
    assert_eq!(answer.json().unwrap()["label"], Value::Null);
}

#[tokio::test]
async fn what_is_refused() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let label = |label| event(LABEL).field("label", label).unwrap();
    let forward = |to: &str| {
        let routing = json!({ "voice": { "mode": "forward", "to": to } });
        event(FORWARD).field("routing", routing).unwrap()
    };
    let greeting = |text: String| {
        let routing = json!({ "voice": { "mode": "greeting", "text": text } });
        event(FORWARD).field("routing", routing).unwrap()
    };
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
            event(GET).at("/api/phone-numbers/+15125550101"),
        ),
        (
            "one of two workspaces",
            event(LIST).by(cast::MIA).without_header("x-workspace-id"),
        ),
        ("limit 0", event(LIST).query("limit=0")),
        ("unknown cursor", event(LIST).query("cursor=abc")),
        ("broken JSON", event(LABEL).with_body("label=x")),
        ("nothing", label(Value::Null)),
        (
            "unknown field",
            event(LABEL).field("status", json!("active")).unwrap(),
        ),
        ("label of 300", label(json!("x".repeat(300)))),
        ("two lines as label", label(json!("a\nb"))),
        (
            "unknown mode",
            event(FORWARD)
                .field("routing", json!({ "voice": { "mode": "fax" } }))
                .unwrap(),
        ),
        ("silence", greeting(" ".to_owned())),
        ("a speech", greeting("x".repeat(501))),
        ("forward to no number", forward("reception")),
        ("forward overseas", forward("+18765550142")),
        ("forward to ourselves", forward("+15125550102")),
        ("form", event(LABEL).header("content-type", "text/plain")),
        ("too large", event(LABEL).with_body(&" ".repeat(65_537))),
    ];
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @"");
}
