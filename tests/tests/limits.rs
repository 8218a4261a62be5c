//! Budget and velocity (P5): what a plan allows a month and in thirty days, held in the
//! tables, also when many ask at once.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{
        Error,
        provision::{Request, Shop, any_number, provision},
        workspaces,
    },
    domain::{
        MicroDollars, OrderId, Plan, Timestamp, Workspace,
        order::{Order, OrderStatus, Wish},
        workspace::OverLimit,
    },
    store::{Replay, WorkspaceEdit},
};
use numberline_simulator::{Carrier, Fault, Kind, Mode, Operation};
use numberline_tests::lab::{Answered, Books, Lab, Lambda, Setup, Tenant};
use tokio::{sync::Barrier, task::JoinSet};

const DAY: Duration = Duration::from_hours(24);

/// Time for an order to come to its end. What the carrier holds back for days stays held.
const A_WHILE: Duration = Duration::from_mins(5);

/// A price of which an enterprise's budget of a hundred dollars pays two.
const DEAR: MicroDollars = MicroDollars::from_dollars(40);

async fn world(plan: Plan) -> (Arc<Lab>, Tenant) {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", plan).await.unwrap();
    (lab, tenant)
}

/// What the tables say of the only workspace.
fn workspace(lab: &Lab) -> Workspace {
    let mut books = Books::read(&lab.tables).unwrap();
    assert_eq!(books.workspaces.len(), 1);
    books.workspaces.pop().unwrap()
}

async fn let_pass(lab: &Arc<Lab>, time: Duration) -> Timestamp {
    let until = lab.clock.time().plus(time);
    lab.settle_until(until).await.unwrap();
    until
}

async fn give_back(lab: &Arc<Lab>, tenant: &Tenant, order: &OrderId) {
    let books = Books::read(&lab.tables).unwrap();
    let number = books.number_of(order).unwrap();
    assert!(number.is_active(), "{:?}", number.status);
    tenant.give_back(lab, &number.id).await.unwrap();
    let_pass(lab, A_WHILE).await;
    assert!(!workspace(lab).reservations.held.contains_key(order));
}

/// Orders a number, waits until it works, and gives it back.
async fn come_and_go(lab: &Arc<Lab>, tenant: &Tenant, key: &str) -> Order {
    let order = tenant.order(lab, &any_number(None), key).await.unwrap();
    let_pass(lab, A_WHILE).await;
    give_back(lab, tenant, &order.id).await;
    order
}

/// An order where every number costs [`DEAR`] a month.
async fn order_dear(lab: &Lab, tenant: &Tenant, wish: Wish, key: &str) -> Answered<Order> {
    let shop = Shop {
        number_price: DEAR,
        ..lab.shop()
    };
    let request = Request { wish, label: None };
    let replay = Replay {
        key,
        request_hash: key,
    };
    let base = lab.base();
    provision(
        &base,
        &shop,
        lab.carriers(),
        &tenant.caller,
        &request,
        replay,
    )
    .await
}

/// Eight orders at the same moment, on several threads.
async fn race(lab: &Arc<Lab>, tenant: &Tenant) -> Vec<Answered<Order>> {
    let start = Arc::new(Barrier::new(8));
    let mut racing = JoinSet::new();
    for place in 0..8 {
        let (lab, tenant, start) = (Arc::clone(lab), tenant.clone(), Arc::clone(&start));
        racing.spawn(async move {
            start.wait().await;
            let key = format!("racing {place}");
            order_dear(&lab, &tenant, any_number(None), &key).await
        });
    }
    racing.join_all().await
}

/// The order of the only one that got through; the others ran into `limit`.
fn only_winner(answers: Vec<Answered<Order>>, limit: OverLimit) -> Order {
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(
        lost.iter().all(|answer| over(answer) == Some(limit)),
        "{lost:?}"
    );
    assert_eq!(won.len(), 1, "{won:?}");
    won.into_iter().find_map(Result::ok).unwrap()
}

fn over(answer: &Answered<Order>) -> Option<OverLimit> {
    match answer {
        Err(Error::OverLimit(limit)) => Some(*limit),
        Ok(_) | Err(_) => None,
    }
}

