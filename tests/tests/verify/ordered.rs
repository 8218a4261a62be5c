//! Verifying as a step of an order: it waits longer and longer, says why, and goes on
//! by itself when that is put right.

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{advance::Left, provision::any_number},
    domain::{
        OrderId, Plan, Timestamp,
        order::{Order, OrderStatus, TroubleCode, VisibleStep},
        verify::VerifyCode,
    },
};
use numberline_simulator::{Carrier, Kind, Rewiring, Wire};
use numberline_tests::{
    lab::{Books, Lab, Lambda, Rest, Setup, Tenant},
    seam::Front,
};

/// An order whose public address is dead.
async fn held_up() -> (Arc<Lab>, OrderId) {
    let lab = Lab::new(&Setup::default()).unwrap();
    lab.public_address(Front::Dead);
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Enterprise).await;
    let tenant = tenant.unwrap();
    let placed = tenant.order(&lab, &any_number(None), "first").await;
    (lab, placed.unwrap().id)
}

fn order(lab: &Lab, id: &OrderId) -> Order {
    let books = Books::read(&lab.tables).unwrap();
    books.order(id).unwrap().clone()
}

/// Hands the next message to a worker, when it is time, and says until when that
/// leaves the order waiting, if it does.
async fn work(lab: &Lab) -> Option<Duration> {
    let due = lab.queue.next_visible().unwrap();
    lab.clock.advance_to(due.max(lab.clock.time()));
    let message = lab.queue.receive(lab.clock.time()).unwrap();
    let left = Box::pin(lab.work_once(&message.body)).await.unwrap();
    lab.queue.delete(message.id);
    let now: Timestamp = lab.clock.time();
    match left {
        Left::Waiting(until) => Some(now.until(until)),
        Left::Ended(_) | Left::HandedOn | Left::NotOurs | Left::Unknown => None,
    }
}

fn trouble(lab: &Lab, id: &OrderId) -> Option<TroubleCode> {
    order(lab, id).trouble.map(|trouble| trouble.code)
}

#[tokio::test]
async fn an_order_waits_longer_and_longer_and_says_why() {
    let (lab, id) = held_up().await;
    let mut waits = Vec::new();
    for _ in 0..8 {
        waits.push(work(&lab).await.unwrap());
        let waiting = order(&lab, &id);
        assert_eq!(waiting.status, OrderStatus::Waiting);
        assert_eq!(waiting.visible_step(), VisibleStep::Verifying);
        let why = TroubleCode::Unproven(VerifyCode::ProbeUnreachable);
        assert_eq!(trouble(&lab, &id), Some(why));
    }
    let (first, last) = (waits[0], waits[7]);
    assert!(first <= Duration::from_secs(2), "{waits:?}");
    assert!(last >= Duration::from_mins(2), "{waits:?}");
    lab.public_address(Front::Open);
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let ended = order(&lab, &id);
    assert_eq!(
        (ended.status, ended.trouble),
        (OrderStatus::Succeeded, None)
    );
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 1);
}

#[tokio::test]
async fn an_order_that_cannot_be_proven_ends_with_its_reason_and_keeps_the_number() {
    let (lab, id) = held_up().await;
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let ended = order(&lab, &id);
    assert_eq!(ended.status, OrderStatus::NeedsAttention);
    let why = ended.trouble.unwrap().code;
    assert_eq!(why, TroubleCode::Unproven(VerifyCode::ProbeUnreachable));
    assert!(why.sentence().contains("operators"), "{}", why.sentence());
    let books = Books::read(&lab.tables).unwrap();
    assert!(
        books
            .number_of(&id)
            .is_some_and(|number| !number.is_active())
    );
    assert_eq!(books.claims.len(), 1);
}

#[tokio::test]
async fn an_order_detaches_what_goes_before_our_address_and_waits_where_it_cannot() {
    for (wire, mended) in [
        (Wire::VoiceApplication, true),
        (Wire::SmsApplication, true),
        (Wire::Trunk, false),
    ] {
        let (lab, id) = held_up().await;
        work(&lab).await.unwrap();
        lab.public_address(Front::Open);
        let books = Books::read(&lab.tables).unwrap();
        let number = books.number_of(&id).unwrap().e164.clone();
        let rewire = |value| {
            let change = Rewiring::one(Carrier::SignalWire, number.as_str(), wire, value);
            lab.simulator.rewire(&change).unwrap();
        };
        rewire(Some("somebody-elses"));
        if mended {
            assert!(work(&lab).await.is_some(), "configured again after a while");
            assert_eq!(trouble(&lab, &id), Some(TroubleCode::NotWired));
        } else {
            let why = TroubleCode::Unproven(VerifyCode::OverriddenByTrunk);
            assert!(work(&lab).await.is_some());
            assert_eq!(trouble(&lab, &id), Some(why));
            rewire(None);
        }
        assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
        assert_eq!(order(&lab, &id).status, OrderStatus::Succeeded, "{wire:?}");
    }
}
