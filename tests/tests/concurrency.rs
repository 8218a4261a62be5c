//! Many at once: one number, one plan, one key, and one winner.

use std::sync::Arc;

use numberline::{
    app::{
        Error,
        provision::any_number,
        workspaces::{Identity, add_member, remove_member},
    },
    domain::{Plan, Role, order::Order, order::Wish, workspace::OverLimit},
};
use numberline_simulator::Kind;
use numberline_tests::lab::{Answered, Books, Lab, Lambda, Rest, Setup, Tenant};
use tokio::{sync::Barrier, task::JoinSet};

const WANTED: &str = "+15125550104";

/// Every one of `orders` at the same moment, on several threads.
async fn all_at_once(lab: &Arc<Lab>, orders: Vec<(Tenant, Wish, String)>) -> Vec<Answered<Order>> {
    let start = Arc::new(Barrier::new(orders.len()));
    let mut racing = JoinSet::new();
    for (tenant, wish, key) in orders {
        let (lab, start) = (Arc::clone(lab), Arc::clone(&start));
        racing.spawn(async move {
            start.wait().await;
            tenant.order(&lab, &wish, &key).await
        });
    }
    racing.join_all().await
}

fn placed(answers: &[Answered<Order>]) -> Vec<&Order> {
    answers
        .iter()
        .filter_map(|answer| answer.as_ref().ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_workspaces_want_the_same_number_and_one_gets_it() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let mut orders = Vec::new();
    for place in 0..50 {
        let subject = format!("admin of {place}");
        let tenant = Tenant::sign_up(&lab, &subject, Plan::Pro).await.unwrap();
        orders.push((
            tenant,
            Wish::Exact(WANTED.parse().unwrap()),
            "mine".to_owned(),
        ));
    }
    let answers = all_at_once(&lab, orders).await;
    assert_eq!(placed(&answers).len(), 1);
    for answer in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        let Error::NumberTaken { alternatives } = answer else {
            panic!("not a way on: {answer:?}");
        };
        assert!(!alternatives.is_empty());
        assert!(alternatives.iter().all(|other| other.as_str() != WANTED));
    }
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    assert_eq!(books.orders.len(), 1);
    assert_eq!(books.numbers.len(), 1);
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 1);
    let held: usize = books
        .workspaces
        .iter()
        .map(|workspace| workspace.reservations.held.len())
        .sum();
    assert_eq!(held, 1, "those who lost hold nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_orders_on_a_plan_with_one_number_are_one_order() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Pro).await.unwrap();
    let orders = (0..20)
        .map(|place| (tenant.clone(), any_number(None), format!("key {place}")))
        .collect();
    let answers = all_at_once(&lab, orders).await;
    assert_eq!(placed(&answers).len(), 1);
    for refused in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        let over = matches!(refused, Error::OverLimit(OverLimit::PlanLimit(1)));
        assert!(over, "{refused:?}");
    }
    assert_eq!(Books::read(&lab.tables).unwrap().orders.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_requests_with_one_key_are_one_order() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Enterprise)
        .await
        .unwrap();
    let orders = (0..20)
        .map(|_| (tenant.clone(), any_number(None), "the same".to_owned()))
        .collect();
    let answers = all_at_once(&lab, orders).await;
    let placed = placed(&answers);
    assert_eq!(placed.len(), 20, "{answers:?}");
    assert!(placed.iter().all(|order| order.id == placed[0].id));
    let books = Books::read(&lab.tables).unwrap();
    assert_eq!(books.orders.len(), 1);
    assert_eq!(books.workspaces[0].reservations.held.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_admins_who_leave_at_once_one_stays() {
    for round in 0..10 {
        let lab = Lab::new(&Setup::default()).unwrap();
        let ann = Tenant::sign_up(&lab, "ann", Plan::Pro).await.unwrap();
        let bob = Tenant::of("bob", &ann.workspace);
        let identity = Identity {
            issuer: bob.caller.issuer.clone(),
            subject: bob.caller.subject.clone(),
        };
        add_member(&lab.base(), &ann.caller, &identity, Role::Admin)
            .await
            .unwrap();
        let start = Arc::new(Barrier::new(2));
        let mut racing = JoinSet::new();
        for who in [ann.caller.clone(), bob.caller.clone()] {
            let (lab, start) = (Arc::clone(&lab), Arc::clone(&start));
            racing.spawn(async move {
                start.wait().await;
                remove_member(&lab.base(), &who, &who.member()).await
            });
        }
        let left = racing.join_all().await;
        let stayed: Vec<_> = left.iter().filter_map(|left| left.as_ref().err()).collect();
        assert!(
            matches!(stayed.as_slice(), [Error::LastAdmin]),
            "round {round}: {left:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_that_get_the_same_order_at_once_buy_one_number() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Pro).await.unwrap();
    tenant.order(&lab, &any_number(None), "key").await.unwrap();
    let message = lab.queue.receive(lab.clock.time()).unwrap();
    let start = Arc::new(Barrier::new(8));
    let mut racing = JoinSet::new();
    for _ in 0..8 {
        let (lab, start, body) = (Arc::clone(&lab), Arc::clone(&start), message.body.clone());
        racing.spawn(async move {
            start.wait().await;
            lab.work_once(&body).await.unwrap()
        });
    }
    racing.join_all().await;
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 1);
    let subprojects = lab.simulator.inventory().accounts;
    assert_eq!(
        subprojects
            .iter()
            .filter(|account| account.parent.is_some())
            .count(),
        1
    );
}
