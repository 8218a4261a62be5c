//! Verifying a number, from the events in `events/verify`.

use insta::assert_snapshot;
use numberline_events::{AtTheCarrier, Handle, HttpEvent, Mode, Stage, World, cast};
use numberline_simulator::{Carrier, Rewiring, Wire};
use numberline_tests::{lab::Tenant, seam::Front};
use serde_json::json;

use super::{App, handle};

const REPAIR: &str = include_str!("../../../../events/verify/repair.json");
const VERIFY: &str = include_str!("../../../../events/verify/verify.json");

fn on(world: World) -> Stage<App, impl Handle<App>> {
    let app = App {
        base: world.lab.base(),
        verifier: world.lab.verifier(),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn at(number: u128) -> String {
    format!("/api/phone-numbers/{}/verify", cast::number(number))
}

/// An application takes the calls of Tiny Studio's number.
fn override_calls(world: &World) {
    let inventory = world.lab.simulator.inventory();
    let bought = inventory.numbers.iter().map(|held| &held.number);
    let number = bought.into_iter().find(|number| *number != cast::SHARED);
    let number = number.unwrap();
    let change = Rewiring::one(
        Carrier::SignalWire,
        number,
        Wire::VoiceApplication,
        Some("somebody-elses"),
    );
    world.lab.simulator.rewire(&change).unwrap();
}

#[tokio::test]
async fn a_number_that_works() {
    let stage = on(World::with_a_number().await.unwrap());
    let before = stage.world.everything().unwrap();
    let answer = stage.ask(&event(VERIFY)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {"errors":[],"repaired":false,"sms":true,"voice":true}
    "#);
    assert_eq!(stage.world.everything().unwrap(), before);
}

#[tokio::test]
async fn calls_that_go_elsewhere_are_brought_back_by_a_repair() {
    let stage = on(World::with_a_number().await.unwrap());
    override_calls(&stage.world);
    let answer = stage.ask(&event(VERIFY)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "errors": [
        {
          "channel": "voice",
          "code": "overridden_by_application",
          "detail": "An application at the phone network takes this instead of us. Verify again with repair to detach it."
        }
      ],
      "repaired": false,
      "sms": true,
      "voice": false
    }
    "#);
    let answer = stage.ask(&event(REPAIR)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {"errors":[],"repaired":true,"sms":true,"voice":true}
    "#);
}

#[tokio::test]
async fn a_public_address_that_does_not_answer_is_said() {
    let stage = on(World::with_a_number().await.unwrap());
    stage.world.lab.public_address(Front::Dead);
    let answer = stage.ask(&event(VERIFY)).await;
    let answer = answer.unwrap().json().unwrap();
    assert_eq!(
        (&answer["voice"], &answer["sms"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(answer["errors"][0]["code"], "probe_unreachable");
    let text = answer.to_string();
    assert!(
        !text.contains("signalwire") && !text.contains("wht_"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_refused() {
    let stage = on(World::with_a_number().await.unwrap());
    let harbor = event(VERIFY).header("x-workspace-id", cast::harbor().as_str());
    let cases = [
        ("no token", event(VERIFY).without_token()),
        ("a member", harbor.clone().by(cast::BEN).at(&at(1))),
        ("another workspace", event(VERIFY).by(cast::EVE)),
        ("a number of another workspace", event(VERIFY).at(&at(1))),
        ("no number", event(VERIFY).at(&at(99))),
        (
            "no identifier",
            event(VERIFY).at("/api/phone-numbers/1/verify"),
        ),
        ("not JSON", event(REPAIR).with_body("repair")),
        ("not a flag", event(REPAIR).with_body(r#"{"repair":"yes"}"#)),
        ("a list", event(REPAIR).with_body("[true]")),
        (
            "an unknown field",
            event(REPAIR).with_body(r#"{"mend":true}"#),
        ),
        (
            "as text",
            event(REPAIR).header("content-type", "text/plain"),
        ),
        ("too large", event(REPAIR).with_body(&"x".repeat(65_537))),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    a member: 403 admin_only: only admins of the workspace may do this
    another workspace: 404 not_found: there is no such thing here
    a number of another workspace: 404 not_found: there is no such thing here
    no number: 404 not_found: there is no such thing here
    no identifier: 404 not_found: there is no such thing here
    not JSON: 400 invalid_json: the body is not JSON: expected value at line 1 column 1
    not a flag: 400 invalid_body at "/repair": repair must be true or false
    a list: 400 invalid_body at "": the body must be an object
    an unknown field: 400 invalid_body at "/mend": mend means nothing here; there is repair
    as text: 415 unsupported_media_type: send the body as application/json
    too large: 413 body_too_large: the body is larger than 64 KiB
    "#);
}

#[tokio::test]
async fn a_number_given_back_has_nothing_to_verify() {
    let stage = on(World::with_a_number().await.unwrap());
    let tom = Tenant::of(cast::TOM.subject, &cast::studio());
    tom.give_back(&stage.world.lab, &cast::number(8))
        .await
        .unwrap();
    let case = [("given back", event(VERIFY))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"given back: 409 number_not_verifiable: only numbers that work, or are being set up, can be verified");
}

#[tokio::test]
async fn a_carrier_that_is_down_is_503() {
    let stage = on(World::with_a_number().await.unwrap());
    stage
        .world
        .at_the_carrier(AtTheCarrier::List, Mode::Error500);
    let case = [("down", event(VERIFY))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"down: 503 carrier_unavailable (again in 5 s): the phone network is not answering; try again in a moment");
}
