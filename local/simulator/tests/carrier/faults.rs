//! Failing on request.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use numberline_simulator::{Carrier, Dropped, Fault, Kind, Mode, Operation, Rules, Target};
use serde_json::{Value, json};

use crate::house::{CUSTOMER, House, NUMBER, ROOT, messages, native, numbers, refused};

const HERE: Carrier = Carrier::SignalWire;
const NATIVE: &str = "/api/relay/rest/phone_numbers";

fn arranged(operation: Operation, mode: Mode) -> House {
    let house = House::new();
    house.simulator.arrange(Fault::once(HERE, operation, mode));
    house
}

#[tokio::test]
async fn a_lost_request_had_no_effect() {
    let house = arranged(Operation::Purchase, Mode::LostRequest);
    let form = [("PhoneNumber", NUMBER)];
    let answer = house.try_form(&house.root, &numbers(ROOT), &form).await;
    assert_eq!(answer.err(), Some(Dropped));
    assert!(house.simulator.inventory().numbers.is_empty());
    assert!(house.simulator.ledger().entries.is_empty());
    house.bought(&house.root, NUMBER).await;
}

#[tokio::test]
async fn a_lost_response_had_its_effect() {
    let house = arranged(Operation::Purchase, Mode::LostResponse);
    let form = [("PhoneNumber", NUMBER), ("FriendlyName", "ord_9")];
    let answer = house.try_form(&house.root, &numbers(ROOT), &form).await;
    assert_eq!(answer.err(), Some(Dropped));
    assert_eq!(house.simulator.ledger().total(Kind::Purchase), 1);
    let found = house
        .get(
            &house.root,
            &format!("{NATIVE}?filter_number=%2B15125550100"),
        )
        .await;
    assert_eq!(found.text("/data/0/name"), "ord_9");
    let again = house
        .post(&house.root, NATIVE, json!({"number": NUMBER}))
        .await;
    assert_eq!(again.refusal(), refused(422, "could_not_purchase"));
}

