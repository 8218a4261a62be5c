//! What the customer is told about texts and calls, and how it is signed.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request};
use numberline_simulator::{Inbound, InboundError, InboundKind, Kind, Rules, Signing};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::house::{CUSTOMER, House, NUMBER, ROOT, SMS_URL, VOICE_URL, native, numbers};

const HERE: numberline_simulator::Carrier = numberline_simulator::Carrier::SignalWire;
const ROOT_KEY: &str = "PSK_simulator000000000000000000";

/// The parameters of a form webhook.
pub(crate) fn form_of(request: &Request<Bytes>) -> BTreeMap<String, String> {
    form_urlencoded::parse(request.body())
        .into_owned()
        .collect()
}

/// Whether a form webhook carries the signature of `key`, worked out anew.
pub(crate) fn is_signed(request: &Request<Bytes>, key: &str) -> bool {
    let mut text = request.uri().to_string();
    for (name, value) in form_of(request) {
        text.push_str(&name);
        text.push_str(&value);
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let expected = STANDARD.encode(mac.finalize().into_bytes());
    let signature = request.headers().get("x-signalwire-signature");
    signature.is_some_and(|signature| signature == expected.as_str())
}

#[tokio::test]
async fn a_text_is_told_to_the_numbers_url() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "Hi + bye & 100% ünï 🎉");
    let delivered = house.simulator.inbound(&text).await.unwrap();
    assert_eq!(delivered.status, Some(200));
    let told = house.hooks.take();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].uri(), SMS_URL);
    assert_eq!(told[0].method(), Method::POST);
    assert_eq!(
        told[0].headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert!(is_signed(&told[0], ROOT_KEY));
    let form = form_of(&told[0]);
    assert_eq!(form["Body"], "Hi + bye & 100% ünï 🎉");
    assert_eq!(form["MessageSid"], delivered.id);
    assert_eq!(form["SmsSid"], delivered.id);
    assert_eq!(form["AccountSid"], ROOT);
    assert_eq!(form["NumMedia"], "0");
    assert!(!form.contains_key("MessagingServiceSid"));
    assert_eq!(house.simulator.ledger().total(Kind::Inbound), 1);
}

#[tokio::test]
async fn a_subprojects_number_is_signed_with_its_own_key() {
    let house = House::new();
    let (sub, key) = house.subproject("tenant").await;
    house.bought(&sub, NUMBER).await;
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    house.simulator.inbound(&text).await.unwrap();
    let told = house.hooks.take();
    assert!(is_signed(&told[0], &key));
    assert!(!is_signed(&told[0], ROOT_KEY));
    assert_eq!(form_of(&told[0])["AccountSid"], sub.project);
}

#[tokio::test]
async fn signatures_can_be_wrong_or_missing() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let mut text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    text.signing = Signing::Wrong;
    house.simulator.inbound(&text).await.unwrap();
    text.signing = Signing::None;
    house.simulator.inbound(&text).await.unwrap();
    let told = house.hooks.take();
    assert!(told[0].headers().contains_key("x-signalwire-signature"));
    assert!(!is_signed(&told[0], ROOT_KEY));
    assert!(!told[1].headers().contains_key("x-signalwire-signature"));
}

#[tokio::test]
async fn a_repeated_text_is_the_same_text() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let mut text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    text.repeat = 3;
    text.id = Some("c0ffee00-1111-4222-8333-444455556666".to_owned());
    let delivered = house.simulator.inbound(&text).await.unwrap();
    assert_eq!(delivered.receipts.len(), 3);
    let told = house.hooks.take();
    let bodies: Vec<&Bytes> = told.iter().map(Request::body).collect();
    assert_eq!(bodies, [told[0].body(); 3]);
    house.days_pass(1);
    house.simulator.inbound(&text).await.unwrap();
    let listed = house.get(&house.root, &crate::house::messages(ROOT)).await;
    assert_eq!(listed.list("messages").len(), 1);
    let first = "Fri, 21 Aug 2026 17:04:15 +0000";
    assert_eq!(listed.text("/messages/0/date_created"), first);
    text.repeat = 0;
    let refused = house.simulator.inbound(&text).await;
    assert_eq!(refused, Err(InboundError::Repeat));
}

