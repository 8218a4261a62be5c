//! The controls as they are on the wire.

use http::Method;
use numberline_simulator::{Carrier, Fault, Mode, Operation};
use serde_json::{Value, json};

use crate::house::{CUSTOMER, House, NUMBER, ROOT, numbers};

async fn get(house: &House, name: &str) -> Value {
    let answer = house.control(Method::GET, name, Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn the_ledger_is_read_in_camel_case() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let ledger = get(&house, "ledger").await;
    let expected = json!({
        "seq": 1,
        "at": "2026-08-21T17:04:15Z",
        "carrier": "signalwire",
        "kind": "purchase",
        "account": ROOT,
        "number": NUMBER,
        "reference": "ord_1",
        "id": id,
        "details": {
            "smsUrl": "https://hooks.example.com/sms",
            "voiceUrl": "https://hooks.example.com/voice",
        },
    });
    assert_eq!(ledger["entries"], json!([expected]));
    assert_eq!(ledger["totals"], json!({"purchase": 1}));
    assert_eq!(ledger["requests"], json!({"purchase": 1}));
}

#[tokio::test]
async fn the_inventory_shows_who_owns_what() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    house.bought(&sub, NUMBER).await;
    let inventory = get(&house, "inventory").await;
    assert_eq!(inventory["numbers"][0]["number"], NUMBER);
    assert_eq!(inventory["numbers"][0]["account"], sub.project);
    assert_eq!(
        inventory["numbers"][0]["releasableAt"],
        "2026-09-04T17:04:15Z"
    );
    assert_eq!(inventory["accounts"][1]["parent"], ROOT);
    assert_eq!(inventory["accounts"][1]["numbers"], 1);
    assert_eq!(inventory["stock"]["signalwire"]["512"], 29);
    let text = inventory.to_string();
    assert!(!text.contains("PSK_") && !text.contains(&sub.token));
}

#[tokio::test]
async fn faults_are_arranged_listed_and_called_off() {
    let house = House::new();
    let fault = json!({"carrier": "signalwire", "operation": "purchase", "mode": "slow-ms:5",
        "count": 2, "number": NUMBER});
    let answer = house.control(Method::POST, "faults", fault.clone()).await;
    assert_eq!(answer.status, 200);
    let listed = get(&house, "faults").await;
    assert_eq!(listed["faults"][0]["mode"], "slow-ms:5");
    assert_eq!(listed["faults"][0]["count"], 2);
    let answer = house.control(Method::DELETE, "faults", Value::Null).await;
    assert_eq!(answer.body, json!({"faults": []}));
}

#[tokio::test]
async fn stock_is_filled_and_emptied() {
    let house = House::new();
    let change = json!({"areaCode": "303", "count": 2});
    let answer = house.control(Method::POST, "stock", change).await;
    assert_eq!(answer.body["signalwire"]["303"], 2);
    let change = json!({"areaCode": "512", "count": 0, "numbers": ["+19165552222"]});
    let answer = house.control(Method::POST, "stock", change).await;
    assert_eq!(answer.body["signalwire"].get("512"), None);
    assert_eq!(answer.body["signalwire"]["916"], 1);
    assert_eq!(get(&house, "stock").await, answer.body);
}

#[tokio::test]
async fn the_clock_is_moved_and_set_running() {
    let house = House::new();
    let answer = house
        .control(Method::POST, "clock", json!({"advanceMs": 1000}))
        .await;
    assert_eq!(
        answer.body,
        json!({"now": "2026-08-21T17:04:16Z", "running": false})
    );
    let now = json!({"now": "2026-12-24T18:00:00Z"});
    house.control(Method::POST, "clock", now).await;
    assert_eq!(get(&house, "clock").await["now"], "2026-12-24T18:00:00Z");
    let answer = house
        .control(Method::POST, "clock", json!({"running": true}))
        .await;
    assert_eq!(answer.body["running"], true);
    assert!(
        answer.body["now"]
            .as_str()
            .unwrap()
            .starts_with("2026-12-24T18:00:0")
    );
    let answer = house
        .control(Method::POST, "clock", json!({"running": false}))
        .await;
    assert_eq!(answer.body["running"], false);
}

#[tokio::test]
async fn settings_change_what_they_name_and_no_more() {
    let house = House::new();
    let change = json!({"holdDays": 0, "rateLimit": 100, "purchaseRefusal": "vague",
        "parentMay": ["list"]});
    let answer = house.control(Method::POST, "settings", change).await;
    assert_eq!(answer.status, 200);
    let rules = get(&house, "settings").await;
    assert_eq!(rules["holdDays"], 0);
    assert_eq!(rules["rateLimit"], 100);
    assert_eq!(rules["parentMay"], json!(["list"]));
    assert_eq!(rules["numbersMax"], 1000);
    assert_eq!(house.simulator.rules().hold_days, 0);
}

#[tokio::test]
async fn inbound_answers_with_what_the_receiver_answered() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    house.hooks.answer_next([403]);
    let text = json!({"carrier": "signalwire", "kind": "sms", "to": NUMBER, "from": CUSTOMER,
        "body": "hi", "id": "m1", "signing": "wrong"});
    let answer = house.control(Method::POST, "inbound", text).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["status"], 403);
    assert_eq!(answer.body["body"], "<Response/>");
    assert_eq!(answer.body["id"], "m1");
    assert_eq!(answer.body["receipts"][0]["fallback"], false);
}

