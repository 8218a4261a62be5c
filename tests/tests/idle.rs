//! Idle for a day, then one call: what functions remember has become wrong meanwhile.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{
        inbound::{Outcome, Refused},
        provision::any_number,
        send::{Post, Text, send},
    },
    carrier::WebhookError,
    domain::{Message, MessageStatus, Number, Plan},
    store::Replay,
};
use numberline_simulator::{Carrier, Inbound, Kind, Signing};
use numberline_tests::lab::{Answered, Books, Lab, Lambda, Rest, Setup, Tenant};
use numberline_tests::seam::Service;

const CUSTOMER: &str = "+14155550177";

const A_DAY: Duration = Duration::from_hours(24);

/// A workspace with a number that works.
async fn with_number(lab: &Arc<Lab>) -> (Tenant, Number) {
    let tenant = Tenant::sign_up(lab, "ann", Plan::Enterprise).await.unwrap();
    tenant.order(lab, &any_number(None), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let number = Books::read(&lab.tables).unwrap().numbers.remove(0);
    assert!(number.is_active());
    (tenant, number)
}

/// Texts the customer from a sandbox that has been there before.
async fn text(lab: &Lab, post: &Post, tenant: &Tenant, key: &str) -> Answered<Message> {
    let text = Text {
        to: CUSTOMER.parse().unwrap(),
        from: None,
        body: "See you at nine".to_owned(),
    };
    let replay = Replay {
        key,
        request_hash: "hash",
    };
    Box::pin(send(&lab.base(), post, &tenant.caller, &text, replay)).await
}

#[tokio::test]
async fn a_text_after_a_day_and_a_rotation_is_sent_once() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, _) = with_number(&lab).await;
    let post = lab.post();
    let before = text(&lab, &post, &tenant, "yesterday").await.unwrap();
    assert_eq!(before.status, MessageStatus::Queued);
    lab.clock.advance(A_DAY);
    let after = text(&lab, &post, &tenant, "today").await.unwrap();
    assert_eq!(after.status, MessageStatus::Queued);
    // Within the minutes for which an account is remembered.
    lab.rotate(&tenant.workspace).await.unwrap();
    lab.seam.measure();
    let rotated = text(&lab, &post, &tenant, "rotated").await.unwrap();
    assert_eq!(
        (rotated.status, rotated.failure),
        (MessageStatus::Queued, None)
    );
    assert_eq!(
        lab.seam.measured().count(Service::Carrier),
        2,
        "refused once, then sent"
    );
    assert_eq!(lab.simulator.ledger().total(Kind::Message), 3);
}

#[tokio::test]
async fn a_webhook_signed_with_a_new_key_is_taken_by_a_sandbox_that_knows_the_old_one() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab).await;
    let mailroom = lab.mailroom();
    for (day, body) in ["yesterday", "today"].into_iter().enumerate() {
        lab.clock.advance(A_DAY);
        let webhook = lab.text(CUSTOMER, &number.e164, body).await.unwrap();
        let taken = Lab::take(&mailroom, &webhook).await.unwrap();
        assert_eq!(taken.outcome, Outcome::Stored, "day {day}");
    }
    lab.clock.advance(Duration::from_mins(1));
    lab.rotate(&tenant.workspace).await.unwrap();
    let webhook = lab
        .text(CUSTOMER, &number.e164, "with the new key")
        .await
        .unwrap();
    let taken = Lab::take(&mailroom, &webhook).await.unwrap();
    assert_eq!(taken.outcome, Outcome::Stored);
    assert_eq!(Books::read(&lab.tables).unwrap().messages.len(), 3);
}

#[tokio::test]
async fn forged_webhooks_cause_no_more_than_one_reading_of_the_key() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (_, number) = with_number(&lab).await;
    let mailroom = lab.mailroom();
    let webhook = lab.text(CUSTOMER, &number.e164, "true").await.unwrap();
    Lab::take(&mailroom, &webhook).await.unwrap();
    lab.clock.advance(Duration::from_mins(1));
    let mut forged = Inbound::sms(
        Carrier::SignalWire,
        CUSTOMER,
        number.e164.as_str(),
        "forged",
    );
    forged.signing = Signing::Wrong;
    lab.seam.measure();
    for _ in 0..5 {
        let webhook = lab.happens(&forged).await.unwrap();
        let refused = Lab::take(&mailroom, &webhook).await.unwrap_err();
        let why = matches!(refused, Refused::NotProven(WebhookError::BadSignature));
        assert!(why, "{refused:?}");
    }
    assert_eq!(lab.seam.measured().count(Service::Kms), 1);
    assert_eq!(Books::read(&lab.tables).unwrap().messages.len(), 1);
}

#[tokio::test]
async fn an_order_of_a_worker_that_idled_for_a_day_succeeds_after_a_rotation() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, _) = with_number(&lab).await;
    lab.clock.advance(A_DAY);
    tenant.order(&lab, &any_number(None), "two").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    lab.rotate(&tenant.workspace).await.unwrap();
    tenant
        .order(&lab, &any_number(None), "three")
        .await
        .unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    assert!(books.numbers.len() == 3 && books.numbers.iter().all(Number::is_active));
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 3);
}