#[tokio::test]
async fn a_failing_url_makes_way_for_its_fallback() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    let fallback = "https://hooks.example.com/fallback";
    house
        .form(&house.root, &path, &[("SmsFallbackUrl", fallback)])
        .await;
    house.hooks.answer_next([503, 200]);
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    let delivered = house.simulator.inbound(&text).await.unwrap();
    assert_eq!(delivered.status, Some(503));
    assert_eq!(delivered.receipts.len(), 2);
    assert_eq!(delivered.receipts[1].url, fallback);
    assert!(delivered.receipts[1].fallback);
}

#[tokio::test]
async fn a_call_rings_at_the_voice_url() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let call = Inbound::call(HERE, CUSTOMER, NUMBER);
    let delivered = house.simulator.inbound(&call).await.unwrap();
    let told = house.hooks.take();
    assert_eq!(told[0].uri(), VOICE_URL);
    assert!(is_signed(&told[0], ROOT_KEY));
    let form = form_of(&told[0]);
    assert_eq!(form["CallSid"], delivered.id);
    assert_eq!(form["CallStatus"], "ringing");
    assert_eq!(form["Direction"], "inbound");
    assert_eq!(form["ApiVersion"], "2010-04-01");
}

#[tokio::test]
async fn a_script_hears_of_calls_in_json() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let script = "https://hooks.example.com/swml";
    let change = json!({"call_handler": "relay_script", "call_relay_script_url": script});
    house
        .json(&house.root, Method::PUT, &native(&id), change)
        .await;
    let call = Inbound::call(HERE, CUSTOMER, NUMBER);
    house.simulator.inbound(&call).await.unwrap();
    let told = house.hooks.take();
    assert_eq!(told[0].uri(), script);
    assert_eq!(told[0].headers()["x-signalwire-signature"].len(), 40);
    assert_eq!(told[0].headers()["x-signalwire-sha256-signature"].len(), 64);
    let body: Value = serde_json::from_slice(told[0].body()).unwrap();
    assert_eq!(body["call"]["to"], NUMBER);
}

#[tokio::test]
async fn an_ended_call_is_told_to_the_status_callback() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let ended = Inbound {
        to: Some(NUMBER.to_owned()),
        from: Some(CUSTOMER.to_owned()),
        ..Inbound::new(HERE, InboundKind::CallStatus)
    };
    let refused = house.simulator.inbound(&ended).await;
    assert_eq!(refused, Err(InboundError::NoUrl(NUMBER.to_owned())));
    let path = format!("{}/{id}", numbers(ROOT));
    let url = "https://hooks.example.com/status";
    house
        .form(&house.root, &path, &[("StatusCallback", url)])
        .await;
    house.simulator.inbound(&ended).await.unwrap();
    let form = form_of(&house.hooks.take()[0]);
    assert_eq!(form["CallStatus"], "completed");
    assert_eq!(form["Timestamp"], "Fri, 21 Aug 2026 17:04:15 +0000");
}

#[tokio::test]
async fn a_get_webhook_has_everything_in_its_query() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    house
        .form(&house.root, &path, &[("SmsMethod", "GET")])
        .await;
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    house.simulator.inbound(&text).await.unwrap();
    let told = house.hooks.take();
    assert_eq!(told[0].method(), Method::GET);
    assert!(told[0].body().is_empty());
    assert!(told[0].uri().query().unwrap().contains("Body=hi"));
    assert!(is_signed(&told[0], ROOT_KEY));
}