#[tokio::test]
async fn a_reset_starts_again_as_set_up() {
    let house = House::new();
    let first = house.bought(&house.root, NUMBER).await;
    let fault = Fault::once(Carrier::SignalWire, Operation::Purchase, Mode::Auth);
    house.simulator.arrange(fault);
    house.days_pass(3);
    let answer = house.control(Method::POST, "reset", Value::Null).await;
    assert_eq!(answer.body, json!({"reset": true}));
    assert!(house.simulator.ledger().entries.is_empty());
    assert_eq!(house.simulator.now().to_string(), crate::house::START);
    // The seed is the same, and so is what it leads to.
    assert_eq!(house.bought(&house.root, NUMBER).await, first);
}

#[tokio::test]
async fn nonsense_is_refused_with_a_sentence() {
    let house = House::new();
    for (name, body) in [
        (
            "faults",
            json!({"carrier": "signalwire", "operation": "fly", "mode": "refuse"}),
        ),
        (
            "faults",
            json!({"carrier": "signalwire", "operation": "*", "mode": "explode"}),
        ),
        ("faults", json!("now")),
        (
            "faults",
            json!({"carrier": "signalwire", "operation": "*", "mode": "auth", "count": 0}),
        ),
        ("stock", json!({})),
        ("stock", json!({"areaCode": "911", "count": 1})),
        ("stock", json!({"numbers": ["+1"]})),
        ("clock", json!({})),
        ("clock", json!({"now": "yesterday"})),
        (
            "clock",
            json!({"now": "2026-12-24T18:00:00Z", "advanceMs": 1}),
        ),
        ("settings", json!({"holdDay": 3})),
        ("settings", json!({"holdDays": -3})),
        ("inbound", json!({"kind": "fax"})),
        ("inbound", json!({"kind": "sms", "to": NUMBER})),
        ("inbound", json!({"kind": "status"})),
        ("wiring", json!({"number": NUMBER, "set": {"faxUrl": null}})),
    ] {
        let answer = house.control(Method::POST, name, body.clone()).await;
        assert_eq!(answer.status, 400, "{name} {body}");
        assert!(!answer.text("/error").is_empty());
    }
    let answer = house.control(Method::POST, "explode", json!({})).await;
    assert_eq!(answer.status, 404);
    let text = json!({"kind": "sms", "to": NUMBER, "from": CUSTOMER});
    let answer = house.control(Method::POST, "inbound", text.clone()).await;
    assert_eq!(answer.status, 404);
    house
        .form(&house.root, &numbers(ROOT), &[("PhoneNumber", NUMBER)])
        .await;
    let answer = house.control(Method::POST, "inbound", text).await;
    assert_eq!(answer.status, 409);
}

#[tokio::test]
async fn due_callbacks_are_delivered_on_request() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let form = [
        ("To", CUSTOMER),
        ("From", NUMBER),
        ("Body", "x"),
        ("StatusCallback", "https://hooks.example.com/status"),
    ];
    house
        .form(&house.root, &crate::house::messages(ROOT), &form)
        .await;
    let answer = house.control(Method::POST, "deliver", Value::Null).await;
    assert_eq!(answer.list("receipts").len(), 3);
}

#[tokio::test]
async fn a_number_is_rewired_behind_the_customers_back() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    let rewire = async |set: Value| {
        let change = json!({"number": NUMBER, "set": set});
        let answer = house.control(Method::POST, "wiring", change).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    };
    let ring = async || {
        let call = json!({"kind": "call", "to": NUMBER, "from": CUSTOMER});
        house.control(Method::POST, "inbound", call).await.status
    };
    assert_eq!(ring().await, 200);
    rewire(json!({"voiceApplication": "app-1", "voiceMethod": "GET", "smsUrl": null})).await;
    let shown = house.get(&house.root, &path).await;
    assert_eq!(shown.text("/voice_application_sid"), "app-1");
    assert_eq!(shown.text("/voice_method"), "GET");
    assert_eq!(shown.body["sms_url"], Value::Null);
    assert_eq!(ring().await, 409, "the application takes the call");
    let cleared = [("VoiceApplicationSid", ""), ("VoiceMethod", "POST")];
    house.form(&house.root, &path, &cleared).await;
    assert_eq!(ring().await, 200);
    rewire(json!({"trunk": "trunk-1"})).await;
    let shown = house.get(&house.root, &path).await;
    assert_eq!(shown.text("/trunk_sid"), "trunk-1");
    assert_eq!(ring().await, 409, "the trunk takes the call");
    let refused = house.form(&house.root, &path, &[("TrunkSid", "")]).await;
    assert_eq!(refused.status, 422, "no field takes a trunk off");
    rewire(json!({"trunk": null})).await;
    assert_eq!(ring().await, 200);
    let kinds = house
        .simulator
        .ledger()
        .total(numberline_simulator::Kind::Configure);
    assert_eq!(kinds, 1, "what somebody else does is not in the ledger");
    let nobodys = json!({"number": "+15125550101", "set": {}});
    let answer = house.control(Method::POST, "wiring", nobodys).await;
    assert_eq!(answer.status, 404);
}
