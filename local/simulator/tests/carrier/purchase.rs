//! Buying: once, for whom, and every way it is refused.

use numberline_simulator::{Kind, PurchaseRefusal, Rules};
use serde_json::json;

use crate::house::{House, NUMBER, ROOT, SMS_URL, VOICE_URL, native, numbers, refused};

const NATIVE: &str = "/api/relay/rest/phone_numbers";

#[tokio::test]
async fn a_laml_purchase_sets_name_and_webhooks_in_one_go() {
    let house = House::new();
    let form = [
        ("PhoneNumber", NUMBER),
        ("FriendlyName", "ord_42"),
        ("SmsUrl", SMS_URL),
        ("VoiceUrl", VOICE_URL),
        ("VoiceMethod", "GET"),
        ("StatusCallback", "https://hooks.example.com/status"),
    ];
    let path = format!("{}.json", numbers(ROOT));
    let answer = house.form(&house.root, &path, &form).await;
    assert_eq!(answer.status, 201);
    for (pointer, expected) in [
        ("/phone_number", NUMBER),
        ("/friendly_name", "ord_42"),
        ("/account_sid", ROOT),
        ("/sms_url", SMS_URL),
        ("/sms_method", "POST"),
        ("/voice_url", VOICE_URL),
        ("/voice_method", "GET"),
        ("/status_callback", "https://hooks.example.com/status"),
        ("/date_created", "Fri, 21 Aug 2026 17:04:15 +0000"),
    ] {
        assert_eq!(answer.text(pointer), expected);
    }
    let uri = format!("{}/{}", numbers(ROOT), answer.text("/sid"));
    assert_eq!(answer.text("/uri"), uri);
    let ledger = house.simulator.ledger();
    let bought = ledger.of(Kind::Purchase).next().unwrap();
    assert_eq!(bought.account, ROOT);
    assert_eq!(bought.number.as_deref(), Some(NUMBER));
    assert_eq!(bought.reference.as_deref(), Some("ord_42"));
    assert_eq!(bought.id.as_deref(), Some(answer.text("/sid")));
    assert_eq!(bought.details["smsUrl"], SMS_URL);
}

#[tokio::test]
async fn a_native_purchase_comes_up_without_webhooks() {
    let house = House::new();
    let answer = house
        .post(&house.root, NATIVE, json!({"number": NUMBER}))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("/number"), NUMBER);
    assert_eq!(answer.text("/call_handler"), "laml_webhooks");
    assert_eq!(answer.text("/message_handler"), "laml_webhooks");
    assert_eq!(answer.text("/created_at"), "2026-08-21T17:04:15Z");
    assert_eq!(answer.text("/next_billed_at"), "2026-09-21T17:04:15Z");
    assert!(answer.body["name"].is_null());
    assert!(answer.body["call_request_url"].is_null());
    assert_eq!(
        answer.body["capabilities"],
        json!(["voice", "sms", "mms", "fax"])
    );
    let read = house.get(&house.root, &native(answer.text("/id"))).await;
    assert_eq!(read.body, answer.body);
}

#[tokio::test]
async fn a_number_sells_once() {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    let answer = house
        .post(&house.root, NATIVE, json!({"number": NUMBER}))
        .await;
    assert_eq!(answer.refusal(), refused(422, "could_not_purchase"));
    let path = numbers(ROOT);
    let answer = house
        .form(&house.root, &path, &[("PhoneNumber", NUMBER)])
        .await;
    assert_eq!(answer.refusal(), refused(422, 21401));
    let found = house
        .get(
            &house.root,
            "/api/relay/rest/phone_numbers/search?contains=5550100&areacode=512",
        )
        .await;
    assert!(found.list("data").is_empty());
    assert_eq!(house.simulator.ledger().total(Kind::Purchase), 1);
}

#[tokio::test]
async fn nobody_can_buy_what_is_not_in_stock() {
    let house = House::new();
    let answer = house
        .post(&house.root, NATIVE, json!({"number": "+13035550100"}))
        .await;
    assert_eq!(answer.refusal(), refused(422, "could_not_purchase"));
    assert_eq!(house.simulator.ledger().total(Kind::Purchase), 0);
}

#[tokio::test]
async fn refusals_are_worded_as_the_rules_say() {
    let house = House::with(Rules {
        purchase_refusal: PurchaseRefusal::Vague,
        laml_purchase_refusal_code: 10000,
        ..Rules::default()
    });
    let gone = "+13035550100";
    let answer = house
        .post(&house.root, NATIVE, json!({"number": gone}))
        .await;
    let expected = json!({"errors": [{"detail": null, "status": "422",
        "title": "Invalid Attribute", "code": "422"}]});
    assert_eq!(answer.body, expected);
    let form = [("PhoneNumber", gone)];
    let answer = house.form(&house.root, &numbers(ROOT), &form).await;
    assert_eq!(answer.refusal(), refused(422, 10000));
}

