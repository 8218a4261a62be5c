//! Carriers on their bad days: slow, failing every other call, gone for an hour or longer.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{Error, orders::order, provision::any_number, search},
    domain::{
        NumberStatus, Plan,
        order::{Order, OrderStatus, TroubleCode, Wish},
    },
};
use numberline_simulator::{Carrier, Fault, Kind, Mode};
use numberline_tests::lab::{Books, Lab, Lambda, Rest, Setup, Tenant, sign_up_as};

fn books(lab: &Lab) -> Books {
    Books::read(&lab.tables).unwrap()
}

fn any() -> Wish {
    Wish::Any(vec!["512".parse().unwrap()])
}

/// Every call to the carrier fails so, until its faults are cleared.
fn down(lab: &Lab, mode: Mode) {
    lab.simulator
        .arrange(Fault::often(Carrier::SignalWire, mode, 100));
}

#[tokio::test]
async fn with_a_second_for_every_call_a_sign_up_has_its_number_in_ten() {
    let lab = Lab::new(&Setup {
        carrier_takes: Duration::from_secs(1),
        ..Setup::default()
    });
    let lab = lab.unwrap();
    let began = lab.clock.time();
    let wish = any_number(None);
    sign_up_as(&lab, "ann", Plan::Pro, Some(wish), "sign up")
        .await
        .unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    assert_eq!(books.numbers[0].status, NumberStatus::Active);
    let took = began.until(books.orders[0].moved_at);
    println!("sign-up to active: {took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// Every second call fails, with its effect or without, and still each order buys one
/// number and says so.
#[tokio::test]
async fn with_every_second_call_failing_every_order_ends_right() {
    for (seed, mode) in
        (0..12).flat_map(|seed| [Mode::Error500, Mode::LostResponse].map(|mode| (seed, mode)))
    {
        let lab = Lab::new(&Setup {
            seed,
            ..Setup::default()
        })
        .unwrap();
        let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
            .await
            .unwrap();
        lab.simulator
            .arrange(Fault::often(Carrier::SignalWire, mode, 50));
        for key in ["one", "two", "three"] {
            tenant.order(&lab, &any(), key).await.unwrap();
        }
        assert_eq!(
            lab.settle().await.unwrap(),
            Rest::Quiet,
            "seed {seed}, {mode}"
        );
        ends_right(&lab, &format!("seed {seed}, {mode}"));
    }
}

/// What was paid is known, and what is known was paid.
fn ends_right(lab: &Lab, what: &str) {
    let books = books(lab);
    let succeeded = |order: &&Order| order.status == OrderStatus::Succeeded;
    let succeeded = books.orders.iter().filter(succeeded).count();
    assert_eq!(succeeded, 3, "{what}: {:?}", books.orders);
    let mut known: Vec<_> = books
        .numbers
        .iter()
        .map(|number| number.e164.to_string())
        .collect();
    let owned = lab.holdings().unwrap().numbers;
    let mut owned: Vec<_> = owned.into_iter().map(|held| held.number).collect();
    known.sort();
    owned.sort();
    assert_eq!(known, owned, "{what}");
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 3, "{what}");
}

#[tokio::test]
async fn a_carrier_that_is_gone_for_an_hour_keeps_orders_waiting_and_people_informed() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
        .await
        .unwrap();
    down(&lab, Mode::Error500);
    let began = lab.clock.time();
    for key in ["one", "two", "three"] {
        tenant.order(&lab, &any(), key).await.unwrap();
    }
    lab.settle_until(began.plus(Duration::from_mins(30)))
        .await
        .unwrap();
    Box::pin(what_people_read(&lab, &tenant)).await;
    lab.settle_until(began.plus(Duration::from_hours(1)))
        .await
        .unwrap();
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 0);
    lab.simulator.clear_faults();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    ends_right(&lab, "an hour later");
    let last = books(&lab)
        .orders
        .iter()
        .map(|order| order.moved_at)
        .max()
        .unwrap();
    let waited = began.plus(Duration::from_hours(1)).until(last);
    println!("after the hour: {waited:?}");
    assert!(waited < Duration::from_mins(30), "{waited:?}");
}

/// Half an hour after the carrier went: the orders wait and say why, and whoever looks
/// for numbers is told to come again.
async fn what_people_read(lab: &Arc<Lab>, tenant: &Tenant) {
    for placed in &books(lab).orders {
        let read = order(&lab.core(), &tenant.caller, &placed.id)
            .await
            .unwrap();
        assert_eq!(read.status, OrderStatus::Waiting);
        let trouble = read.trouble.map(|trouble| trouble.code);
        let known = [
            TroubleCode::CarrierUnavailable,
            TroubleCode::SettingUpAccount,
        ];
        assert!(
            trouble.is_some_and(|code| known.contains(&code)),
            "{trouble:?}"
        );
    }
    let wanted = search::Search::any_in("512".parse().unwrap(), 5);
    let found = search::search(&lab.base(), lab.carriers(), &tenant.caller, &wanted).await;
    assert!(matches!(found, Err(Error::Carrier(_))), "{found:?}");
}

#[tokio::test]
async fn a_carrier_that_is_gone_for_good_ends_orders_and_costs_nothing() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
        .await
        .unwrap();
    down(&lab, Mode::Error500);
    tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    assert_eq!(books.orders[0].status, OrderStatus::Failed);
    assert!(books.claims.is_empty() && books.numbers.is_empty());
    assert!(books.workspaces[0].reservations.held.is_empty());
}
