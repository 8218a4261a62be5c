//! Signing up and who is in, from the events in `events/workspaces`.

use insta::assert_snapshot;
use numberline::domain::Plan;
use numberline_events::{HttpEvent, World, ask, cast, refusals};
use serde_json::{Value, json};

use super::{App, handle};

const ADD_MEMBER: &str = include_str!("../../../../events/workspaces/add-member.json");
const GET: &str = include_str!("../../../../events/workspaces/get.json");
const LIST: &str = include_str!("../../../../events/workspaces/list.json");
const ME: &str = include_str!("../../../../events/workspaces/me.json");
const MEMBERS: &str = include_str!("../../../../events/workspaces/members.json");
const PLANS: &str = include_str!("../../../../events/workspaces/plans.json");
const REMOVE_MEMBER: &str = include_str!("../../../../events/workspaces/remove-member.json");
const RENAME: &str = include_str!("../../../../events/workspaces/rename.json");
const SIGN_UP: &str = include_str!("../../../../events/workspaces/sign-up.json");
const WITH_NUMBER: &str = include_str!("../../../../events/workspaces/sign-up-with-number.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
        shop: world.lab.shop(),
        self_service: vec![Plan::Starter],
        plan_claim: None,
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
async fn the_caller_and_their_workspaces() {
    assert_snapshot!(answer(ME).await, @"");
}

#[tokio::test]
async fn the_plans() {
    assert_snapshot!(answer(PLANS).await, @"");
}

#[tokio::test]
async fn the_workspaces_of_somebody_in_two() {
    assert_snapshot!(answer(LIST).await, @"");
}

#[tokio::test]
async fn a_workspace() {
    assert_snapshot!(answer(GET).await, @"");
}

#[tokio::test]
async fn a_new_name() {
    assert_snapshot!(answer(RENAME).await, @"");
}

#[tokio::test]
async fn the_members_page_by_page() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let (mut query, mut subjects) = ("limit=2".to_owned(), Vec::new());
    for _ in 0..2 {
        let event = event(MEMBERS).query(&query);
        let answer = ask(&event, |request| handle(&app, request)).await.unwrap();
        let page = answer.json().unwrap();
        let items = page["items"].as_array().unwrap();
        subjects.extend(items.iter().map(|member| member["subject"].clone()));
        let next = page["nextCursor"].as_str().unwrap_or_default();
        query = format!("limit=2&cursor={next}");
    }
    subjects.sort_by_key(Value::to_string);
    assert_eq!(json!(subjects), json!(["ada", "ben", "mia"]));
    assert!(query.ends_with("cursor="), "the last page names no next");
}

#[tokio::test]
async fn members_come_and_go() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let added = ask(&event(ADD_MEMBER), |request| handle(&app, request)).await;
    assert_snapshot!(added.unwrap(), @"");
    let again = ask(&event(ADD_MEMBER), |request| handle(&app, request)).await;
    assert_snapshot!(again.unwrap().in_short().unwrap(), @"");
    let removed = ask(&event(REMOVE_MEMBER), |request| handle(&app, request)).await;
    assert_snapshot!(removed.unwrap(), @"");
    let again = ask(&event(REMOVE_MEMBER), |request| handle(&app, request)).await;
    assert_snapshot!(again.unwrap().in_short().unwrap(), @"");
}

#[tokio::test]
async fn signing_up_without_a_number() {
    assert_snapshot!(answer(SIGN_UP).await, @"");
}

#[tokio::test]
async fn signing_up_with_a_number_once_however_often_it_is_asked() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let first = ask(&event(WITH_NUMBER), |request| handle(&app, request)).await;
    let first = first.unwrap();
    assert_snapshot!(first, @"");
    let again = ask(&event(WITH_NUMBER), |request| handle(&app, request)).await;
    assert_eq!(again.unwrap().json().unwrap(), first.json().unwrap());
    let other = event(WITH_NUMBER).field("name", json!("South Garage"));
    let other = ask(&other.unwrap(), |request| handle(&app, request)).await;
    assert_snapshot!(other.unwrap().in_short().unwrap(), @"");
    let elsewhere = event(WITH_NUMBER).header("idempotency-key", "sign-up-4712");
    let elsewhere = ask(&elsewhere, |request| handle(&app, request)).await;
    assert_snapshot!(elsewhere.unwrap().in_short().unwrap(), @"");
}

