//! Calls that come in: answered, and written down once however they are told.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{Error, calls::calls, inbound::Outcome, numbers::edit, provision::any_number},
    domain::{Call, CallAnswer, CallStatus, Number, Plan, Routing, VoiceRouting, order::Wish},
    store::{NumberEdit, Window},
};
use numberline_simulator::{Carrier, Inbound};
use numberline_tests::lab::{Books, Lab, Lambda, Rest, Setup, Tenant, Webhook};

const HERE: Carrier = Carrier::SignalWire;
const CUSTOMER: &str = "+14155550177";
const CALL: &str = "5d0c1f3e-7777-4888-9999-aaaabbbbcccc";

/// A workspace with a number that works.
async fn with_number(lab: &Arc<Lab>, subject: &str) -> (Tenant, Number) {
    let tenant = Tenant::sign_up(lab, subject, Plan::Enterprise)
        .await
        .unwrap();
    let placed = tenant.order(lab, &any_number(None), "first").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    (tenant, books.number_of(&placed.id).unwrap().clone())
}

async fn rings(lab: &Lab, number: &Number, call: &str) -> Webhook {
    let call = Inbound {
        id: Some(call.to_owned()),
        ..Inbound::call(HERE, CUSTOMER, number.e164.as_str())
    };
    lab.happens(&call).await.unwrap()
}

async fn ends(lab: &Lab, number: &Number, call: &str, seconds: u32) -> Webhook {
    let ended = Inbound::call_ended(HERE, CUSTOMER, number.e164.as_str(), call, seconds);
    lab.happens(&ended).await.unwrap()
}

async fn calls_of(lab: &Lab, tenant: &Tenant) -> Vec<Call> {
    let window = Window {
        cursor: None,
        since: None,
        limit: 100,
    };
    let listed = calls(&lab.core(), &lab.messages(), &tenant.caller, window).await;
    listed.unwrap().items
}

#[tokio::test]
async fn a_call_is_the_same_in_whatever_order_and_number_it_is_told() {
    let mut told = Vec::new();
    for order in [
        &["rings", "ends"][..],
        &["ends", "rings"],
        &["rings", "rings", "ends", "ends", "rings"],
        &["ends", "ends", "rings", "ends"],
    ] {
        let lab = Lab::new(&Setup::default()).unwrap();
        let (tenant, number) = with_number(&lab, "admin").await;
        let (ring, end) = (
            rings(&lab, &number, CALL).await,
            ends(&lab, &number, CALL, 61).await,
        );
        for step in order {
            let webhook = if *step == "rings" { &ring } else { &end };
            lab.take_cold(webhook).await.unwrap();
        }
        let [call] = <[Call; 1]>::try_from(calls_of(&lab, &tenant).await).unwrap();
        assert_eq!(call.status(), CallStatus::Completed);
        assert_eq!(call.answer, Some(CallAnswer::Greeting));
        let end = call.end.unwrap();
        assert_eq!((end.seconds, end.minutes()), (61, 2));
        told.push(call.parties);
    }
    assert!(told.windows(2).all(|pair| pair[0].id == pair[1].id));
}

#[tokio::test]
async fn a_final_status_is_never_undone() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let first = ends(&lab, &number, CALL, 30).await;
    let taken = lab.take_cold(&first).await.unwrap();
    assert_eq!(taken.outcome, Outcome::Counted);
    let failed = Inbound {
        status: Some("failed".to_owned()),
        ..Inbound::call_ended(HERE, CUSTOMER, number.e164.as_str(), CALL, 90)
    };
    let failed = lab.happens(&failed).await.unwrap();
    let taken = lab.take_cold(&failed).await.unwrap();
    assert_eq!(taken.outcome, Outcome::Repeated);
    let [call] = <[Call; 1]>::try_from(calls_of(&lab, &tenant).await).unwrap();
    assert_eq!(call.status(), CallStatus::Completed);
    assert_eq!(call.end.unwrap().seconds, 30);
}

#[tokio::test]
async fn calls_are_listed_newest_first_to_their_workspace_alone() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let (stranger, _) = with_number(&lab, "stranger").await;
    let names = ["c1", "c2", "c3"];
    for name in names {
        let webhook = rings(&lab, &number, name).await;
        lab.take_cold(&webhook).await.unwrap();
        lab.clock.advance(Duration::from_secs(1));
    }
    let listed = calls_of(&lab, &tenant).await;
    let listed: Vec<&str> = listed
        .iter()
        .map(|call| call.parties.carrier_call.as_str())
        .collect();
    assert_eq!(listed, ["c3", "c2", "c1"]);
    assert!(calls_of(&lab, &stranger).await.is_empty());
    let window = Window {
        cursor: None,
        since: None,
        limit: 10,
    };
    let intruder = Tenant::of("stranger", &tenant.workspace).caller;
    let peek = calls(&lab.core(), &lab.messages(), &intruder, window).await;
    assert!(matches!(peek, Err(Error::NotFound)), "{peek:?}");
}

async fn forward(lab: &Lab, tenant: &Tenant, number: &Number, to: &str) {
    let change = NumberEdit {
        label: None,
        routing: Some(Routing {
            voice: VoiceRouting::Forward {
                to: to.parse().unwrap(),
            },
        }),
    };
    edit(&lab.core(), &tenant.caller, &number.id, &change)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_call_goes_on_to_where_it_is_forwarded_and_is_one_call() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let to = "+12125550142";
    forward(&lab, &tenant, &number, to).await;
    let webhook = rings(&lab, &number, CALL).await;
    let taken = lab.take_cold(&webhook).await.unwrap();
    assert!(
        taken.reply.body.contains(">+12125550142</Dial>"),
        "{}",
        taken.reply.body
    );
    let [call] = <[Call; 1]>::try_from(calls_of(&lab, &tenant).await).unwrap();
    let to = to.parse().unwrap();
    assert_eq!(call.answer, Some(CallAnswer::Forward { to }));
}

/// An order for a number claims it at once; that makes nobody's telephone ours.
#[tokio::test]
async fn a_call_goes_on_to_a_number_that_somebody_only_orders() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let other = Tenant::sign_up(&lab, "other", Plan::Pro).await.unwrap();
    let to = "+12125550142";
    let wish = Wish::Exact(to.parse().unwrap());
    other.order(&lab, &wish, "theirs").await.unwrap();
    forward(&lab, &tenant, &number, to).await;
    let webhook = rings(&lab, &number, CALL).await;
    let body = lab.take_cold(&webhook).await.unwrap().reply.body;
    assert!(body.contains(">+12125550142</Dial>"), "{body}");
}

/// The number that calls are forwarded to was bought here afterwards.
#[tokio::test]
async fn a_call_is_not_forwarded_to_what_became_a_number_of_ours() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let later = "+15125550107";
    forward(&lab, &tenant, &number, later).await;
    let wish = Wish::Exact(later.parse().unwrap());
    tenant.order(&lab, &wish, "second").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let webhook = rings(&lab, &number, CALL).await;
    let taken = lab.take_cold(&webhook).await.unwrap();
    let body = taken.reply.body;
    assert!(!body.contains("<Dial") && body.contains("<Say>"), "{body}");
}
