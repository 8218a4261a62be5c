//! Looking for numbers, from the events in `events/search`.

use std::fmt::Write as _;

use insta::assert_snapshot;
use numberline::app::Carriers;
use numberline_events::{AtTheCarrier, HttpEvent, Mode, World, ask, cast, refusals};
use numberline_simulator::{Carrier, Restock};
use serde_json::Value;

use super::{App, handle};

const AREA_CODE: &str = include_str!("../../../../events/search/area-code.json");
const NOTHING_THERE: &str = include_str!("../../../../events/search/nothing-there.json");
const VANITY: &str = include_str!("../../../../events/search/vanity.json");
const ZIP: &str = include_str!("../../../../events/search/zip.json");

fn app(world: &World) -> App {
    App {
        base: world.lab.base(),
        carriers: world.lab.carriers().clone(),
    }
}

fn event_file(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn event() -> HttpEvent {
    event_file(AREA_CODE)
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

/// The numbers that a query finds, and what else the answer says.
async fn found(world: &World, query: &str) -> String {
    let app = app(world);
    let answer = ask(&event().query(query), |request| handle(&app, request)).await;
    let answer = answer.unwrap().json().unwrap();
    let numbers = |list: &Value| {
        let items = list["items"].as_array().unwrap().iter();
        let numbers = items.map(|item| item["number"].as_str().unwrap());
        numbers.collect::<Vec<_>>().join(" ")
    };
    let mut shown = format!(
        "[{}] of {} filtered here {}",
        numbers(&answer),
        answer["areaCodes"],
        answer["filteredHere"]
    );
    for near in answer["nearby"].as_array().unwrap() {
        let (code, regions) = (&near["areaCode"], &near["regions"]);
        write!(shown, "\nnearby {code} {regions}: {}", numbers(near)).unwrap();
    }
    shown
}

fn put_up_for_sale(world: &World, numbers: &[&str]) {
    let change = Restock::numbers(Carrier::SignalWire, numbers.iter().copied());
    world.lab.simulator.restock(&change).unwrap();
}

#[tokio::test]
async fn nothing_there_comes_with_what_is_nearby() {
    let world = World::new().await.unwrap();
    put_up_for_sale(&world, &["+18305550100", "+12545550100", "+12545550101"]);
    let app = app(&world);
    let answer = ask(&event_file(NOTHING_THERE), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
    assert_snapshot!(found(&world, "areaCode=737&limit=2").await, @"");
    assert_snapshot!(found(&world, "areaCode=332&contains=0129").await, @"");
}

#[tokio::test]
async fn nothing_anywhere_near_is_an_answer_too() {
    let world = World::new().await.unwrap();
    assert_snapshot!(found(&world, "areaCode=907").await, @"");
    assert_snapshot!(found(&world, "areaCode=888").await, @"");
    assert_snapshot!(found(&world, "region=AK").await, @"");
}

#[tokio::test]
async fn a_zip_code_stands_for_its_area_codes() {
    let world = World::new().await.unwrap();
    put_up_for_sale(&world, &["+17375550199", "+17375550198"]);
    let app = app(&world);
    let answer = ask(&event_file(ZIP), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
    assert_snapshot!(found(&world, "zip=10001-0001&limit=3").await, @"");
    assert_snapshot!(found(&world, "zip=78610").await, @"");
}

#[tokio::test]
async fn a_region_or_a_town_of_it() {
    let world = World::new().await.unwrap();
    assert_snapshot!(found(&world, "region=tx&limit=2").await, @"");
    assert_snapshot!(found(&world, "region=TX&locality=Austin&limit=2").await, @"");
    assert_snapshot!(found(&world, "region=NY&locality=Albany&limit=2").await, @"");
    assert_snapshot!(found(&world, "region=NJ").await, @"");
}

#[tokio::test]
async fn filters_say_what_was_filtered_here() {
    let world = World::new().await.unwrap();
    put_up_for_sale(&world, &["+15125552263"]);
    let mut calls_only = Restock::area(Carrier::SignalWire, "254", 2);
    calls_only.voice_only = true;
    world.lab.simulator.restock(&calls_only).unwrap();
    let app = app(&world);
    let answer = ask(&event_file(VANITY), |request| handle(&app, request)).await;
    assert_snapshot!(answer.unwrap(), @"");
    assert_snapshot!(found(&world, "areaCode=512&endsWith=AC*E").await, @"");
    assert_snapshot!(found(&world, "areaCode=512&contains=12").await, @"");
    assert_snapshot!(found(&world, "areaCode=254&features=voice").await, @"");
    assert_snapshot!(found(&world, "areaCode=254&features=voice,sms").await, @"");
}

#[tokio::test]
async fn toll_free_numbers_are_found_by_their_code() {
    let world = World::new().await.unwrap();
    put_up_for_sale(&world, &["+18885550100"]);
    assert_snapshot!(found(&world, "areaCode=888").await, @"");
}

#[tokio::test]
async fn what_is_refused() {
    let world = World::new().await.unwrap();
    let app = app(&world);
    let query = |query| event().query(query);
    let cases = [
        ("no token", event().without_token()),
        ("no place", query("limit=2")),
        ("two digits", query("areaCode=12")),
        ("letters", query("areaCode=abc")),
        ("a service code", query("areaCode=911")),
        ("two area codes", query("areaCode=512&areaCode=212")),
        ("limit 0", query("areaCode=512&limit=0")),
        ("limit 1000", query("areaCode=512&limit=1000")),
        ("four digits as ZIP", query("zip=7870")),
        ("a ZIP of nobody", query("zip=00000")),
        ("a Canadian postal code", query("zip=M5V 2T6")),
        ("a region by name", query("region=Texas")),
        ("a region of nobody", query("region=ZZ")),
        ("a town anywhere", query("locality=Austin")),
        ("a town of an area code", query("areaCode=512&locality=Austin")),
        ("no town", query("region=TX&locality=78701")),
        ("two places", query("areaCode=512&zip=78701")),
        ("two other places", query("zip=78701&region=TX")),
        ("an unknown feature", query("areaCode=512&features=fax")),
        ("no feature", query("areaCode=512&features=")),
        ("two patterns", query("areaCode=512&contains=12&endsWith=34")),
        ("a short pattern", query("areaCode=512&contains=5")),
        ("a long pattern", query("areaCode=512&endsWith=512-555-ACME")),
        ("stars only", query("areaCode=512&contains=***")),
        ("a pattern on no key", query("areaCode=512&contains=555_ACME")),
        ("a misspelled filter", query("areaCode=512&feature=sms")),
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
