//! People who change their minds: orders canceled and tried again, workspaces that end,
//! and those that are switched off for a while.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::sync::Arc;

use numberline::{
    app::{
        Caller, Error,
        orders::orders,
        workspaces::{self, Identity},
    },
    domain::{NumberStatus, Plan, Role, WorkspaceStatus, order::OrderStatus, order::Wish},
    store::WorkspaceEdit,
};
use numberline_simulator::{Carrier, Fault, Kind, Mode, Operation};
use numberline_tests::lab::{Books, Lab, Lambda, Rest, Setup, Tenant};

async fn world() -> (Arc<Lab>, Tenant) {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
        .await
        .unwrap();
    (lab, tenant)
}

fn any() -> Wish {
    Wish::Any(vec!["512".parse().unwrap()])
}

fn books(lab: &Lab) -> Books {
    Books::read(&lab.tables).unwrap()
}

#[tokio::test]
async fn a_canceled_order_leaves_nothing_and_buys_nothing() {
    let (lab, tenant) = world().await;
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    tenant.cancel(&lab, &order.id).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    assert_eq!(
        books.order(&order.id).unwrap().status,
        OrderStatus::Canceled
    );
    assert!(books.claims.is_empty() && books.numbers.is_empty());
    assert!(books.workspaces[0].reservations.held.is_empty());
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 0);
    let again = tenant.cancel(&lab, &order.id).await.unwrap();
    assert_eq!(again.status, OrderStatus::Canceled);
}

#[tokio::test]
async fn what_is_done_or_goes_back_is_not_canceled() {
    let (lab, tenant) = world().await;
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let done = tenant.cancel(&lab, &order.id).await;
    assert!(matches!(done, Err(Error::OrderEnded)), "{done:?}");
    let number = books(&lab).numbers.pop().unwrap();
    let release = tenant.give_back(&lab, &number.id).await.unwrap();
    let refused = tenant.cancel(&lab, &release.id).await;
    assert!(matches!(refused, Err(Error::NotCancelable)), "{refused:?}");
}

#[tokio::test]
async fn a_failed_order_tried_again_buys_once() {
    let (lab, tenant) = world().await;
    let refuse = Fault::once(Carrier::SignalWire, Operation::Purchase, Mode::Refuse);
    lab.simulator.arrange(refuse);
    let wish = Wish::Exact("+15125550107".parse().unwrap());
    let order = tenant.order(&lab, &wish, "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let failed = books(&lab);
    assert_eq!(failed.order(&order.id).unwrap().status, OrderStatus::Failed);
    tenant.retry(&lab, &order.id).await.unwrap();
    tenant.retry(&lab, &order.id).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    assert_eq!(
        books.order(&order.id).unwrap().status,
        OrderStatus::Succeeded
    );
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 1);
    let over = tenant.retry(&lab, &order.id).await;
    assert!(matches!(over, Err(Error::NotRetryable)), "{over:?}");
}

#[tokio::test]
async fn an_order_that_waits_is_tried_at_once_when_somebody_asks() {
    let (lab, tenant) = world().await;
    let down = Fault {
        count: 40,
        ..Fault::once(Carrier::SignalWire, Operation::Search, Mode::Error500)
    };
    lab.simulator.arrange(down);
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    for _ in 0..6 {
        lab.work_what_is_due().await;
        lab.clock.advance(std::time::Duration::from_secs(90));
    }
    let waiting = books(&lab);
    let waiting = waiting.order(&order.id).unwrap();
    assert_eq!(waiting.status, OrderStatus::Waiting);
    lab.simulator.clear_faults();
    let asked_at = lab.clock.time();
    tenant.retry(&lab, &order.id).await.unwrap();
    lab.work_what_is_due().await;
    let done = books(&lab);
    let done = done.order(&order.id).unwrap();
    assert_eq!(done.status, OrderStatus::Succeeded);
    assert!(asked_at.until(done.moved_at) < std::time::Duration::from_secs(20));
}