#[tokio::test]
async fn an_answer_can_be_cut_off_or_be_called_a_refusal_after_its_effect() {
    let form = [("PhoneNumber", NUMBER)];
    let house = arranged(Operation::Purchase, Mode::Error422);
    let answer = house.form(&house.root, &numbers(ROOT), &form).await;
    assert_eq!(answer.refusal(), refused(422, 20504));
    assert_eq!(house.simulator.ledger().total(Kind::Purchase), 1);
    let native = Fault::once(HERE, Operation::List, Mode::Error422);
    house.simulator.arrange(native);
    let answer = house.get(&house.root, NATIVE).await;
    assert_eq!(answer.refusal(), refused(422, "internal_error_occurred"));
    house
        .simulator
        .arrange(Fault::once(HERE, Operation::List, Mode::Garbled));
    let credentials = format!("{}:{}", house.root.project, house.root.token);
    let credentials = STANDARD.encode(credentials);
    let request = http::Request::get(format!("/signalwire{NATIVE}"))
        .header("authorization", format!("Basic {credentials}"))
        .body(Bytes::new())
        .unwrap();
    let answer = house.simulator.handle(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let read: Result<Value, _> = serde_json::from_slice(answer.body());
    assert!(!answer.body().is_empty() && read.is_err());
}

#[tokio::test]
async fn every_mode_answers_in_the_carriers_words() {
    for (mode, native, laml) in [
        (
            Mode::Refuse,
            refused(422, "could_not_purchase"),
            refused(422, 21401),
        ),
        (
            Mode::Error500,
            refused(500, "Internal Server Error"),
            refused(500, 20504),
        ),
        (
            Mode::RateLimit,
            refused(429, "rate_limit_exceeded"),
            refused(429, 20429),
        ),
        (
            Mode::Auth,
            refused(401, "Unauthorized"),
            refused(401, 20003),
        ),
    ] {
        let house = arranged(Operation::Purchase, mode);
        let answer = house
            .post(&house.root, NATIVE, json!({"number": NUMBER}))
            .await;
        assert_eq!(answer.refusal(), native);
        let limited = answer.headers.contains_key("retry-after");
        assert_eq!(limited, mode == Mode::RateLimit);
        house
            .simulator
            .arrange(Fault::once(HERE, Operation::Purchase, mode));
        let form = [("PhoneNumber", NUMBER)];
        let answer = house.form(&house.root, &numbers(ROOT), &form).await;
        assert_eq!(answer.refusal(), laml);
        assert!(house.simulator.ledger().entries.is_empty());
    }
}

#[tokio::test]
async fn a_refusal_fits_the_operation() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    house.days_pass(14);
    let any = |operation| Fault::once(HERE, operation, Mode::Refuse);
    house.simulator.arrange(any(Operation::Release));
    let answer = house.delete(&house.root, &native(&id)).await;
    assert_eq!(answer.refusal(), refused(422, "purchased_too_recently"));
    house.simulator.arrange(any(Operation::SendMessage));
    let form = [("To", CUSTOMER), ("From", NUMBER), ("Body", "x")];
    let answer = house.form(&house.root, &messages(ROOT), &form).await;
    assert_eq!(answer.refusal(), refused(422, 21610));
    house.simulator.arrange(any(Operation::CreateSubproject));
    let answer = house
        .post(&house.root, "/api/projects", json!({"name": "x"}))
        .await;
    assert_eq!(answer.refusal(), refused(422, "invalid_parameter"));
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_comes_late_and_takes_effect_at_once() {
    let house = arranged(Operation::Purchase, Mode::SlowMs(30_000));
    let before = tokio::time::Instant::now();
    let form = [("PhoneNumber", NUMBER)];
    {
        let path = numbers(ROOT);
        let call = house.try_form(&house.root, &path, &form);
        let patience = std::time::Duration::from_secs(5);
        assert!(tokio::time::timeout(patience, call).await.is_err());
    }
    assert_eq!(house.simulator.ledger().total(Kind::Purchase), 1);
    house
        .simulator
        .arrange(Fault::once(HERE, Operation::List, Mode::SlowMs(1000)));
    assert_eq!(house.get(&house.root, NATIVE).await.status, 200);
    let passed = before.elapsed();
    assert_eq!(passed, std::time::Duration::from_secs(6));
}

#[tokio::test]
async fn a_transfer_is_told_from_a_configuration() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    house
        .simulator
        .arrange(Fault::once(HERE, Operation::Transfer, Mode::Error500));
    let form = [("FriendlyName", "x")];
    assert_eq!(house.form(&house.root, &path, &form).await.status, 200);
    let form = [("AccountSid", sub.project.as_str())];
    assert_eq!(house.form(&house.root, &path, &form).await.status, 500);
    assert_eq!(house.form(&house.root, &path, &form).await.status, 200);
}

#[tokio::test]
async fn a_fault_about_one_number_leaves_the_others_alone() {
    let house = House::new();
    let other = "+15125550101";
    house.simulator.arrange(Fault {
        number: Some(NUMBER.to_owned()),
        operation: Target::Any,
        ..Fault::once(HERE, Operation::Get, Mode::Error500)
    });
    let id = house.bought(&house.root, other).await;
    assert_eq!(house.get(&house.root, &native(&id)).await.status, 200);
    let answer = house
        .post(&house.root, NATIVE, json!({"number": NUMBER}))
        .await;
    assert_eq!(answer.status, 500);
    assert!(house.simulator.faults().is_empty());
}

#[tokio::test]
async fn the_rate_limit_is_per_second_of_the_clock() {
    let house = House::with(Rules {
        rate_limit: Some(2),
        ..Rules::default()
    });
    for expected in [200, 200, 429, 429] {
        assert_eq!(house.get(&house.root, NATIVE).await.status, expected);
    }
    house.simulator.advance(std::time::Duration::from_secs(1));
    assert_eq!(house.get(&house.root, NATIVE).await.status, 200);
}

#[tokio::test]
async fn refused_and_lost_requests_are_counted() {
    let house = arranged(Operation::Purchase, Mode::LostRequest);
    let form = [("PhoneNumber", NUMBER)];
    let lost = house.try_form(&house.root, &numbers(ROOT), &form).await;
    assert!(lost.is_err());
    house.bought(&house.root, NUMBER).await;
    let ledger = house.simulator.ledger();
    assert_eq!(ledger.requests[&Operation::Purchase], 2);
    assert_eq!(ledger.total(Kind::Purchase), 1);
}
