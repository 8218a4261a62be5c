//! What carriers post, from the events in `events/webhook-inbound`.

use insta::assert_snapshot;
use numberline::{
    domain::{Call, CallAnswer, Message},
    store::Window,
};
use numberline_events::{Handle, HttpEvent, Stage, World, cast};

use super::{App, handle};

const CALL: &str = include_str!("../../../../events/webhook-inbound/call.json");
const CALL_STATUS: &str = include_str!("../../../../events/webhook-inbound/call-status.json");
const MESSAGE_STATUS: &str = include_str!("../../../../events/webhook-inbound/message-status.json");
const OTHER_ACCOUNT: &str =
    include_str!("../../../../events/webhook-inbound/text-of-another-account.json");
const PROBE: &str = include_str!("../../../../events/webhook-inbound/probe.json");
const STOP: &str = include_str!("../../../../events/webhook-inbound/stop.json");
const TEXT: &str = include_str!("../../../../events/webhook-inbound/text.json");
const TO_NOBODY: &str = include_str!("../../../../events/webhook-inbound/text-to-nobody.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    let world = World::new().await.unwrap();
    let app = App {
        mailroom: world.lab.mailroom(),
        base: None,
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

fn messages(world: &World) -> Vec<Message> {
    let mut messages = world.messages().unwrap();
    messages.sort_by_key(|message| message.at);
    messages
}

#[tokio::test]
async fn a_text_is_kept_once() {
    let stage = stage().await;
    let before = messages(&stage.world).len();
    let answer = stage.ask(&event(TEXT)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/xml

    <?xml version="1.0" encoding="UTF-8"?><Response/>
    "#);
    let after = messages(&stage.world);
    let text = after.last().unwrap();
    assert_eq!(after.len(), before + 1);
    assert_eq!(text.workspace, cast::harbor());
    assert_eq!(text.body, "Perfect, thank you & see you then ☺");
    let again = stage.ask(&event(TEXT)).await;
    assert!(again.unwrap().status().is_success());
    assert_eq!(messages(&stage.world), after, "redelivery changes nothing");
}

#[tokio::test]
async fn stop_is_kept_and_answered_once() {
    let stage = stage().await;
    let answer = stage.ask(&event(STOP)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/xml

    <?xml version="1.0" encoding="UTF-8"?><Response><Message>Harbor Dental: you are unsubscribed and will get no more messages from this number. Reply START to get them again.</Message></Response>
    "#);
    assert_eq!(messages(&stage.world).last().unwrap().body, "Stop.");
    let ours = cast::e164(1).unwrap();
    let said = stage
        .world
        .lab
        .messages()
        .consent(&ours, cast::CUSTOMER)
        .await;
    assert!(said.unwrap().unwrap().opted_out);
    let before = stage.world.everything().unwrap();
    let again = stage.ask(&event(STOP)).await;
    assert_snapshot!(again.unwrap(), @r#"
    200 OK
    content-type: application/xml

    <?xml version="1.0" encoding="UTF-8"?><Response/>
    "#);
    assert_eq!(stage.world.everything().unwrap(), before);
}

#[tokio::test]
async fn stop_is_heeded_also_where_it_is_not_answered() {
    let mut stage = stage().await;
    stage.app.mailroom.keyword_replies = false;
    let answer = stage.ask(&event(STOP)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/xml

    <?xml version="1.0" encoding="UTF-8"?><Response/>
    "#);
    let ours = cast::e164(1).unwrap();
    let said = stage
        .world
        .lab
        .messages()
        .consent(&ours, cast::CUSTOMER)
        .await;
    assert!(said.unwrap().unwrap().opted_out);
}

#[tokio::test]
async fn a_call_is_told_what_the_workspace_wants() {
    let stage = stage().await;
    let answer = stage.ask(&event(CALL)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/xml

    <?xml version="1.0" encoding="UTF-8"?><Response><Say>Thank you for calling. Please send a text message to this number.</Say></Response>
    "#);
}

#[tokio::test]
async fn news_of_a_text_counts_however_often_it_comes() {
    let stage = stage().await;
    let status = || {
        let sent = messages(&stage.world).into_iter();
        let sent = sent.filter(|message| message.id == cast::message(2));
        sent.map(|message| message.status).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        let answer = stage.ask(&event(MESSAGE_STATUS)).await;
        assert!(answer.unwrap().status().is_success());
        assert_eq!(status(), [numberline::domain::MessageStatus::Delivered]);
    }
}

#[tokio::test]
async fn the_end_of_a_call_is_written_down_once() {
    let stage = stage().await;
    for told in [CALL, CALL_STATUS] {
        let answer = stage.ask(&event(told)).await;
        assert!(answer.unwrap().status().is_success());
    }
    let before = stage.world.everything().unwrap();
    for told in [CALL_STATUS, CALL] {
        let answer = stage.ask(&event(told)).await;
        assert!(answer.unwrap().status().is_success());
        assert_eq!(stage.world.everything().unwrap(), before);
    }
    let window = Window {
        cursor: None,
        since: None,
        limit: 10,
    };
    let calls = stage
        .world
        .lab
        .messages()
        .calls(&cast::harbor(), window)
        .await;
    let [call] = <[Call; 1]>::try_from(calls.unwrap().items).unwrap();
    assert_eq!(call.parties.theirs, cast::CUSTOMER);
    assert_eq!(call.answer, Some(CallAnswer::Greeting));
    assert_eq!(
        call.end.map(|end| (end.seconds, end.minutes())),
        Some((12, 1))
    );
}

#[tokio::test]
async fn a_text_to_nobody_is_said_and_kept() {
    let stage = stage().await;
    let before = stage.world.everything().unwrap();
    let answer = stage.ask(&event(TO_NOBODY)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    404 Not Found
    content-type: application/problem+json

    {
      "code": "unknown_number",
      "detail": "this webhook was not accepted",
      "requestId": "b1e6a1f2-7c1d-4f7e-9a45-3f0a3c1d2e4f",
      "retryable": false,
      "status": 404,
      "title": "Not Found",
      "type": "urn:numberline:problem:unknown_number"
    }
    "#);
    assert_ne!(stage.world.everything().unwrap(), before);
}

#[tokio::test]
async fn what_is_not_proven_is_refused() {
    let mut stage = stage().await;
    let signature = "x-signalwire-signature";
    let foreign = "/webhooks/signalwire/sms/wht_00000000000000000000000009";
    let other_carrier = "/webhooks/faxwire/sms/wht_00000000000000000000000001";
    let changed = event(TEXT).with_body("Body=Send+money&To=%2B17375550101");
    let cases = [
        ("not signed", event(TEXT).without_header(signature)),
        (
            "wrong signature",
            event(TEXT).header(signature, "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ),
        ("changed on the way", changed),
        ("to another address", event(TEXT).at(foreign)),
        (
            "to no address",
            event(TEXT).at("/webhooks/signalwire/sms/token"),
        ),
        ("of an unknown carrier", event(TEXT).at(other_carrier)),
        ("with a query", event(TEXT).query("x=1")),
        ("for another account", event(OTHER_ACCOUNT)),
        ("too large", event(TEXT).with_body(&"x".repeat(65_537))),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @"
    not signed: 403 not_proven: this webhook was not accepted
    wrong signature: 403 not_proven: this webhook was not accepted
    changed on the way: 403 not_proven: this webhook was not accepted
    to another address: 403 not_proven: this webhook was not accepted
    to no address: 403 not_proven: this webhook was not accepted
    of an unknown carrier: 403 not_proven: this webhook was not accepted
    with a query: 403 not_proven: this webhook was not accepted
    for another account: 403 other_account: this webhook was not accepted
    too large: 413 body_too_large: this webhook was not accepted
    ");
    stage.app.base = Some("https://hooks.example.com".to_owned());
    let case = [("signed for another address", event(TEXT))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"signed for another address: 403 not_proven: this webhook was not accepted");
}

#[tokio::test]
async fn the_carrier_is_to_come_again_when_a_table_does_not_answer() {
    let stage = stage().await;
    stage.world.refuse_the_next_call();
    let case = [("text", event(TEXT))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"text: 503 temporarily_unavailable: this webhook was not accepted");
}

#[tokio::test]
async fn a_probe_is_answered_with_proofs_and_without_names() {
    let stage = stage().await;
    let before = stage.world.everything().unwrap();
    let answer = stage.ask(&event(PROBE)).await;
    assert_snapshot!(answer.unwrap(), @r#"
    200 OK
    content-type: application/json

    {
      "address": "030b4e985dd3b66c8911d8eada745449263287eea742ccd6d1f52c1f3aadd864",
      "workspace": "bbf14c8417b9306bb5e200df10192ac5310510f589fb9625f09c161284a29e23"
    }
    "#);
    assert_eq!(stage.world.everything().unwrap(), before);
}

#[tokio::test]
async fn a_probe_that_is_not_proven_is_refused() {
    let stage = stage().await;
    let signature = "x-numberline-probe";
    let text = event(TEXT).at("/webhooks/signalwire/probe/wht_00000000000000000000000001");
    let cases = [
        ("not signed", event(PROBE).without_header(signature)),
        (
            "wrong signature",
            event(PROBE).header(signature, &"0".repeat(64)),
        ),
        ("changed on the way", event(PROBE).with_body("{}")),
        (
            "to another address",
            event(PROBE).at("/webhooks/signalwire/probe/wht_00000000000000000000000009"),
        ),
        (
            "of an unknown carrier",
            event(PROBE).at("/webhooks/faxwire/probe/wht_00000000000000000000000001"),
        ),
        ("a carrier's text", text),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @"
    not signed: 403 not_proven: this webhook was not accepted
    wrong signature: 403 not_proven: this webhook was not accepted
    changed on the way: 403 not_proven: this webhook was not accepted
    to another address: 403 not_proven: this webhook was not accepted
    of an unknown carrier: 403 not_proven: this webhook was not accepted
    a carrier's text: 403 not_proven: this webhook was not accepted
    ");
    stage
        .world
        .lab
        .clock
        .advance(std::time::Duration::from_mins(1));
    let case = [("too late", event(PROBE))];
    let line = stage.refusals(case).await;
    assert_snapshot!(line.unwrap(), @"too late: 403 not_proven: this webhook was not accepted");
}
