//! Ordering a number, from the events in `events/provision`.

use std::{sync::Arc, time::Duration};

use insta::assert_snapshot;
use numberline::domain::{MicroDollars, order::Wish};
use numberline_events::{Handle, HttpEvent, Stage, World, cast};
use numberline_tests::lab::{Books, Lab, Lambda, Tenant};
use serde_json::{Value, json};

use super::{App, any_number, handle};

const AREA_CODE: &str = include_str!("../../../../events/provision/area-code.json");
const FALLBACK: &str = include_str!("../../../../events/provision/fallback.json");
const EXACT_NUMBER: &str = include_str!("../../../../events/provision/exact-number.json");

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

#[tokio::test]
async fn any_number_of_an_area_code() {
    let stage = stage().await;
    let answer = stage.ask(&event(AREA_CODE)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    202 Accepted
    content-type: application/json
    location: /api/orders/ord_*
    retry-after: 1

    {
      "createdAt": "*",
      "heldUntil": null,
      "id": "ord_*",
      "kind": "provision",
      "numberId": "num_*",
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
    assert!(
        stage.world.lab.queue.next_visible().is_some(),
        "a worker is woken"
    );
}

#[tokio::test]
async fn this_number_and_no_other() {
    let stage = stage().await;
    let answer = stage.ask(&event(EXACT_NUMBER)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    202 Accepted
    content-type: application/json
    location: /api/orders/ord_*
    retry-after: 1

    {
      "createdAt": "*",
      "display": "(512) 555-0142",
      "heldUntil": null,
      "id": "ord_*",
      "kind": "provision",
      "number": "+15125550142",
      "numberId": "num_*",
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

/// The area codes that an order of `event` tries, in their order.
async fn tried(stage: &Stage<App, impl Handle<App>>, event: &HttpEvent) -> Vec<String> {
    let answer = stage.ask(event).await;
    let id = answer.unwrap().json().unwrap()["id"].clone();
    let books = Books::read(&stage.world.lab.tables).unwrap();
    let order = books.order(&serde_json::from_value(id).unwrap()).unwrap();
    match &order.provision().unwrap().wish {
        Wish::Any(codes) => codes.iter().map(ToString::to_string).collect(),
        Wish::Exact(_) => Vec::new(),
    }
}

#[tokio::test]
async fn an_order_falls_back_only_if_it_says_so() {
    let stage = stage().await;
    assert_eq!(tried(&stage, &event(AREA_CODE)).await, ["512"]);
    let listed = event(FALLBACK);
    let expected = ["512", "212", "310", "415", "202"];
    assert_eq!(tried(&stage, &listed).await, expected);
    let no = listed.field("fallback", json!(false)).unwrap();
    let no = no.header("idempotency-key", "no fallback");
    assert_eq!(tried(&stage, &no).await, ["512"]);
}

#[tokio::test]
async fn the_same_key_is_the_same_order() {
    let stage = stage().await;
    let first = stage.ask(&event(AREA_CODE)).await;
    let again = stage.ask(&event(AREA_CODE)).await;
    assert_eq!(
        again.unwrap().json().unwrap(),
        first.unwrap().json().unwrap()
    );
    let other = event(AREA_CODE).field("areaCode", json!("212")).unwrap();
    let case = [("the key with another body", other)];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"the key with another body: 422 idempotency_key_reused: this Idempotency-Key was used for another request; take a new one");
}

#[tokio::test]
async fn a_number_that_is_gone_comes_with_others() {
    let stage = stage().await;
    let first = stage.ask(&event(EXACT_NUMBER)).await;
    assert!(first.unwrap().status().is_success());
    let bakery = cast::bakery();
    let second = event(EXACT_NUMBER).by(cast::EVE);
    let second = second.header("x-workspace-id", bakery.as_str());
    let answer = stage.ask(&second).await;
    assert_snapshot!(answer.unwrap(), @r#"
    409 Conflict
    content-type: application/problem+json

    {
      "alternatives": [
        {"display":"(512) 555-0100","number":"+15125550100"},
        {"display":"(512) 555-0101","number":"+15125550101"},
        {"display":"(512) 555-0102","number":"+15125550102"},
        {"display":"(512) 555-0103","number":"+15125550103"},
        {"display":"(512) 555-0104","number":"+15125550104"}
      ],
      "code": "number_unavailable",
      "detail": "this number was taken a moment ago; choose another one",
      "requestId": "JKJaXmPLvHcESHA=",
      "retryable": false,
      "status": 409,
      "title": "Conflict",
      "type": "urn:numberline:problem:number_unavailable"
    }
    "#);
}

#[tokio::test]
async fn bodies_that_are_refused() {
    let stage = stage().await;
    let order = |field, value| event(AREA_CODE).field(field, value).unwrap();
    let exact = |number| {
        event(EXACT_NUMBER)
            .field("phoneNumber", json!(number))
            .unwrap()
    };
    let cases = [
        ("broken JSON", event(AREA_CODE).with_body("{\"areaCode\":")),
        ("not a text", order("areaCode", json!(512))),
        ("unknown field", order("colour", json!("red"))),
        ("neither", order("areaCode", Value::Null)),
        ("both", order("phoneNumber", json!("+15125550123"))),
        ("two digits", order("areaCode", json!("12"))),
        ("a service code", order("areaCode", json!("911"))),
        ("letters", order("areaCode", json!("abc"))),
        ("fallback as a word", order("fallback", json!("yes"))),
        (
            "fallback of one number",
            event(EXACT_NUMBER).field("fallback", json!(true)).unwrap(),
        ),
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
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    broken JSON: 400 invalid_json: the body is not JSON: EOF while parsing a value at line 1 column 12
    not a text: 400 invalid_body at "/areaCode": areaCode must be text
    unknown field: 400 invalid_body at "/colour": colour means nothing here; there is phoneNumber, areaCode, fallback, label
    neither: 400 number_or_area_code at "": send either phoneNumber or areaCode
    both: 400 number_or_area_code at "": send either phoneNumber or areaCode
    two digits: 400 invalid_area_code at "/areaCode": an area code has three digits, for example 512
    a service code: 400 invalid_area_code at "/areaCode": this area code cannot have phone numbers; try one such as 512
    letters: 400 invalid_area_code at "/areaCode": an area code has three digits, for example 512
    fallback as a word: 400 invalid_body at "/fallback": fallback must be true or false
    fallback of one number: 400 fallback_without_area_code at "/fallback": fallback goes with an areaCode
    long label: 400 label_too_long at "/label": a label has at most 64 characters
    two lines as label: 400 label_invalid at "/label": a label is one line of plain text
    national format: 400 invalid_phone_number at "/phoneNumber": write the number as + and digits, for example +15125550123
    another country: 400 invalid_phone_number at "/phoneNumber": only North American numbers (+1 and ten digits) are supported
    a number that cannot be: 400 invalid_phone_number at "/phoneNumber": no such number exists in the North American numbering plan
    form: 415 unsupported_media_type: send the body as application/json
    too large: 413 body_too_large: the body is larger than 64 KiB
    "#);
}

#[tokio::test]
async fn callers_that_are_refused() {
    let stage = stage().await;
    let cases = [
        ("no token", event(AREA_CODE).without_token()),
        ("no key", event(AREA_CODE).without_header("idempotency-key")),
        (
            "long key",
            event(AREA_CODE).header("idempotency-key", &"k".repeat(256)),
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
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    no key: 400 idempotency_key_required at "Idempotency-Key": send an Idempotency-Key header, so that a repeated request is not paid twice
    long key: 400 invalid_idempotency_key at "Idempotency-Key": an idempotency key is 1 to 255 printable ASCII characters
    a member: 403 admin_only: only admins of the workspace may do this
    another workspace: 404 not_found: there is no such thing here
    no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    as many as the plan has: 409 plan_limit_reached: all numbers of the plan are in use (1); release one or upgrade
    "#);
}

/// Has Corner Bakery buy a number and give it back, so that it holds none.
async fn come_and_go(lab: &Arc<Lab>, key: &str) {
    let bakery = Tenant::of(cast::EVE.subject, &cast::bakery());
    let order = bakery.order(lab, &any_number(None), key).await.unwrap();
    let soon = || lab.clock.time().plus(Duration::from_mins(5));
    lab.settle_until(soon()).await.unwrap();
    let books = Books::read(&lab.tables).unwrap();
    let number = books.number_of(&order.id).unwrap();
    bakery.give_back(lab, &number.id).await.unwrap();
    lab.settle_until(soon()).await.unwrap();
}

#[tokio::test]
async fn what_the_plan_does_not_pay_or_not_again_this_month() {
    let mut stage = stage().await;
    for key in ["one", "two", "three"] {
        come_and_go(&stage.world.lab, key).await;
    }
    let bakery = cast::bakery();
    let often = event(AREA_CODE).by(cast::EVE);
    let often = often.header("x-workspace-id", bakery.as_str());
    let often = stage.refusals([("a fourth in 30 days", often)]).await;
    assert_snapshot!(often.unwrap(), @"a fourth in 30 days: 409 too_many_purchases: 3 numbers were ordered in the last 30 days, the most this plan allows");
    stage.app.shop.number_price = MicroDollars::from_dollars(98);
    let dear = stage.refusals([("too dear", event(AREA_CODE))]).await;
    assert_snapshot!(dear.unwrap(), @"too dear: 409 budget_exceeded: another number would exceed the plan's monthly budget of $100.00");
}

#[tokio::test]
async fn nothing_is_bought_while_buying_is_off() {
    let mut stage = stage().await;
    stage.app.shop.open = false;
    let case = [("order", event(AREA_CODE))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"order: 503 purchases_disabled (again in 300 s): phone numbers cannot be bought right now");
}
