//! Looking for a number where there is none: what is nearby, and what an order falls
//! back on.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{
        Error,
        search::{Search, Where, search},
    },
    domain::{
        AreaCode, E164, Plan,
        order::{Order, OrderStatus, TroubleCode, Wish},
        pace::Rate,
    },
};
use numberline_simulator::{Carrier, Fault, Mode, Operation, Restock, Target};
use numberline_tests::{
    lab::{Books, Lab, Lambda, Passing, Rest, Setup, Tenant},
    seam::Service,
};

/// Nothing is for sale there, as the simulator starts.
const EMPTY: &str = "907";

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn stock(lab: &Lab, area_code: &str, count: usize) {
    let change = Restock::area(Carrier::SignalWire, area_code, count);
    lab.simulator.restock(&change).unwrap();
}

async fn tenant() -> (Arc<Lab>, Tenant) {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Enterprise)
        .await
        .unwrap();
    (lab, tenant)
}

/// The order of `wish`, at its end.
async fn worked(lab: &Arc<Lab>, tenant: &Tenant, wish: &Wish, key: &str) -> Order {
    let placed = tenant.order(lab, wish, key).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    books.order(&placed.id).unwrap().clone()
}

fn candidate(order: &Order) -> Option<&E164> {
    order.provision().unwrap().candidate.as_ref()
}