#[tokio::test]
async fn a_number_nobody_owns_is_told_only_where_one_is_pointed_to() {
    let house = House::new();
    let mut text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    let refused = house.simulator.inbound(&text).await;
    assert_eq!(refused, Err(InboundError::UnknownNumber(NUMBER.to_owned())));
    text.url = Some(SMS_URL.to_owned());
    text.account = Some("nobody".to_owned());
    let refused = house.simulator.inbound(&text).await;
    assert_eq!(
        refused,
        Err(InboundError::UnknownAccount("nobody".to_owned()))
    );
    text.account = Some(ROOT.to_owned());
    house.simulator.inbound(&text).await.unwrap();
    assert!(is_signed(&house.hooks.take()[0], ROOT_KEY));
}

#[tokio::test]
async fn a_number_without_a_url_tells_nobody() {
    let house = House::new();
    let form = [("PhoneNumber", NUMBER)];
    house.form(&house.root, &numbers(ROOT), &form).await;
    for happening in [
        Inbound::sms(HERE, CUSTOMER, NUMBER, "hi"),
        Inbound::call(HERE, CUSTOMER, NUMBER),
    ] {
        let refused = house.simulator.inbound(&happening).await;
        assert_eq!(refused, Err(InboundError::NoUrl(NUMBER.to_owned())));
    }
}

#[tokio::test]
async fn a_url_without_its_handler_is_not_used() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let change = json!({"message_handler": "relay_context", "message_relay_context": "office"});
    house
        .json(&house.root, Method::PUT, &native(&id), change)
        .await;
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    let refused = house.simulator.inbound(&text).await;
    assert_eq!(refused, Err(InboundError::NoUrl(NUMBER.to_owned())));
}

#[tokio::test]
async fn a_sent_message_can_take_another_course() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let callback = "https://hooks.example.com/status/msg_1";
    let form = [
        ("To", CUSTOMER),
        ("From", NUMBER),
        ("Body", "x"),
        ("StatusCallback", callback),
    ];
    let path = crate::house::messages(ROOT);
    let sent = house.form(&house.root, &path, &form).await;
    let mut status = Inbound::status(HERE, sent.text("/sid"), "undelivered");
    status.error_code = Some("30003".to_owned());
    house.simulator.inbound(&status).await.unwrap();
    let told = house.hooks.take();
    assert_eq!(told[0].uri(), callback);
    assert!(is_signed(&told[0], ROOT_KEY));
    let form = form_of(&told[0]);
    assert_eq!(form["MessageStatus"], "undelivered");
    assert_eq!(form["ErrorCode"], "30003");
    let path = format!("{path}/{}", sent.text("/sid"));
    let answer = house.get(&house.root, &path).await;
    assert_eq!(answer.text("/status"), "undelivered");
    assert_eq!(answer.text("/error_code"), "30003");
    let unknown = Inbound::status(HERE, "nothing", "sent");
    let refused = house.simulator.inbound(&unknown).await;
    assert_eq!(
        refused,
        Err(InboundError::UnknownMessage("nothing".to_owned()))
    );
    let unknown = Inbound::status(HERE, sent.text("/sid"), "lost");
    let refused = house.simulator.inbound(&unknown).await;
    assert_eq!(refused, Err(InboundError::UnknownStatus("lost".to_owned())));
}

#[tokio::test]
async fn a_rotated_key_signs_on_for_as_long_as_the_rules_say() {
    let house = House::with(Rules {
        key_overlap_ms: 60_000,
        ..Rules::default()
    });
    let (sub, old) = house.subproject("tenant").await;
    house.bought(&sub, NUMBER).await;
    let path = format!("/api/projects/{}/signing-key/rotate", sub.project);
    let fresh = house.bare(&house.root, Method::POST, &path).await;
    let fresh = fresh.text("/signing_key").to_owned();
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    house.simulator.inbound(&text).await.unwrap();
    assert!(is_signed(&house.hooks.take()[0], &old));
    house.simulator.advance(std::time::Duration::from_mins(1));
    house.simulator.inbound(&text).await.unwrap();
    assert!(is_signed(&house.hooks.take()[0], &fresh));
}