#[tokio::test]
async fn a_malformed_native_purchase_is_refused() {
    let house = House::new();
    for (body, code) in [
        (json!({}), "missing_required_parameter"),
        (json!({"number": ""}), "missing_required_parameter"),
        (json!({"number": 15_125_550_100_i64}), "not_a_string"),
        (json!({"number": "5125550100"}), "not_e164"),
        (json!({"number": NUMBER, "name": "x"}), "invalid_parameter"),
        (json!({"areacode": "512"}), "invalid_parameter"),
    ] {
        let answer = house.post(&house.root, NATIVE, body.clone()).await;
        assert_eq!(answer.refusal(), refused(422, code), "{body}");
    }
    let answer = house.post(&house.root, NATIVE, json!([NUMBER])).await;
    assert_eq!(answer.refusal(), refused(400, "Bad Request"));
    let answer = house.form(&house.root, NATIVE, &[("number", NUMBER)]).await;
    assert_eq!(answer.refusal(), refused(400, "Bad Request"));
}

#[tokio::test]
async fn a_malformed_laml_purchase_is_refused() {
    let house = House::new();
    let number = ("PhoneNumber", NUMBER);
    let cases: &[(&[(&str, &str)], u32)] = &[
        (&[], 21421),
        (&[("PhoneNumber", "")], 21421),
        (&[("PhoneNumber", "5125550100")], 21401),
        (&[("AreaCode", "512")], 90000),
        (&[number, ("EmergencyAddressSid", "x")], 90000),
        (&[number, ("SmsURL", SMS_URL)], 90000),
        (&[number, ("SmsUrl", "hooks")], 21402),
        (&[number, ("StatusCallback", "ftp://example.com")], 21402),
        (&[number, ("VoiceMethod", "PUT")], 21209),
        (&[number, ("VoiceReceiveMode", "tty")], 21209),
        (&[number, ("SmsApplicationSid", "x")], 21420),
    ];
    for (form, code) in cases {
        let answer = house.form(&house.root, &numbers(ROOT), form).await;
        assert_eq!(answer.refusal(), refused(422, code), "{form:?}");
    }
    let path = numbers(ROOT);
    let answer = house
        .post(&house.root, &path, json!({"PhoneNumber": NUMBER}))
        .await;
    assert_eq!(answer.refusal(), refused(422, 21421));
    assert_eq!(house.simulator.ledger().total(Kind::Purchase), 0);
}

#[tokio::test]
async fn nothing_is_sold_on_credit() {
    let house = House::with(Rules {
        insufficient_balance: true,
        ..Rules::default()
    });
    let answer = house
        .post(&house.root, NATIVE, json!({"number": NUMBER}))
        .await;
    assert_eq!(answer.refusal(), refused(422, "insufficient_balance"));
    let form = [("PhoneNumber", NUMBER)];
    let answer = house.form(&house.root, &numbers(ROOT), &form).await;
    assert_eq!(answer.refusal(), refused(422, 4001));
}

#[tokio::test]
async fn a_trial_has_one_number() {
    let house = House::with(Rules {
        trial: true,
        ..Rules::default()
    });
    house.bought(&house.root, NUMBER).await;
    let second = "+15125550101";
    let answer = house
        .post(&house.root, NATIVE, json!({"number": second}))
        .await;
    assert_eq!(answer.refusal(), refused(422, "account_limit_exceeded"));
    let form = [("PhoneNumber", second)];
    let answer = house.form(&house.root, &numbers(ROOT), &form).await;
    assert_eq!(answer.refusal(), refused(422, 10001));
}

#[tokio::test]
async fn a_project_has_so_many_numbers_and_no_more() {
    let house = House::with(Rules {
        numbers_max: 2,
        ..Rules::default()
    });
    let (sub, _) = house.subproject("tenant").await;
    house.bought(&house.root, NUMBER).await;
    house.bought(&house.root, "+15125550101").await;
    let third = json!({"number": "+15125550102"});
    let answer = house.post(&house.root, NATIVE, third.clone()).await;
    assert_eq!(answer.refusal(), refused(422, "account_limit_exceeded"));
    assert_eq!(house.post(&sub, NATIVE, third).await.status, 200);
}

#[tokio::test]
async fn a_subproject_buys_for_itself_only() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let id = house.bought(&sub, NUMBER).await;
    let ledger = house.simulator.ledger();
    assert_eq!(
        ledger.of(Kind::Purchase).next().unwrap().account,
        sub.project
    );
    assert_eq!(house.get(&sub, &native(&id)).await.status, 200);
    let answer = house.get(&house.root, &native(&id)).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
    // The parent's credentials do not buy on the subproject's account.
    let form = [("PhoneNumber", "+15125550101")];
    let answer = house.form(&house.root, &numbers(&sub.project), &form).await;
    assert_eq!(answer.refusal(), refused(401, 20003));
}