#[tokio::test]
async fn the_workspace_stands_when_its_number_cannot_be_ordered() {
    let world = World::new().await.unwrap();
    let mut app = app(&world);
    app.shop.open = false;
    let answer = ask(&event(WITH_NUMBER), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn nobody_founds_without_end() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    for _ in 0..3 {
        let founded = ask(&event(SIGN_UP), |request| handle(&app, request)).await;
        assert!(founded.unwrap().status().is_success());
    }
    let fourth = ask(&event(SIGN_UP), |request| handle(&app, request)).await;
    assert_snapshot!(fourth.unwrap().in_short().unwrap(), @"");
}

#[tokio::test]
async fn a_plan_claim_opens_its_plan() {
    let world = World::new().await.unwrap();
    let mut app = app(&world);
    app.plan_claim = Some("scope".to_owned());
    let event = event(WITH_NUMBER).by(cast::Person {
        subject: "nia",
        scope: "pro",
    });
    let event = event.field("externalId", Value::Null).unwrap();
    let event = event.field("admin", Value::Null).unwrap();
    let answer = ask(&event, |request| handle(&app, request)).await.unwrap();
    assert_eq!(answer.status(), 201);
}

#[tokio::test]
async fn sign_ups_that_are_refused() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let sign_up = |field, value| event(SIGN_UP).field(field, value).unwrap();
    let number = |value| event(WITH_NUMBER).field("number", value).unwrap();
    let admin = |subject| json!({ "issuer": "https://issuer.example", "subject": subject });
    let nobody = event(WITH_NUMBER).field("admin", admin(""));
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
        ("form", event(SIGN_UP).header("content-type", "text/plain")),
        ("too large", event(SIGN_UP).with_body(&" ".repeat(65_537))),
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
            "a number by itself",
            number(json!({ "phoneNumber": "+15125550123" })),
        ),
    ];
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @"");
}

#[tokio::test]
async fn what_others_may_not_do() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let elsewhere = |file, path: &str| event(file).at(&format!("/api/workspaces/{path}"));
    let bakery = cast::bakery();
    let own = format!("{}/members/{}", cast::harbor(), cast::ADA.member());
    let nobody = format!("{}/members/{}", cast::harbor(), cast::NIA.member());
    let cases = [
        ("rename as member", event(RENAME).by(cast::BEN)),
        ("add as member", event(ADD_MEMBER).by(cast::BEN)),
        ("remove as member", event(REMOVE_MEMBER).by(cast::BEN)),
        ("see another workspace", elsewhere(GET, bakery.as_str())),
        (
            "rename another workspace",
            elsewhere(RENAME, bakery.as_str()),
        ),
        (
            "see another's members",
            elsewhere(MEMBERS, &format!("{bakery}/members")),
        ),
        ("see what is none", elsewhere(GET, "ws_1")),
        ("remove oneself", elsewhere(REMOVE_MEMBER, &own)),
        ("remove nobody", elsewhere(REMOVE_MEMBER, &nobody)),
        ("no token", event(GET).without_token()),
        (
            "a header that is none",
            event(ME).header("x-workspace-id", "mine"),
        ),
        (
            "unknown role",
            event(ADD_MEMBER).field("role", json!("owner")).unwrap(),
        ),
        (
            "no subject",
            event(ADD_MEMBER).field("subject", json!("")).unwrap(),
        ),
        ("no name", event(RENAME).field("name", json!(" ")).unwrap()),
        ("limit 0", event(MEMBERS).query("limit=0")),
        ("limit twice", event(MEMBERS).query("limit=1&limit=2")),
        ("unknown cursor", event(MEMBERS).query("cursor=abc")),
    ];
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @"");
}
