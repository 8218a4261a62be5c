//! STOP, START and HELP on a workspace's own number, told in every order.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{Error, inbound::Outcome, provision::any_number},
    domain::{MessageId, MessageStatus, Number, Plan},
};
use numberline_simulator::{Carrier, Inbound};
use numberline_tests::lab::{Books, Lab, Lambda, Rest, Setup, Tenant, Webhook};

const CUSTOMER: &str = "+14155550177";

/// A workspace with a number that works.
async fn with_number() -> (Arc<Lab>, Tenant, Number) {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Pro).await.unwrap();
    tenant
        .order(&lab, &any_number(None), "first")
        .await
        .unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let number = Books::read(&lab.tables).unwrap().numbers.pop().unwrap();
    (lab, tenant, number)
}

async fn said(lab: &Lab, number: &Number, body: &str) -> Webhook {
    lab.text(CUSTOMER, &number.e164, body).await.unwrap()
}

async fn may_write(lab: &Lab, tenant: &Tenant, key: &str) -> bool {
    let answer = tenant.text(lab, CUSTOMER, "hello", key).await;
    let refused = matches!(&answer, Err(Error::RecipientOptedOut));
    assert!(refused || answer.is_ok(), "{answer:?}");
    !refused
}

#[tokio::test]
async fn the_word_that_arrives_last_counts_and_a_repeated_one_does_not() {
    let (lab, tenant, number) = with_number().await;
    let stop = said(&lab, &number, "stop").await;
    let start = said(&lab, &number, "START").await;
    lab.take_cold(&stop).await.unwrap();
    assert!(!may_write(&lab, &tenant, "1").await);
    lab.clock.advance(Duration::from_secs(1));
    lab.take_cold(&start).await.unwrap();
    assert!(may_write(&lab, &tenant, "2").await);
    // The carrier tells of the old word once more.
    lab.clock.advance(Duration::from_mins(1));
    let again = lab.take_cold(&stop).await.unwrap();
    assert_eq!(again.outcome, Outcome::Repeated);
    assert!(may_write(&lab, &tenant, "3").await);
    let texts = Books::read(&lab.tables).unwrap().messages;
    let words = texts
        .iter()
        .filter(|text| text.theirs == CUSTOMER && text.body != "hello");
    assert_eq!(words.count(), 2, "both stand in the conversation");
}

#[tokio::test]
async fn a_keyword_is_answered_once_in_the_name_of_the_workspace() {
    let (lab, _, number) = with_number().await;
    for (word, answer) in [
        ("HELP", "Reply STOP to get no more"),
        ("stop", "you are unsubscribed"),
        ("start", "you will get messages"),
    ] {
        let webhook = said(&lab, &number, word).await;
        let first = lab.take_cold(&webhook).await.unwrap().reply.body;
        let named = first.contains("<Message>admin: ") && first.contains(answer);
        assert!(named, "{word}: {first}");
        let second = lab.take_cold(&webhook).await.unwrap().reply.body;
        assert!(!second.contains("Message"), "{word}: {second}");
    }
    let other = said(&lab, &number, "stop by at ten?").await;
    let other = lab.take_cold(&other).await.unwrap();
    assert!(!other.reply.body.contains("Message"));
}

#[tokio::test]
async fn a_carrier_that_will_not_deliver_is_no_customer_who_said_stop() {
    let (lab, tenant, number) = with_number().await;
    let sent = tenant.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    let blocked = Inbound {
        error_code: Some("21610".to_owned()),
        ..news_of(&lab, &sent.id, "undelivered").await
    };
    let news = lab.happens(&blocked).await.unwrap();
    for _ in 0..2 {
        lab.take_cold(&news).await.unwrap();
        let books = Books::read(&lab.tables).unwrap();
        assert_eq!(books.messages[0].status, MessageStatus::Undelivered);
        assert_eq!(books.messages[0].failure.as_deref(), Some("opted_out"));
        assert_eq!(books.consents, []);
        assert!(may_write(&lab, &tenant, "2").await);
    }
    let stop = said(&lab, &number, "STOP").await;
    lab.take_cold(&stop).await.unwrap();
    assert!(!may_write(&lab, &tenant, "3").await);
}

/// The carrier's news that a text of ours is `status`.
async fn news_of(lab: &Lab, sent: &MessageId, status: &str) -> Inbound {
    let sent = lab.messages().outgoing(sent).await.unwrap().unwrap();
    let name = sent.carrier_message.unwrap();
    Inbound::status(Carrier::SignalWire, name.as_str(), status)
}

#[tokio::test]
async fn a_text_of_ours_never_comes_in() {
    let (lab, tenant, _) = with_number().await;
    let sent = tenant.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    let before = Books::read(&lab.tables).unwrap().messages;
    for word in ["receiving", "received"] {
        let news = news_of(&lab, &sent.id, word).await;
        let news = lab.happens(&news).await.unwrap();
        let taken = lab.take_cold(&news).await.unwrap();
        assert_eq!(taken.outcome, Outcome::Acknowledged, "{word}");
        let books = Books::read(&lab.tables).unwrap();
        assert_eq!((books.messages, books.strays), (before.clone(), 0));
    }
}

#[tokio::test]
async fn yes_is_an_answer_and_no_consent() {
    let (lab, tenant, number) = with_number().await;
    for word in ["STOP", "YES"] {
        let webhook = said(&lab, &number, word).await;
        lab.take_cold(&webhook).await.unwrap();
        lab.clock.advance(Duration::from_secs(1));
    }
    assert!(!may_write(&lab, &tenant, "1").await);
}
