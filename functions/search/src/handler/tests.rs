//! Looking for numbers, from the events in `events/search`.

use insta::assert_snapshot;
use numberline::app::Carriers;
use numberline_events::{AtTheCarrier, HttpEvent, Mode, World, ask, cast, refusals};

use super::{App, handle};

const AREA_CODE: &str = include_str!("../../../../events/search/area-code.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
        carriers: world.lab.carriers().clone(),
    }
}

fn event() -> HttpEvent {
    HttpEvent::read(AREA_CODE).unwrap()
}

#[tokio::test]
async fn numbers_of_an_area_code() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let answer = ask(&event(), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "items": [
        {
          "capabilities": {"mms":true,"sms":true,"voice":true},
          "display": "(512) 555-0100",
          "locality": "AUSTIN",
          "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
          "number": "+15125550100",
          "region": "TX"
        },
        {
          "capabilities": {"mms":true,"sms":true,"voice":true},
          "display": "(512) 555-0101",
          "locality": "AUSTIN",
          "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
          "number": "+15125550101",
          "region": "TX"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn none_is_an_answer() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let event = event().query("areaCode=907");
    let answer = ask(&event, |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {"items":[]}
    "#);
}

#[tokio::test]
async fn what_is_refused() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let cases = [
        ("no token", event().without_token()),
        ("no area code", event().query("limit=2")),
        ("two digits", event().query("areaCode=12")),
        ("letters", event().query("areaCode=abc")),
        ("a service code", event().query("areaCode=911")),
        ("two area codes", event().query("areaCode=512&areaCode=212")),
        ("limit 0", event().query("areaCode=512&limit=0")),
        ("limit 1000", event().query("areaCode=512&limit=1000")),
        (
            "another workspace",
            event().header("x-workspace-id", cast::bakery().as_str()),
        ),
        (
            "one of two workspaces",
            event().by(cast::MIA).without_header("x-workspace-id"),
        ),
        (
            "no workspace",
            event().by(cast::NIA).without_header("x-workspace-id"),
        ),
        (
            "the backend in no workspace",
            event().by(cast::BACKEND).without_header("x-workspace-id"),
        ),
    ];
    let lines = refusals(&world, cases, |request| handle(&app, request)).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    no area code: 400 area_code_required at "areaCode": say which areaCode to search, for example 512
    two digits: 400 invalid_area_code at "areaCode": an area code has three digits, for example 512
    letters: 400 invalid_area_code at "areaCode": an area code has three digits, for example 512
    a service code: 400 invalid_area_code at "areaCode": this area code cannot have phone numbers; try one such as 512
    two area codes: 400 parameter_repeated at "areaCode": areaCode is given more than once
    limit 0: 400 invalid_limit at "limit": limit is a number from 1 to 50
    limit 1000: 400 invalid_limit at "limit": limit is a number from 1 to 50
    another workspace: 404 not_found: there is no such thing here
    one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    the backend in no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    "#);
}

/// What is answered while the carrier answers searches in this way.
async fn answer_while(mode: Mode) -> String {
    let world = World::new().await.unwrap();
    let app = app(&world);
    world.at_the_carrier(AtTheCarrier::Search, mode);
    let case = [("search", event())];
    let line = refusals(&world, case, |request| handle(&app, request)).await;
    line.unwrap()
}

#[tokio::test]
async fn a_carrier_that_is_down_or_busy() {
    assert_snapshot!(answer_while(Mode::Error500).await, @"search: 503 carrier_unavailable (again in 5 s): the phone network is not answering; try again in a moment");
    assert_snapshot!(answer_while(Mode::RateLimit).await, @"search: 503 carrier_busy (again in 1 s): the phone network is not answering; try again in a moment");
    assert_snapshot!(answer_while(Mode::LostResponse).await, @"search: 503 carrier_unavailable (again in 5 s): the phone network is not answering; try again in a moment");
}

#[tokio::test]
async fn no_carrier_is_configured() {
    let world = World::new().await.unwrap();
    let mut app = app(&world);
    app.carriers = Carriers::default();
    let case = [("search", event())];
    let line = refusals(&world, case, |request| handle(&app, request)).await;
    assert_snapshot!(line.unwrap(), @"search: 503 purchases_disabled (again in 300 s): phone numbers cannot be bought right now");
}