#[tokio::test]
async fn a_fourth_number_in_thirty_days_is_refused_on_pro_and_ordered_after_them() {
    let (lab, tenant) = world(Plan::Pro).await;
    let first = come_and_go(&lab, &tenant, "one").await;
    let second = come_and_go(&lab, &tenant, "two").await;
    come_and_go(&lab, &tenant, "three").await;
    let before = workspace(&lab);
    assert!(before.reservations.held.is_empty());
    let refused = tenant.order(&lab, &any_number(None), "four").await;
    assert_eq!(over(&refused), Some(OverLimit::Velocity(3)));
    assert_eq!(workspace(&lab), before, "who is refused reserves nothing");

    let free = first.created_at.plus(DAY * 30);
    lab.settle_until(free.minus(Duration::from_mins(1)))
        .await
        .unwrap();
    let refused = tenant.order(&lab, &any_number(None), "four").await;
    assert_eq!(over(&refused), Some(OverLimit::Velocity(3)));
    lab.settle_until(free).await.unwrap();
    let fourth = come_and_go(&lab, &tenant, "four").await;
    let kept = workspace(&lab).reservations.purchases;
    assert!(!kept.contains_key(&first.id), "it left the window");
    assert!(kept.contains_key(&second.id) && kept.contains_key(&fourth.id));
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 4);
}

#[tokio::test]
async fn an_order_that_bought_nothing_does_not_count() {
    let (lab, tenant) = world(Plan::Pro).await;
    for key in ["one", "two", "three", "four", "five"] {
        let order = tenant.order(&lab, &any_number(None), key).await.unwrap();
        tenant.cancel(&lab, &order.id).await.unwrap();
        let_pass(&lab, A_WHILE).await;
    }
    let reservations = workspace(&lab).reservations;
    assert!(reservations.held.is_empty() && reservations.purchases.is_empty());
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_orders_that_race_for_the_last_purchase_of_thirty_days_one_is_placed() {
    let (lab, tenant) = world(Plan::Enterprise).await;
    // Two numbers at once, and four in thirty days.
    let edit = WorkspaceEdit {
        number_limit: Some(2),
        ..WorkspaceEdit::default()
    };
    let mut backend = tenant.caller.clone();
    backend.service = true;
    workspaces::edit(&lab.base(), &backend, &edit)
        .await
        .unwrap();
    for key in ["one", "two", "three"] {
        come_and_go(&lab, &tenant, key).await;
    }
    let winner = only_winner(race(&lab, &tenant).await, OverLimit::Velocity(4));
    let reservations = workspace(&lab).reservations;
    assert_eq!(reservations.purchases.len(), 4);
    assert!(reservations.held.keys().eq([&winner.id]));
    let_pass(&lab, A_WHILE).await;
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_orders_that_race_for_the_rest_of_the_budget_one_is_placed() {
    let (lab, tenant) = world(Plan::Enterprise).await;
    let budget = OverLimit::Budget(MicroDollars::from_dollars(100));
    let first = order_dear(&lab, &tenant, any_number(None), "first").await;
    let first = first.unwrap();
    let winner = only_winner(race(&lab, &tenant).await, budget);
    let held = workspace(&lab).reservations.held;
    assert!(held.values().eq([&DEAR, &DEAR]));
    assert!(held.contains_key(&first.id) && held.contains_key(&winner.id));
    let_pass(&lab, A_WHILE).await;
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 2);

    let refused = order_dear(&lab, &tenant, any_number(None), "late").await;
    assert_eq!(over(&refused), Some(budget));
    let cheap = tenant.order(&lab, &any_number(None), "cheap").await;
    assert!(cheap.is_ok(), "what the budget still pays: {cheap:?}");
    let_pass(&lab, A_WHILE).await;
    give_back(&lab, &tenant, &first.id).await;
    let fits = order_dear(&lab, &tenant, any_number(None), "late").await;
    assert!(fits.is_ok(), "{fits:?}");
}

#[tokio::test]
async fn an_order_tried_again_needs_the_budget_again() {
    let (lab, tenant) = world(Plan::Enterprise).await;
    let refuse = Fault::once(Carrier::SignalWire, Operation::Purchase, Mode::Refuse);
    lab.simulator.arrange(refuse);
    let wish = Wish::Exact("+15125550107".parse().unwrap());
    let failed = order_dear(&lab, &tenant, wish, "one").await.unwrap();
    let_pass(&lab, A_WHILE).await;
    let books = Books::read(&lab.tables).unwrap();
    assert_eq!(books.order(&failed.id).unwrap().status, OrderStatus::Failed);
    for key in ["two", "three"] {
        let order = order_dear(&lab, &tenant, any_number(None), key).await;
        assert!(order.is_ok(), "{order:?}");
    }
    let before = workspace(&lab);
    let again = tenant.retry(&lab, &failed.id).await;
    let budget = OverLimit::Budget(MicroDollars::from_dollars(100));
    assert_eq!(over(&again), Some(budget));
    assert_eq!(workspace(&lab), before);
}