fn area_codes(numbers: &[E164]) -> Vec<String> {
    let mut codes: Vec<String> = numbers
        .iter()
        .map(|number| number.area_code().to_string())
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

/// Every search fails from now on, `after` so many that are answered.
fn fail_searches(lab: &Lab, after: u32) {
    lab.simulator.arrange(Fault {
        carrier: Carrier::SignalWire,
        operation: Target::Only(Operation::Search),
        mode: Mode::Error500,
        count: u32::MAX,
        skip: after,
        percent: None,
        number: None,
    });
}

#[tokio::test]
async fn an_automatic_order_falls_back_in_order_and_says_so() {
    let (lab, tenant) = tenant().await;
    let wish = lab.shop().automatic(Some(code(EMPTY)));
    let order = worked(&lab, &tenant, &wish, "first").await;
    assert_eq!(order.status, OrderStatus::Succeeded);
    assert_eq!(candidate(&order).unwrap().area_code(), code("212"));
    let provision = order.provision().unwrap();
    assert_eq!(provision.fell_back_from(), Some(code(EMPTY)));

    stock(&lab, "212", 0);
    let order = worked(&lab, &tenant, &wish, "second").await;
    assert_eq!(candidate(&order).unwrap().area_code(), code("310"));

    let preferred = lab.shop().automatic(Some(code("415")));
    assert_eq!(
        preferred,
        Wish::Any(["415", "212", "310", "202"].map(code).to_vec())
    );
    let order = worked(&lab, &tenant, &preferred, "third").await;
    assert_eq!(candidate(&order).unwrap().area_code(), code("415"));
    assert_eq!(order.provision().unwrap().fell_back_from(), None);
}

#[tokio::test(start_paused = true)]
async fn an_order_takes_the_carriers_time_once_for_each_area_code() {
    let lab = Lab::new(&Setup {
        rate: Some(Rate::new(1).unwrap()),
        passing: Passing::SideBySide,
        carrier_takes: Duration::ZERO,
        ..Setup::default()
    });
    let lab = lab.unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Pro).await.unwrap();
    let wish = lab.shop().automatic(Some(code(EMPTY)));
    tenant.order(&lab, &wish, "first").await.unwrap();
    lab.seam.record(None);
    let place = lab.queue.receive(lab.clock.time()).unwrap();
    lab.work_once(&place.body).await.unwrap();
    let log = lab.seam.log();
    let searches = log.iter().filter(|line| line.text.contains("search"));
    let asked: Vec<_> = searches.map(|line| line.at).collect();
    assert_eq!(asked.len(), 5, "{log:?}");
    let took = asked[0].until(asked[4]);
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn an_error_is_not_no_stock() {
    let (lab, tenant) = tenant().await;
    for (answered, key) in [(0, "preferred"), (1, "fallback")] {
        stock(&lab, EMPTY, 0);
        fail_searches(&lab, answered);
        let wish = lab.shop().automatic(Some(code(EMPTY)));
        let placed = tenant.order(&lab, &wish, key).await.unwrap();
        let place = lab.queue.receive(lab.clock.time()).unwrap();
        lab.work_once(&place.body).await.unwrap();
        let books = Books::read(&lab.tables).unwrap();
        let order = books.order(&placed.id).unwrap();
        assert_eq!(order.status, OrderStatus::Waiting, "{key}");
        let trouble = order.trouble.as_ref().unwrap();
        assert_eq!(trouble.code, TroubleCode::CarrierUnavailable);
        assert_eq!(candidate(order), None);

        lab.simulator.clear_faults();
        stock(&lab, EMPTY, 3);
        lab.clock.advance(Duration::from_mins(1));
        assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
        let books = Books::read(&lab.tables).unwrap();
        let order = books.order(&placed.id).unwrap();
        assert_eq!(candidate(order).unwrap().area_code(), code(EMPTY), "{key}");
    }
}

#[tokio::test]
async fn what_others_are_buying_is_waited_for() {
    let (lab, tenant) = tenant().await;
    stock(&lab, "737", 1);
    let last = Wish::Exact("+17375550100".parse().unwrap());
    tenant.order(&lab, &last, "first").await.unwrap();
    let other = Tenant::sign_up(&lab, "other", Plan::Pro).await.unwrap();
    let any = Wish::Any(vec![code("737"), code("512")]);
    let placed = other.order(&lab, &any, "second").await.unwrap();
    let status_of = |lab: &Lab| {
        let books = Books::read(&lab.tables).unwrap();
        let order = books.order(&placed.id).unwrap();
        (order.status, candidate(order).map(E164::area_code))
    };

    // The first order's worker is late; the second finds the number listed, and claimed.
    lab.queue.receive(lab.clock.time()).unwrap();
    let second = lab.queue.receive(lab.clock.time()).unwrap();
    lab.work_once(&second.body).await.unwrap();
    assert_eq!(status_of(&lab), (OrderStatus::Waiting, None));

    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let fallen_back = (OrderStatus::Succeeded, Some(code("512")));
    assert_eq!(status_of(&lab), fallen_back);
}

#[tokio::test]
async fn a_failed_order_names_numbers_nearby() {
    let (lab, tenant) = tenant().await;
    stock(&lab, "210", 2);
    let only_737 = Wish::Any(vec![code("737")]);
    let order = worked(&lab, &tenant, &only_737, "first").await;
    assert_eq!(order.status, OrderStatus::Failed);
    assert_eq!(
        order.trouble.as_ref().unwrap().code,
        TroubleCode::NoInventory
    );
    let alternatives = &order.provision().unwrap().alternatives;
    assert_eq!(area_codes(alternatives), ["210", "512"]);
    assert_eq!(alternatives.len(), 5);
}

#[tokio::test]
async fn a_number_that_is_gone_from_an_empty_area_code_comes_with_others_nearby() {
    let (lab, tenant) = tenant().await;
    stock(&lab, "737", 1);
    let only_one = Wish::Exact("+17375550100".parse().unwrap());
    let order = worked(&lab, &tenant, &only_one, "first").await;
    assert_eq!(order.status, OrderStatus::Succeeded);
    let other = Tenant::sign_up(&lab, "other", Plan::Pro).await.unwrap();
    let refused = other.order(&lab, &only_one, "second").await;
    let Err(Error::NumberTaken { alternatives }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(area_codes(&alternatives), ["512"]);
}

#[tokio::test(start_paused = true)]
async fn a_number_that_is_gone_is_said_to_be_so_while_the_carrier_is_slow() {
    let lab = Lab::new(&Setup {
        passing: Passing::SideBySide,
        carrier_takes: Duration::from_secs(20),
        ..Setup::default()
    });
    let lab = lab.unwrap();
    let wanted = Wish::Exact("+15125550107".parse().unwrap());
    let sign_up = async |subject| Tenant::sign_up(&lab, subject, Plan::Pro).await.unwrap();
    let (first, second) = (sign_up("first").await, sign_up("second").await);
    first.order(&lab, &wanted, "first").await.unwrap();
    let began = lab.clock.time();
    let refused = second.order(&lab, &wanted, "second").await;
    let Err(Error::NumberTaken { alternatives }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(alternatives, []);
    let took = began.until(lab.clock.time());
    assert!(took < Duration::from_secs(6), "{took:?}");
}

#[tokio::test]
async fn a_chosen_number_that_was_never_for_sale_fails_with_others_nearby() {
    let (lab, tenant) = tenant().await;
    let gone = Wish::Exact("+17375550142".parse().unwrap());
    let order = worked(&lab, &tenant, &gone, "first").await;
    assert_eq!(order.status, OrderStatus::Failed);
    assert_eq!(
        order.trouble.as_ref().unwrap().code,
        TroubleCode::NumberUnavailable
    );
    let alternatives = &order.provision().unwrap().alternatives;
    assert_eq!(area_codes(alternatives), ["512"]);
}

#[tokio::test]
async fn area_codes_of_a_zip_code_are_asked_side_by_side() {
    let (lab, tenant) = tenant().await;
    let wanted = Search {
        place: Where::Zip("10001".parse().unwrap()),
        ..Search::any_in(code("212"), 4)
    };
    lab.seam.measure();
    let (base, carriers) = (lab.base(), lab.carriers());
    let found = search(&base, carriers, &tenant.caller, &wanted)
        .await
        .unwrap();
    assert_eq!(lab.seam.measured().count(Service::Carrier), 4);
    assert_eq!(found.area_codes, ["212", "332", "646", "917"].map(code));
    let numbers: Vec<E164> = found
        .numbers
        .into_iter()
        .map(|number| number.e164)
        .collect();
    assert_eq!(area_codes(&numbers), ["212", "646"], "each has its turn");
    assert_eq!(numbers.len(), 4);

    // One that is not answered takes nothing from the others, but none is not believed.
    fail_searches(&lab, 2);
    let found = search(&base, carriers, &tenant.caller, &wanted)
        .await
        .unwrap();
    assert!(!found.numbers.is_empty());
    lab.simulator.clear_faults();
    for area_code in ["212", "646"] {
        stock(&lab, area_code, 0);
    }
    fail_searches(&lab, 3);
    let refused = search(&base, carriers, &tenant.caller, &wanted).await;
    assert!(matches!(refused, Err(Error::Carrier(_))), "{refused:?}");
}
