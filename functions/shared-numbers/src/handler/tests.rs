//! Lending numbers, from the events in `events/shared-numbers`.

use insta::assert_snapshot;
use numberline::domain::order::Wish;
use numberline_events::{AtTheCarrier, Handle, HttpEvent, Mode, Stage, World, cast};

use numberline_tests::lab::Tenant;

use super::{App, handle};

const LEND: &str = include_str!("../../../../events/shared-numbers/lend.json");
const LIST: &str = include_str!("../../../../events/shared-numbers/list.json");
const WITHDRAW: &str = include_str!("../../../../events/shared-numbers/withdraw.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    on(World::new().await.unwrap())
}

fn on(world: World) -> Stage<App, impl Handle<App>> {
    let app = App {
        lender: world.lab.lender(),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn number(number: &str) -> String {
    format!("/api/shared-numbers/{number}")
}

#[tokio::test]
async fn a_number_of_the_platforms_own_is_lent() {
    let stage = stage().await;
    let lent = stage.ask(&event(LEND)).await;
    let lent = lent.unwrap();
    assert_snapshot!(lent, @r#"
    200 OK
    content-type: application/json

    {"display":"(512) 555-0190","number":"+15125550190","since":"*","status":"lending"}
    "#);
    let held = stage.world.lab.simulator.inventory().numbers;
    let held = held.iter().find(|held| held.number == cast::SHARED);
    let held = held.unwrap();
    let (voice, sms) = (held.voice_url.as_deref(), held.sms_url.as_deref());
    assert!(voice.unwrap().contains("/webhooks/signalwire/voice/wht_"));
    assert!(sms.unwrap().contains("/webhooks/signalwire/sms/wht_"));
    let again = event(LEND).at(&number(cast::SHARED));
    let again = stage.ask(&again).await;
    assert_eq!(again.unwrap().json().unwrap(), lent.json().unwrap());
}

#[tokio::test]
async fn what_is_lent_is_listed_and_can_be_withdrawn_and_lent_again() {
    let stage = on(World::with_a_shared_number().await.unwrap());
    let list = stage.ask(&event(LIST)).await;
    assert_snapshot!(list.unwrap(), @r#"
    200 OK
    content-type: application/json

    {"items":[{"display":"(512) 555-0190","number":"+15125550190","since":"*","status":"lending"}]}
    "#);
    for _ in 0..2 {
        let withdrawn = stage.ask(&event(WITHDRAW)).await;
        assert_eq!(withdrawn.unwrap().status(), 204);
    }
    let status = async || {
        let list = stage.ask(&event(LIST)).await;
        list.unwrap().json().unwrap()["items"][0]["status"].clone()
    };
    assert_eq!(status().await, "withdrawn");
    let lent = stage.ask(&event(LEND)).await;
    assert!(lent.unwrap().status().is_success());
    assert_eq!(status().await, "lending");
}

#[tokio::test]
async fn what_broke_off_is_taken_up_again() {
    let stage = stage().await;
    stage
        .world
        .at_the_carrier(AtTheCarrier::Configure, Mode::Error500);
    let answer = stage.ask(&event(LEND)).await;
    assert_eq!(answer.unwrap().status(), 503);
    let list = stage.ask(&event(LIST)).await;
    let list = list.unwrap().json().unwrap();
    assert_eq!(list["items"][0]["status"], "preparing");
    stage.world.lab.simulator.clear_faults();
    let lent = stage.ask(&event(LEND)).await;
    assert_eq!(lent.unwrap().json().unwrap()["status"], "lending");
}

#[tokio::test]
async fn a_token_that_was_replaced_since_costs_nothing() {
    let mut stage = stage().await;
    stage.app.lender.carriers = stage.world.lab.carriers_of_yesterday();
    let lent = stage.ask(&event(LEND)).await;
    assert_eq!(lent.unwrap().json().unwrap()["status"], "lending");
}

#[tokio::test]
async fn what_is_refused() {
    let stage = stage().await;
    let cases = [
        ("no token", event(LEND).without_token()),
        ("a person", event(LEND).by(cast::ADA)),
        ("a person who looks", event(LIST).by(cast::ADA)),
        ("a person who withdraws", event(WITHDRAW).by(cast::ADA)),
        (
            "not the platform's",
            event(LEND).at(&number("+15125550191")),
        ),
        ("no number", event(LEND).at(&number("5125550190"))),
        ("not lent", event(WITHDRAW)),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    a person: 403 service_only: only the product's own backend may do this
    a person who looks: 403 service_only: only the product's own backend may do this
    a person who withdraws: 403 service_only: only the product's own backend may do this
    not the platform's: 409 number_not_owned: the platform's own account does not own this number at the carrier
    no number: 404 not_found: there is no such thing here
    not lent: 404 not_found: there is no such thing here
    "#);
}

#[tokio::test]
async fn a_workspaces_number_is_not_lent() {
    let stage = stage().await;
    let harbor = Tenant::of(cast::ADA.subject, &cast::harbor());
    let wish = Wish::Exact(cast::SHARED.parse().unwrap());
    harbor.order(&stage.world.lab, &wish, "mine").await.unwrap();
    let answer = stage.ask(&event(LEND)).await;
    assert_snapshot!(answer.unwrap().in_short().unwrap(), @"409 number_in_use: this number belongs to a workspace, or is on its way back to the carrier");
    let list = stage.ask(&event(LIST)).await;
    assert_eq!(
        list.unwrap().json().unwrap()["items"],
        serde_json::json!([])
    );
}
