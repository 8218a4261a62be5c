//! Everyone comes at once, to a carrier that takes few calls.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{
        search::{Search, search as search_for},
        workspaces,
    },
    domain::{
        Plan, WorkspaceId,
        order::{OrderStatus, Wish},
        pace::Rate,
    },
    store::WorkspaceEdit,
};
use numberline_simulator::{Carrier, Kind, Restock};
use numberline_tests::lab::{Books, Lab, Passing, Rest, Setup, Tenant, caller, work_side_by_side};

/// As many as the queue's event source starts at once.
const WORKERS: usize = 10;

/// Searches of somebody beside them.
const SEARCHES: usize = 25;

/// Calls a second that the carrier takes, and at once.
const RATE: u32 = 5;

fn world() -> Arc<Lab> {
    let lab = Lab::new(&Setup {
        rate: Some(Rate::new(RATE).unwrap()),
        passing: Passing::SideBySide,
        carrier_takes: Duration::from_millis(300),
        ..Setup::default()
    });
    let lab = lab.unwrap();
    let stock = Restock::area(Carrier::SignalWire, "512", 400);
    lab.simulator.restock(&stock).unwrap();
    lab
}

/// A workspace that has agreed on so many numbers, and orders all of them.
async fn burst(lab: &Arc<Lab>, subject: &str, numbers: u32) -> Tenant {
    let tenant = Tenant::sign_up(lab, subject, Plan::Enterprise)
        .await
        .unwrap();
    let mut backend = caller("backend");
    backend.service = true;
    backend.workspace = Some(tenant.workspace.clone());
    let agreed = WorkspaceEdit {
        number_limit: Some(numbers),
        ..WorkspaceEdit::default()
    };
    workspaces::edit(&lab.base(), &backend, &agreed)
        .await
        .unwrap();
    let any = Wish::Any(vec!["512".parse().unwrap()]);
    for n in 0..numbers {
        tenant
            .order(lab, &any, &format!("number {n}"))
            .await
            .unwrap();
    }
    tenant
}

/// Somebody who looks for a number every now and then, while all that goes on; how often
/// they were answered.
async fn look_around(lab: Arc<Lab>, tenant: Tenant) -> usize {
    let mut answered = 0;
    for _ in 0..SEARCHES {
        tokio::time::sleep(Duration::from_secs(7)).await;
        let search = Search::any_in("415".parse().unwrap(), 5);
        let found = search_for(&lab.base(), lab.carriers(), &tenant.caller, &search).await;
        answered += usize::from(found.is_ok());
    }
    answered
}

/// How many orders of anybody had succeeded when the last one of `workspace` did.
fn place_of_the_last(books: &Books, workspace: &WorkspaceId) -> usize {
    let mut ends: Vec<_> = books.orders.iter().collect();
    ends.sort_by_key(|order| order.moved_at);
    let last = ends
        .iter()
        .rposition(|order| order.workspace() == Some(workspace));
    last.unwrap() + 1
}

#[tokio::test(start_paused = true)]
async fn two_hundred_orders_at_once_keep_to_the_pace_and_leave_nobody_waiting() {
    let lab = world();
    let large = burst(&lab, "large", 190).await;
    let middle = burst(&lab, "middle", 9).await;
    let small = burst(&lab, "small", 1).await;
    let looking = tokio::spawn(look_around(Arc::clone(&lab), small.clone()));
    let began = lab.clock.time();
    assert_eq!(work_side_by_side(&lab, WORKERS).await.unwrap(), Rest::Quiet);
    let took = began.until(lab.clock.time());
    let books = Books::read(&lab.tables).unwrap();
    let succeeded = books
        .orders
        .iter()
        .filter(|order| order.status == OrderStatus::Succeeded);
    assert_eq!(succeeded.count(), 200);
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 200);
    assert_eq!(lab.simulator.limited(), 0, "nobody was told to slow down");
    assert_eq!(
        looking.await.unwrap(),
        SEARCHES,
        "somebody who looked was turned away"
    );
    let [small, middle, large] =
        [small, middle, large].map(|tenant| place_of_the_last(&books, &tenant.workspace));
    println!("{took:?}; the last of each was number {small}, {middle} and {large} of 200");
    assert!(
        small < 200 / 3,
        "the smallest workspace waited for {small} of 200"
    );
    assert!(middle < 200 / 2 && large == 200);
}
