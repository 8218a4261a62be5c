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
    assert_snapshot!(answer.unwrap(), @"");
}

#[tokio::test]
async fn none_is_an_answer() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let event = event().query("areaCode=907");
    let answer = ask(&event, |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
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
    assert_snapshot!(lines.unwrap(), @"");
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
    assert_snapshot!(answer_while(Mode::Error500).await, @"");
    assert_snapshot!(answer_while(Mode::RateLimit).await, @"");
    assert_snapshot!(answer_while(Mode::LostResponse).await, @"");
}

#[tokio::test]
async fn no_carrier_is_configured() {
    let world = World::new().await.unwrap();
    let mut app = app(&world);
    app.carriers = Carriers::default();
    let case = [("search", event())];
    let line = refusals(&world, case, |request| handle(&app, request)).await;
    assert_snapshot!(line.unwrap(), @"");
}
