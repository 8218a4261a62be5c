//! Looking for numbers, from the events in `events/search`.

use std::{collections::BTreeSet, fmt::Write as _};

use insta::assert_snapshot;
use numberline::app::Carriers;
use numberline_events::{AtTheCarrier, Handle, HttpEvent, Mode, Stage, World};
use numberline_simulator::{Carrier, Restock};
use serde_json::Value;

use super::{App, handle};

mod refused;

const AREA_CODE: &str = include_str!("../../../../events/search/area-code.json");
const NOTHING_THERE: &str = include_str!("../../../../events/search/nothing-there.json");
const VANITY: &str = include_str!("../../../../events/search/vanity.json");
const ZIP: &str = include_str!("../../../../events/search/zip.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    let world = World::new().await.unwrap();
    let app = App {
        base: world.lab.base(),
        carriers: world.lab.carriers().clone(),
    };
    Stage::new(world, app, handle)
}

fn event_file(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn event() -> HttpEvent {
    event_file(AREA_CODE)
}

#[tokio::test]
async fn numbers_of_an_area_code() {
    let stage = stage().await;
    let answer = stage.ask(&event()).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "areaCodes": ["512"],
      "filteredHere": [],
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
      ],
      "nearby": []
    }
    "#);
}

/// The numbers that a query finds, and what else the answer says.
async fn found(stage: &Stage<App, impl Handle<App>>, query: &str) -> String {
    let answer = stage.ask(&event().query(query)).await;
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
    let stage = stage().await;
    let nothing = Restock::area(Carrier::SignalWire, "512", 0);
    stage.world.lab.simulator.restock(&nothing).unwrap();
    put_up_for_sale(&stage.world, &["+18305550100"]);
    let answer = stage.ask(&event_file(NOTHING_THERE)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "areaCodes": ["737"],
      "filteredHere": [],
      "items": [],
      "nearby": [
        {
          "areaCode": "830",
          "items": [
            {
              "capabilities": {"mms":true,"sms":true,"voice":true},
              "display": "(830) 555-0100",
              "locality": null,
              "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
              "number": "+18305550100",
              "region": null
            }
          ],
          "regions": ["TX"]
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn overlays_come_before_neighbours_and_fit_as_well() {
    let stage = stage().await;
    put_up_for_sale(
        &stage.world,
        &["+18305550100", "+12545550100", "+12545550101"],
    );
    assert_snapshot!(found(&stage, "areaCode=737&limit=2").await, @r#"
    [] of ["737"] filtered here []
    nearby "512" ["TX"]: +15125550100 +15125550101 +15125550102 +15125550103 +15125550104
    nearby "830" ["TX"]: +18305550100
    nearby "254" ["TX"]: +12545550100 +12545550101
    "#);
    assert_snapshot!(found(&stage, "areaCode=332&contains=0129").await, @r#"
    [] of ["332"] filtered here []
    nearby "646" ["NY"]: +16465550129
    nearby "212" ["NY"]: +12125550129
    nearby "718" ["NY"]: +17185550129
    "#);
}

#[tokio::test]
async fn none_is_an_answer() {
    let stage = stage().await;
    assert_snapshot!(found(&stage, "areaCode=907").await, @r#"[] of ["907"] filtered here []"#);
    assert_snapshot!(found(&stage, "areaCode=888").await, @r#"[] of ["888"] filtered here []"#);
    assert_snapshot!(found(&stage, "region=AK").await, @"[] of [] filtered here []");
}

#[tokio::test]
async fn a_zip_code_stands_for_its_area_codes() {
    let stage = stage().await;
    put_up_for_sale(&stage.world, &["+17375550199", "+17375550198"]);
    let answer = stage.ask(&event_file(ZIP)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "areaCodes": ["512","737"],
      "filteredHere": [],
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
          "display": "(737) 555-0198",
          "locality": "AUSTIN",
          "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
          "number": "+17375550198",
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
      ],
      "nearby": []
    }
    "#);
    assert_snapshot!(found(&stage, "zip=10001-0001&limit=3").await, @r#"[+12125550100 +16465550100 +12125550101] of ["212","332","646","917"] filtered here []"#);
    assert_snapshot!(found(&stage, "zip=78610").await, @r#"[+15125550100 +17375550198 +15125550101 +17375550199 +15125550102 +15125550103 +15125550104 +15125550105 +15125550106 +15125550107] of ["512","737"] filtered here []"#);
}

#[tokio::test]
async fn a_region_or_a_town_of_it() {
    let stage = stage().await;
    assert_snapshot!(found(&stage, "region=tx&limit=2").await, @"[+15125550100 +15125550101] of [] filtered here []");
    assert_snapshot!(found(&stage, "region=TX&locality=Austin&limit=2").await, @"[+15125550100 +15125550101] of [] filtered here []");
    assert_snapshot!(found(&stage, "region=NY&locality=Albany&limit=2").await, @r#"
    [] of [] filtered here []
    nearby "212" ["NY"]: +12125550100 +12125550101 +12125550102 +12125550103 +12125550104
    nearby "646" ["NY"]: +16465550100 +16465550101 +16465550102 +16465550103 +16465550104
    "#);
    assert_snapshot!(found(&stage, "region=NJ").await, @r#"
    [] of [] filtered here []
    nearby "646" ["NY"]: +16465550100 +16465550101 +16465550102 +16465550103 +16465550104
    nearby "212" ["NY"]: +12125550100 +12125550101 +12125550102 +12125550103 +12125550104
    "#);
}

#[tokio::test]
async fn filters_say_what_was_filtered_here() {
    let stage = stage().await;
    put_up_for_sale(&stage.world, &["+15125552263"]);
    let mut calls_only = Restock::area(Carrier::SignalWire, "254", 2);
    calls_only.voice_only = true;
    stage.world.lab.simulator.restock(&calls_only).unwrap();
    let answer = stage.ask(&event_file(VANITY)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "areaCodes": ["512"],
      "filteredHere": ["features"],
      "items": [
        {
          "capabilities": {"mms":true,"sms":true,"voice":true},
          "display": "(512) 555-2263",
          "locality": "AUSTIN",
          "monthlyPrice": {"currency":"USD","display":"$1.00","micros":1000000},
          "number": "+15125552263",
          "region": "TX"
        }
      ],
      "nearby": []
    }
    "#);
    assert_snapshot!(found(&stage, "areaCode=512&endsWith=AC*E").await, @r#"[+15125552263] of ["512"] filtered here ["endsWith"]"#);
    assert_snapshot!(found(&stage, "areaCode=512&contains=12").await, @r#"[+15125550112 +15125550120 +15125550121 +15125550122 +15125550123 +15125550124 +15125550125 +15125550126 +15125550127 +15125550128] of ["512"] filtered here ["contains"]"#);
    assert_snapshot!(found(&stage, "areaCode=254&features=voice").await, @r#"[+12545550100 +12545550101] of ["254"] filtered here ["features"]"#);
    assert_snapshot!(found(&stage, "areaCode=254&features=voice,sms").await, @r#"
    [] of ["254"] filtered here ["features"]
    nearby "512" ["TX"]: +15125550100 +15125550101 +15125550102 +15125550103 +15125550104
    "#);
}

#[tokio::test]
async fn ten_numbers_unless_another_limit_is_given_and_fifty_at_most() {
    let stage = stage().await;
    let many = Restock::area(Carrier::SignalWire, "512", 70);
    stage.world.lab.simulator.restock(&many).unwrap();
    for (query, expected) in [
        ("areaCode=512", 10),
        ("areaCode=512&limit=1", 1),
        ("areaCode=512&limit=50", 50),
    ] {
        let answer = stage.ask(&event().query(query)).await.unwrap();
        let answer = answer.json().unwrap();
        let items = answer["items"].as_array().unwrap();
        let numbers: BTreeSet<_> = items.iter().map(|item| item["number"].as_str()).collect();
        assert_eq!(numbers.len(), expected, "{query}");
        assert_eq!(items.len(), expected, "{query}");
    }
}

#[tokio::test]
async fn toll_free_numbers_are_found_by_their_code() {
    let stage = stage().await;
    put_up_for_sale(&stage.world, &["+18885550100"]);
    assert_snapshot!(found(&stage, "areaCode=888").await, @r#"[+18885550100] of ["888"] filtered here []"#);
}

/// What is answered while the carrier answers searches in this way.
async fn answer_while(mode: Mode) -> String {
    let stage = stage().await;
    stage.world.at_the_carrier(AtTheCarrier::Search, mode);
    let case = [("search", event())];
    let line = stage.refusals(case).await;
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
    let mut stage = stage().await;
    stage.app.carriers = Carriers::default();
    let case = [("search", event())];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"search: 503 purchases_disabled (again in 300 s): phone numbers cannot be bought right now");
}
