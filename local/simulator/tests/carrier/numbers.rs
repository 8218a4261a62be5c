//! Owned numbers: reading them and pointing them somewhere.

use http::Method;
use numberline_simulator::{Kind, Rules};
use serde_json::{Value, json};

use crate::house::{House, NUMBER, ROOT, SMS_URL, VOICE_URL, native, numbers, refused};

#[tokio::test]
async fn both_apis_show_the_same_number() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let one = house.get(&house.root, &native(&id)).await;
    let path = format!("{}/{id}.json", numbers(ROOT));
    let other = house.get(&house.root, &path).await;
    assert_eq!(one.text("/id"), other.text("/sid"));
    assert_eq!(one.text("/message_request_url"), other.text("/sms_url"));
    assert_eq!(one.text("/call_request_url"), VOICE_URL);
    assert_eq!(one.text("/name"), other.text("/friendly_name"));
}

#[tokio::test]
async fn a_nameless_number_is_called_by_its_digits() {
    let house = House::new();
    let form = [("PhoneNumber", NUMBER)];
    let answer = house.form(&house.root, &numbers(ROOT), &form).await;
    assert_eq!(answer.text("/friendly_name"), "(512) 555-0100");
}

#[tokio::test]
async fn a_native_update_changes_what_it_names_and_no_more() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let change = json!({
        "name": "front desk",
        "call_handler": "laml_webhooks",
        "call_request_url": "https://elsewhere.example.com/voice",
        "message_fallback_url": "https://elsewhere.example.com/fallback",
    });
    let answer = house
        .json(&house.root, Method::PUT, &native(&id), change)
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("/name"), "front desk");
    assert_eq!(
        answer.text("/call_request_url"),
        "https://elsewhere.example.com/voice"
    );
    assert_eq!(answer.text("/message_request_url"), SMS_URL);
    let clear = json!({"message_request_url": null, "message_request_method": null});
    let answer = house
        .json(&house.root, Method::PUT, &native(&id), clear)
        .await;
    assert_eq!(answer.body["message_request_url"], Value::Null);
    assert_eq!(answer.text("/message_request_method"), "POST");
    assert_eq!(house.simulator.ledger().total(Kind::Configure), 2);
}

#[tokio::test]
async fn a_malformed_native_update_changes_nothing() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    for (change, code) in [
        (json!({"sms_url": SMS_URL}), "invalid_parameter"),
        (json!({"call_request_url": "hooks"}), "not_an_http_url"),
        (json!({"call_request_url": 7}), "not_a_string"),
        (json!({"call_request_method": "PUT"}), "invalid_http_method"),
        (json!({"call_handler": "nobody"}), "invalid_parameter"),
        (json!({"message_handler": "laml"}), "invalid_parameter"),
        (
            json!({"call_sip_endpoint_id": "x"}),
            "provided_id_is_unrecognized",
        ),
    ] {
        let answer = house
            .json(&house.root, Method::PUT, &native(&id), change.clone())
            .await;
        assert_eq!(answer.refusal(), refused(422, code), "{change}");
    }
    assert_eq!(house.simulator.ledger().total(Kind::Configure), 0);
    let gone = house
        .json(&house.root, Method::PUT, &native("nothing"), json!({}))
        .await;
    assert_eq!(gone.refusal(), refused(404, "Not Found"));
}

#[tokio::test]
async fn a_laml_update_changes_and_clears() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    let form = [
        ("SmsUrl", "https://elsewhere.example.com"),
        ("VoiceUrl", ""),
    ];
    let answer = house.form(&house.root, &path, &form).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("/sms_url"), "https://elsewhere.example.com");
    assert_eq!(answer.body["voice_url"], Value::Null);
    assert_eq!(answer.text("/friendly_name"), "ord_1");
    let ledger = house.simulator.ledger();
    let entry = ledger.of(Kind::Configure).next().unwrap();
    assert_eq!(entry.details["smsUrl"], "https://elsewhere.example.com");
    assert!(!entry.details.contains_key("voiceUrl"));
}

#[tokio::test]
async fn a_malformed_laml_update_changes_nothing() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    for (name, value, code) in [
        ("PhoneNumber", NUMBER, 90000),
        ("Status", "closed", 90000),
        ("SmsUrl", "hooks", 21402),
        ("SmsMethod", "put", 21209),
        ("EmergencyAddressSid", "x", 22109),
        ("AccountSid", "nobody", 10004),
    ] {
        let answer = house.form(&house.root, &path, &[(name, value)]).await;
        assert_eq!(answer.refusal(), refused(422, code), "{name}");
    }
    let ledger = house.simulator.ledger();
    assert_eq!(ledger.entries.len(), 1);
    let path = format!("{}/nothing", numbers(ROOT));
    let gone = house.form(&house.root, &path, &[("SmsUrl", SMS_URL)]).await;
    assert_eq!(gone.refusal(), refused(404, 20404));
}

#[tokio::test]
async fn unknown_paths_methods_and_parameters_are_refused() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let post = house.post(&house.root, &native(&id), json!({})).await;
    assert_eq!(post.refusal(), refused(404, "Not Found"));
    let put = house.bare(&house.root, Method::PUT, &numbers(ROOT)).await;
    assert_eq!(put.refusal(), refused(404, 20404));
    let path = format!("{}?expand=1", native(&id));
    let extra = house.get(&house.root, &path).await;
    assert_eq!(extra.refusal(), refused(422, "invalid_parameter"));
    let path = format!("{}/{id}?Expand=1", numbers(ROOT));
    let extra = house.get(&house.root, &path).await;
    assert_eq!(extra.refusal(), refused(422, 90000));
}

#[tokio::test]
async fn a_name_given_later_has_1_to_255_characters() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    for (name, status) in [
        (String::new(), 422),
        ("x".repeat(256), 422),
        ("ü".repeat(255), 200),
    ] {
        let form = [("FriendlyName", name.as_str())];
        let answer = house.form(&house.root, &path, &form).await;
        assert_eq!(answer.status, status, "{} characters", name.len());
    }
}

#[tokio::test]
async fn what_is_no_list_comes_once() {
    let house = House::new();
    let twice = [("PhoneNumber", NUMBER), ("PhoneNumber", NUMBER)];
    let answer = house.form(&house.root, &numbers(ROOT), &twice).await;
    assert_eq!(answer.refusal(), refused(422, 10000));
    assert!(house.simulator.inventory().numbers.is_empty());
}

#[tokio::test]
async fn by_rule_a_list_finds_no_plus_and_shows_no_name() {
    let house = House::with(Rules {
        laml_plus_is_literal: false,
        laml_shows_names: false,
        ..Rules::default()
    });
    house.bought(&house.root, NUMBER).await;
    let list = numbers(ROOT);
    for (query, found) in [
        ("PhoneNumber=%2B15125550100", 0),
        ("PhoneNumber=15125550100", 1),
        ("PageSize=5", 1),
    ] {
        let answer = house.get(&house.root, &format!("{list}?{query}")).await;
        let shown = answer.list("incoming_phone_numbers");
        assert_eq!(shown.len(), found, "{query}");
        let formatted = |number: &Value| number["friendly_name"] == "(512) 555-0100";
        assert!(shown.iter().all(formatted), "{query}");
    }
    let native = house
        .get(
            &house.root,
            "/api/relay/rest/phone_numbers?filter_number=%2B1512",
        )
        .await;
    assert_eq!(native.text("/data/0/name"), "ord_1");
}
