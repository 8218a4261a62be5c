//! Signing up, from the events in `events/workspaces`.

use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use numberline::domain::order::Wish;
use numberline_events::cast;
use numberline_tests::lab::Books;
use serde_json::{Value, json};

use super::{answer, event, stage};

const SIGN_UP: &str = include_str!("../../../../../events/workspaces/sign-up.json");
const WITH_NUMBER: &str = include_str!("../../../../../events/workspaces/sign-up-with-number.json");

#[tokio::test]
async fn signing_up_without_a_number() {
    assert_snapshot!(answer(SIGN_UP).await, @r#"
    201 Created
    content-type: application/json
    location: /api/workspaces/ws_*

    {
      "note": "This plan has no phone number of its own, and texts leave from a shared one; upgrade to get your own.",
      "order": null,
      "workspace": {
        "createdAt": "*",
        "id": "ws_*",
        "name": "Quiet Reading Room",
        "numbersAllowed": 0,
        "numbersHeld": 0,
        "plan": "starter",
        "status": "active"
      }
    }
    "#);
}

#[tokio::test]
async fn signing_up_with_a_number_once_however_often_it_is_asked() {
    let stage = stage().await;
    let first = stage.ask(&event(WITH_NUMBER)).await;
    let first = first.unwrap();
    assert_snapshot!(first, @r#"
    201 Created
    content-type: application/json
    location: /api/workspaces/ws_*

    {
      "order": {
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
      },
      "workspace": {
        "createdAt": "*",
        "externalId": "customer-4711",
        "id": "ws_*",
        "name": "North Garage",
        "numbersAllowed": 1,
        "numbersHeld": 1,
        "plan": "pro",
        "status": "active"
      }
    }
    "#);
    let again = stage.ask(&event(WITH_NUMBER)).await;
    assert_eq!(again.unwrap().json().unwrap(), first.json().unwrap());
    let other = event(WITH_NUMBER).field("name", json!("South Garage"));
    let other = stage.ask(&other.unwrap()).await;
    assert_snapshot!(other.unwrap().in_short().unwrap(), @"422 idempotency_key_reused: this Idempotency-Key was used for another request; take a new one");
    let elsewhere = event(WITH_NUMBER).header("idempotency-key", "sign-up-4712");
    let elsewhere = stage.ask(&elsewhere).await;
    assert_snapshot!(elsewhere.unwrap().in_short().unwrap(), @"409 external_id_taken: a workspace with this external id exists already");
}

/// The area codes that the order of a new workspace tries, in their order.
async fn tried(number: Value) -> Vec<String> {
    let stage = stage().await;
    let event = event(WITH_NUMBER).field("number", number).unwrap();
    let answer = stage.ask(&event).await;
    let id = answer.unwrap().json().unwrap()["order"]["id"].clone();
    let books = Books::read(&stage.world.lab.tables).unwrap();
    let order = books.order(&serde_json::from_value(id).unwrap()).unwrap();
    match &order.provision().unwrap().wish {
        Wish::Any(codes) => codes.iter().map(ToString::to_string).collect(),
        Wish::Exact(_) => Vec::new(),
    }
}

#[tokio::test]
async fn a_number_by_itself_is_of_the_preferred_area_code_or_of_the_fallback_list() {
    let preferred = tried(json!({ "mode": "auto", "areaCode": "512" })).await;
    assert_eq!(preferred, ["512", "212", "310", "415", "202"]);
    let listed = tried(json!({ "areaCode": "415" })).await;
    assert_eq!(listed, ["415", "212", "310", "202"]);
    assert_eq!(tried(json!({})).await, ["212", "310", "415", "202"]);
}

#[tokio::test]
async fn the_workspace_stands_when_its_number_cannot_be_ordered() {
    let mut stage = stage().await;
    stage.app.shop.open = false;
    let counted = Arc::new(Mutex::new(Vec::<Value>::new()));
    stage.app.metrics = Arc::<Mutex<Vec<Value>>>::clone(&counted);
    let answer = stage.ask(&event(WITH_NUMBER)).await;
    {
        let counted = counted.lock().unwrap();
        assert_eq!(counted.len(), 1, "the operators hear of it: {counted:?}");
        assert_eq!(counted[0]["SignUpsWithoutNumber"], 1);
        assert_eq!(counted[0]["reason"], "purchases_disabled");
    }
    assert_snapshot!(answer.unwrap(), @r#"
    201 Created
    content-type: application/json
    location: /api/workspaces/ws_*

    {
      "order": null,
      "warning": {
        "code": "purchases_disabled",
        "detail": "The workspace is ready, but no phone number was ordered: phone numbers cannot be bought right now. You can order one later."
      },
      "workspace": {
        "createdAt": "*",
        "externalId": "customer-4711",
        "id": "ws_*",
        "name": "North Garage",
        "numbersAllowed": 1,
        "numbersHeld": 0,
        "plan": "pro",
        "status": "active"
      }
    }
    "#);
}

#[tokio::test]
async fn nobody_founds_without_end() {
    let stage = stage().await;
    for _ in 0..3 {
        let founded = stage.ask(&event(SIGN_UP)).await;
        assert!(founded.unwrap().status().is_success());
    }
    let fourth = stage.ask(&event(SIGN_UP)).await;
    assert_snapshot!(fourth.unwrap().in_short().unwrap(), @"403 too_many_workspaces: you have created as many workspaces as one person may");
}

/// Somebody whose token grants a plan.
const PRO: cast::Person = cast::Person {
    subject: "nia",
    scope: "pro",
};

#[tokio::test]
async fn a_plan_claim_opens_its_plan() {
    let mut stage = stage().await;
    stage.app.plan_claim = Some("scope".to_owned());
    let event = event(WITH_NUMBER).by(PRO);
    let event = event.field("externalId", Value::Null).unwrap();
    let event = event.field("admin", Value::Null).unwrap();
    let me = super::event(super::ME).by(PRO);
    let me = stage.ask(&me).await.unwrap().json().unwrap();
    assert_eq!(me["plans"], json!(["starter", "pro"]));
    let answer = stage.ask(&event).await.unwrap();
    assert_eq!(answer.status(), 201);
}

#[tokio::test]
async fn bodies_that_are_refused() {
    let stage = stage().await;
    let sign_up = |field, value| event(SIGN_UP).field(field, value).unwrap();
    let admin = |subject| json!({ "issuer": "https://issuer.example", "subject": subject });
    let nobody = event(WITH_NUMBER).field("admin", admin(""));
    let list = json!(["https://issuer.example", "nia"]);
    let listed = event(WITH_NUMBER).field("admin", list);
    let cases = [
        ("no token", event(SIGN_UP).without_token()),
        ("broken JSON", event(SIGN_UP).with_body("{\"name\": ")),
        ("not an object", event(SIGN_UP).with_body("[]")),
        ("unknown field", sign_up("colour", json!("red"))),
        ("no name", sign_up("name", Value::Null)),
        ("blank name", sign_up("name", json!("  "))),
        ("two lines as name", sign_up("name", json!("a\nb"))),
        ("long name", sign_up("name", json!("x".repeat(101)))),
        ("unknown plan", sign_up("plan", json!("gold"))),
        (
            "a plan that is not theirs",
            sign_up("plan", json!("enterprise")),
        ),
        (
            "a name for a backend to give",
            sign_up("externalId", json!("4711")),
        ),
        ("empty external id", sign_up("externalId", json!(""))),
        ("another's admin", sign_up("admin", admin("eve"))),
        ("nobody as admin", nobody.unwrap()),
        ("a list as admin", listed.unwrap()),
        ("form", event(SIGN_UP).header("content-type", "text/plain")),
        ("too large", event(SIGN_UP).with_body(&" ".repeat(65_537))),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    broken JSON: 400 invalid_json: the body is not JSON: EOF while parsing a value at line 1 column 9
    not an object: 400 invalid_body at "": the body must be an object
    unknown field: 400 invalid_body at "/colour": colour means nothing here; there is name, plan, externalId, admin, number
    no name: 400 invalid_body at "/name": name is missing
    blank name: 400 name_missing at "/name": give the workspace a name
    two lines as name: 400 name_invalid at "/name": a name is one line of plain text
    long name: 400 name_too_long at "/name": a name has at most 100 characters
    unknown plan: 400 unknown_plan at "/plan": the plans are starter, pro and enterprise
    a plan that is not theirs: 403 plan_not_allowed: this plan cannot be chosen at sign-up; ask the operator for it
    a name for a backend to give: 400 external_id_not_allowed at "/externalId": only the product's own backend may set it
    empty external id: 400 invalid_length at "/externalId": give 1 to 255 characters
    another's admin: 400 admin_not_allowed at "/admin": only the product's own backend may name the admin
    nobody as admin: 400 invalid_length at "/admin/subject": give 1 to 255 characters
    a list as admin: 400 invalid_body at "/admin": admin is no list
    form: 415 unsupported_media_type: send the body as application/json
    too large: 413 body_too_large: the body is larger than 64 KiB
    "#);
}

#[tokio::test]
async fn numbers_that_are_refused_at_sign_up() {
    let stage = stage().await;
    let number = |value| event(WITH_NUMBER).field("number", value).unwrap();
    let cases = [
        (
            "no key",
            event(WITH_NUMBER).without_header("idempotency-key"),
        ),
        (
            "blank key",
            event(WITH_NUMBER).header("idempotency-key", " "),
        ),
        ("unknown mode", number(json!({ "mode": "soon" }))),
        ("a service code", number(json!({ "areaCode": "911" }))),
        (
            "not a number",
            number(json!({ "mode": "choose", "phoneNumber": "555" })),
        ),
        (
            "an area code for later",
            number(json!({ "mode": "later", "areaCode": "512" })),
        ),
        (
            "a number by itself",
            number(json!({ "phoneNumber": "+15125550123" })),
        ),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no key: 400 idempotency_key_required at "Idempotency-Key": send an Idempotency-Key header, so that a repeated request is not paid twice
    blank key: 400 invalid_idempotency_key at "Idempotency-Key": an idempotency key is 1 to 255 printable ASCII characters
    unknown mode: 400 invalid_body at "/number/mode": mode must be one of auto, choose, later
    a service code: 400 invalid_area_code at "/number/areaCode": this area code cannot have phone numbers; try one such as 512
    not a number: 400 invalid_phone_number at "/number/phoneNumber": write the number as + and digits, for example +15125550123
    an area code for later: 400 number_mode_mismatch at "/number/areaCode": an areaCode goes with the mode auto
    a number by itself: 400 number_mode_mismatch at "/number/phoneNumber": a phoneNumber goes with the mode choose
    "#);
}