#[tokio::test]
async fn a_deleted_workspace_gives_everything_back_and_is_gone() {
    let (lab, tenant) = world().await;
    tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    lab.clock.advance(std::time::Duration::from_hours(24 * 15));
    tenant.order(&lab, &any(), "two").await.unwrap();
    let order = tenant.delete(&lab).await.unwrap();
    let again = tenant.delete(&lab).await.unwrap();
    assert_eq!(order.id, again.id);
    let late = tenant.order(&lab, &any(), "three").await;
    assert!(matches!(late, Err(Error::OverLimit(_))), "{late:?}");
    let ben = Identity {
        issuer: tenant.caller.issuer.clone(),
        subject: "ben".to_owned(),
    };
    let joined = workspaces::add_member(&lab.base(), &tenant.caller, &ben, Role::Member).await;
    assert!(matches!(joined, Err(Error::WorkspaceClosing)), "{joined:?}");
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    assert_eq!(
        books.order(&order.id).unwrap().status,
        OrderStatus::Succeeded
    );
    assert_eq!(books.workspaces[0].status, WorkspaceStatus::Deleted);
    assert!(books.subprojects.is_empty() && books.claims.is_empty());
    assert!(lab.holdings().unwrap().numbers.is_empty());

    let unnamed = Caller {
        workspace: None,
        ..tenant.caller.clone()
    };
    let listed = orders(&lab.core(), &unnamed, None, 20).await;
    let asked = listed.map(drop);
    assert!(matches!(asked, Err(Error::WorkspaceRequired)), "{asked:?}");
}

#[tokio::test]
async fn an_order_that_waits_for_days_is_worth_a_look_a_minute() {
    let (lab, tenant) = world().await;
    let number = tenant.order(&lab, &any(), "one").await.unwrap();
    let polls = |order| books(&lab).order(order).unwrap().progress().poll_after_ms;
    assert_eq!(polls(&number.id), Some(1_000));
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    assert_eq!(polls(&number.id), None);
    let deletion = tenant.delete(&lab).await.unwrap();
    let soon = lab.clock.time().plus(std::time::Duration::from_mins(30));
    lab.settle_until(soon).await.unwrap();
    let waits = books(&lab).order(&deletion.id).unwrap().status;
    assert_eq!(waits, OrderStatus::Waiting, "the carrier keeps the number");
    assert_eq!(polls(&deletion.id), Some(60_000));
}

#[tokio::test]
async fn a_suspended_workspace_neither_buys_nor_sends_and_returns() {
    let (lab, tenant) = world().await;
    tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let mut backend = tenant.caller.clone();
    backend.service = true;
    let switch = async |suspended| {
        let edit = WorkspaceEdit {
            suspended: Some(suspended),
            ..WorkspaceEdit::default()
        };
        workspaces::edit(&lab.base(), &backend, &edit)
            .await
            .unwrap();
    };
    let by_themselves = WorkspaceEdit {
        suspended: Some(true),
        ..WorkspaceEdit::default()
    };
    let refused = workspaces::edit(&lab.base(), &tenant.caller, &by_themselves).await;
    assert!(matches!(refused, Err(Error::ServiceOnly)), "{refused:?}");
    switch(true).await;
    assert_eq!(books(&lab).numbers[0].status, NumberStatus::Suspended);
    let order = tenant.order(&lab, &any(), "two").await;
    assert!(matches!(order, Err(Error::OverLimit(_))), "{order:?}");
    let text = tenant.text(&lab, "+14155550177", "hello", "1").await;
    assert!(matches!(text, Err(Error::OverLimit(_))), "{text:?}");
    switch(false).await;
    assert_eq!(books(&lab).numbers[0].status, NumberStatus::Active);
    let text = tenant.text(&lab, "+14155550177", "hello", "2").await;
    assert!(text.is_ok(), "{text:?}");
}
