//! Sending, and the statuses that follow.

use bytes::Bytes;
use http::Request;
use numberline_simulator::{Inbound, Kind, Rules};
use serde_json::{Value, json};

use crate::{
    house::{CUSTOMER, House, NUMBER, ROOT, messages, refused},
    inbound::{form_of, is_signed},
};

const HERE: numberline_simulator::Carrier = numberline_simulator::Carrier::SignalWire;
const ROOT_KEY: &str = "PSK_simulator000000000000000000";
const CALLBACK: &str = "https://hooks.example.com/status/msg_1";

async fn sent(house: &House, more: &[(&str, &str)]) -> String {
    let mut form = vec![("To", CUSTOMER), ("From", NUMBER), ("Body", "hello")];
    form.extend(more);
    let answer = house.form(&house.root, &messages(ROOT), &form).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.text("/status"), "queued");
    answer.text("/sid").to_owned()
}

fn statuses(told: &[Request<Bytes>]) -> Vec<String> {
    told.iter()
        .map(|request| form_of(request)["MessageStatus"].clone())
        .collect()
}

#[tokio::test]
async fn a_message_is_accepted_with_numbers_where_twilio_has_texts() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let form = [("To", CUSTOMER), ("From", NUMBER), ("Body", "hello")];
    let path = format!("{}.json", messages(ROOT));
    let answer = house.form(&house.root, &path, &form).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body["num_segments"], 1);
    assert_eq!(answer.body["num_media"], 0);
    assert_eq!(answer.body["error_code"], Value::Null);
    assert_eq!(answer.body["date_sent"], Value::Null);
    assert_eq!(answer.text("/direction"), "outbound-api");
    let ledger = house.simulator.ledger();
    let entry = ledger.of(Kind::Message).next().unwrap();
    assert_eq!(entry.number.as_deref(), Some(NUMBER));
    assert_eq!(entry.details["to"], CUSTOMER);
    assert!(!serde_json::to_string(&ledger).unwrap().contains("hello"));
}

#[tokio::test]
async fn statuses_are_told_in_order_and_signed() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let id = sent(&house, &[("StatusCallback", CALLBACK)]).await;
    assert!(house.hooks.take().is_empty());
    let receipts = house.simulator.deliver_due().await;
    assert_eq!(receipts.len(), 3);
    let told = house.hooks.take();
    assert_eq!(statuses(&told), ["queued", "sent", "delivered"]);
    for request in &told {
        assert_eq!(request.uri(), CALLBACK);
        assert!(is_signed(request, ROOT_KEY));
        let form = form_of(request);
        assert_eq!(form["MessageSid"], id);
        assert_eq!(form["From"], NUMBER);
        assert_eq!(form["To"], CUSTOMER);
        assert_eq!(form["AccountSid"], ROOT);
    }
    assert!(house.simulator.deliver_due().await.is_empty());
    assert_eq!(house.simulator.ledger().total(Kind::Callback), 3);
}

#[tokio::test]
async fn without_a_callback_nobody_is_told() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let id = sent(&house, &[]).await;
    assert!(house.simulator.deliver_due().await.is_empty());
    let path = format!("{}/{id}", messages(ROOT));
    let answer = house.get(&house.root, &path).await;
    assert_eq!(answer.text("/status"), "delivered");
}

#[tokio::test]
async fn statuses_take_their_time() {
    let house = House::with(Rules {
        message_step_ms: 1000,
        ..Rules::default()
    });
    house.bought(&house.root, NUMBER).await;
    let id = sent(&house, &[("StatusCallback", CALLBACK)]).await;
    let path = format!("{}/{id}", messages(ROOT));
    for expected in ["queued", "sent", "delivered"] {
        house.simulator.deliver_due().await;
        assert_eq!(statuses(&house.hooks.take()), [expected]);
        assert_eq!(
            house.get(&house.root, &path).await.text("/status"),
            expected
        );
        house.simulator.advance(std::time::Duration::from_secs(1));
    }
}

#[tokio::test]
async fn a_callback_is_tried_three_times() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    sent(&house, &[("StatusCallback", CALLBACK)]).await;
    house.hooks.answer_next([500, 0, 503, 500, 204]);
    let receipts = house.simulator.deliver_due().await;
    let answers: Vec<Option<u16>> = receipts.iter().map(|receipt| receipt.status).collect();
    let expected = [Some(500), None, Some(503), Some(500), Some(204), Some(200)];
    assert_eq!(answers, expected);
    let told = statuses(&house.hooks.take());
    assert_eq!(
        told,
        ["queued", "queued", "queued", "sent", "sent", "delivered"]
    );
}

#[tokio::test]
async fn a_picture_message_is_never_delivered() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let media = ("MediaUrl", "https://example.com/a.jpg");
    sent(&house, &[media, ("StatusCallback", CALLBACK)]).await;
    house.simulator.deliver_due().await;
    assert_eq!(statuses(&house.hooks.take()), ["queued", "sent"]);
}

#[tokio::test]
async fn without_money_a_message_fails_later() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    house.simulator.set_rules(Rules {
        insufficient_balance: true,
        ..Rules::default()
    });
    sent(&house, &[("StatusCallback", CALLBACK)]).await;
    house.simulator.deliver_due().await;
    let told = house.hooks.take();
    assert_eq!(statuses(&told), ["queued", "failed"]);
    assert!(!form_of(&told[0]).contains_key("ErrorCode"));
    assert_eq!(form_of(&told[1])["ErrorCode"], "30002");
}

