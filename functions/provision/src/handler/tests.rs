//! Ordering a number, from the events in `events/provision`.

use insta::assert_snapshot;
use numberline_events::{HttpEvent, World, ask, cast, refusals};
use serde_json::{Value, json};

use super::{App, handle};

const AREA_CODE: &str = include_str!("../../../../events/provision/area-code.json");
const EXACT_NUMBER: &str = include_str!("../../../../events/provision/exact-number.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
        shop: world.lab.shop(),
        carriers: world.lab.carriers().clone(),
    }
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

#[tokio::test]
async fn any_number_of_an_area_code() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&event(AREA_CODE), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
    assert!(
        world.lab.queue.next_visible().is_some(),
        "a worker is woken"
    );
}

#[tokio::test]
async fn this_number_and_no_other() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&event(EXACT_NUMBER), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn the_same_key_is_the_same_order() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let first = ask(&event(AREA_CODE), |request| handle(&app, request)).await;
    let again = ask(&event(AREA_CODE), |request| handle(&app, request)).await;
    assert_eq!(
        again.unwrap().json().unwrap(),
        first.unwrap().json().unwrap()
    );
    let other = event(AREA_CODE).field("areaCode", json!("212")).unwrap();
    let case = [("the key with another body", other)];
    let line = refusals(&world, case, |request| handle(&app, request)).await;
    assert_snapshot!(line.unwrap(), @"");
}

#[tokio::test]
async fn a_number_that_is_gone_comes_with_others() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let event = event(EXACT_NUMBER).field("phoneNumber", json!("+15125550101"));
    let answer = ask(&event.unwrap(), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn what_is_refused() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let order = |field, value| event(AREA_CODE).field(field, value).unwrap();
    let exact = |number| {
        event(EXACT_NUMBER)
            .field("phoneNumber", json!(number))
            .unwrap()
    };
    let cases = [
        ("no token", event(AREA_CODE).without_token()),
        ("no key", event(AREA_CODE).without_header("idempotency-key")),
        (
            "long key",
            event(AREA_CODE).header("idempotency-key", &"k".repeat(256)),
        ),
        ("broken JSON", event(AREA_CODE).with_body("{\"areaCode\":")),
        ("not a text", order("areaCode", json!(512))),
        ("unknown field", order("colour", json!("red"))),
        ("neither", order("areaCode", Value::Null)),
        ("both", order("phoneNumber", json!("+15125550123"))),
        ("two digits", order("areaCode", json!("12"))),
        ("a service code", order("areaCode", json!("911"))),
        ("letters", order("areaCode", json!("abc"))),
        ("long label", order("label", json!("x".repeat(300)))),
        ("two lines as label", order("label", json!("a\nb"))),
        ("national format", exact("5125550123")),
        ("another country", exact("+442071838750")),
        ("a number that cannot be", exact("+15121110123")),
        (
            "form",
            event(AREA_CODE).header("content-type", "text/plain"),
        ),
        (
            "too large",
            event(AREA_CODE).with_body(&" ".repeat(1 << 20)),
        ),
        ("a member", event(AREA_CODE).by(cast::BEN)),
        ("another workspace", event(AREA_CODE).by(cast::EVE)),
        (
            "no workspace",
            event(AREA_CODE)
                .by(cast::NIA)
                .without_header("x-workspace-id"),
        ),
        (
            "as many as the plan has",
            event(AREA_CODE)
                .by(cast::TOM)
                .without_header("x-workspace-id"),
        ),
    ];
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @"");
}

#[tokio::test]
async fn nothing_is_bought_while_buying_is_off() {
    let world = World::new().await.unwrap();
    let mut app = app(&world);
    app.shop.open = false;
    let case = [("order", event(AREA_CODE))];
    let line = refusals(&world, case, |request| handle(&app, request)).await;
    assert_snapshot!(line.unwrap(), @"");
}