#[tokio::test]
async fn malformed_messages_are_refused() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let (to, from, body) = (("To", CUSTOMER), ("From", NUMBER), ("Body", "x"));
    let long = "x".repeat(1601);
    let media = ("MediaUrl", "https://example.com/a.jpg");
    let nine: Vec<(&str, &str)> = [to, from].into_iter().chain([media; 9]).collect();
    let cases: &[(&[(&str, &str)], u32)] = &[
        (&[from, body], 21604),
        (&[to, body], 21603),
        (&[("To", "2125550199"), from, body], 21211),
        (&[to, ("From", "NUMBERLINE"), body], 21603),
        (&[to, ("From", "+15125550101"), body], 21210),
        (&[to, from], 21602),
        (&[to, from, ("Body", &long)], 21617),
        (&[to, from, ("MediaUrl", "a.jpg")], 21620),
        (&nine, 21623),
        (&[to, from, body, ("StatusCallback", "x")], 21456),
        (&[to, from, body, ("ValidityPeriod", "0")], 21624),
        (&[to, from, body, ("MessagingServiceSid", "x")], 21701),
        (&[to, from, body, ("ApplicationSid", "x")], 21218),
        (&[to, from, body, ("Sender", "x")], 90000),
    ];
    for (form, code) in cases {
        let answer = house.form(&house.root, &messages(ROOT), form).await;
        assert_eq!(answer.refusal(), refused(422, code), "{form:?}");
    }
    assert_eq!(house.simulator.ledger().total(Kind::Message), 0);
}

#[tokio::test]
async fn nobody_sends_from_another_accounts_number() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    house.bought(&sub, NUMBER).await;
    let form = [("To", CUSTOMER), ("From", NUMBER), ("Body", "x")];
    let answer = house.form(&house.root, &messages(ROOT), &form).await;
    assert_eq!(answer.refusal(), refused(422, 21210));
    let answer = house
        .form(&house.root, &messages(&sub.project), &form)
        .await;
    assert_eq!(answer.refusal(), refused(401, 20003));
    let answer = house.form(&sub, &messages(&sub.project), &form).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn a_long_code_may_need_a_campaign() {
    let house = House::with(Rules {
        campaign_required: true,
        ..Rules::default()
    });
    house.bought(&house.root, NUMBER).await;
    let form = [("To", CUSTOMER), ("From", NUMBER), ("Body", "x")];
    let answer = house.form(&house.root, &messages(ROOT), &form).await;
    assert_eq!(answer.refusal(), refused(422, 21717));
    let body = json!({"to": CUSTOMER, "from": NUMBER, "body": "x"});
    let answer = house
        .post(&house.root, "/api/messaging/messages", body)
        .await;
    assert_eq!(answer.refusal(), refused(422, "inactive_campaign"));
}

#[tokio::test]
async fn the_native_api_sends_and_tells_in_json() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let path = "/api/messaging/messages";
    let body = json!({"to": CUSTOMER, "from": NUMBER, "body": "hi", "status_callback": CALLBACK});
    let answer = house.post(&house.root, path, body).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.text("/status"), "queued");
    assert_eq!(answer.text("/kind"), "sms");
    assert_eq!(answer.body["number_of_segments"], 1);
    house.simulator.deliver_due().await;
    let told = house.hooks.take();
    let last: Value = serde_json::from_slice(told[2].body()).unwrap();
    assert_eq!(last["status"], "delivered");
    assert_eq!(last["id"], answer.text("/id"));
    let signature = &told[2].headers()["x-signalwire-signature"];
    assert_eq!(signature.len(), 40);
    for (body, code) in [
        (
            json!({"from": NUMBER, "body": "x"}),
            "missing_required_parameter",
        ),
        (
            json!({"to": "x", "from": NUMBER, "body": "x"}),
            "invalid_to_number",
        ),
        (
            json!({"to": CUSTOMER, "from": "x", "body": "x"}),
            "invalid_from_number",
        ),
        (
            json!({"to": CUSTOMER, "from": CUSTOMER, "body": "x"}),
            "invalid_from_number",
        ),
        (
            json!({"to": CUSTOMER, "from": NUMBER}),
            "body_or_media_required",
        ),
        (
            json!({"to": CUSTOMER, "from": NUMBER, "text": "x"}),
            "invalid_parameter",
        ),
    ] {
        let answer = house.post(&house.root, path, body.clone()).await;
        assert_eq!(answer.refusal(), refused(422, code), "{body}");
    }
}

#[tokio::test]
async fn messages_are_listed_and_filtered() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let id = sent(&house, &[]).await;
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    house.simulator.inbound(&text).await.unwrap();
    for (query, expected) in [
        ("", 2),
        ("?From=%2B15125550100", 1),
        ("?To=%2B15125550100", 1),
        ("?Status=delivered", 1),
        ("?Status=failed", 0),
        ("?DateSent=2026-08-21", 2),
        ("?DateSent%3E=2026-08-21", 0),
        ("?DateSent%3C=2026-08-22", 2),
        ("?PageSize=1", 1),
    ] {
        let path = format!("{}{query}", messages(ROOT));
        let answer = house.get(&house.root, &path).await;
        assert_eq!(answer.list("messages").len(), expected, "{query}");
    }
    let path = format!("{}/{id}.json", messages(ROOT));
    assert_eq!(house.get(&house.root, &path).await.text("/sid"), id);
    let path = format!("{}/nothing", messages(ROOT));
    let answer = house.get(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(404, 20404));
}

#[tokio::test]
async fn long_texts_are_counted_in_parts() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    for (body, parts) in [
        ("x".repeat(160), 1),
        ("x".repeat(161), 2),
        ("é".repeat(70), 1),
        ("é".repeat(71), 2),
    ] {
        let form = [("To", CUSTOMER), ("From", NUMBER), ("Body", body.as_str())];
        let answer = house.form(&house.root, &messages(ROOT), &form).await;
        assert_eq!(answer.body["num_segments"], parts);
    }
}
