//! What people do while a worker is at their order: a cancel, a suspension, at each of
//! its calls.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use numberline::{
    app::{Error, workspaces},
    carrier::signalwire::Placement,
    domain::{
        ChangeId, Number, NumberStatus, OrderId, Plan, WorkspaceStatus,
        audit::{Action, Change, Changed, Versions},
        order::{OrderStatus, TroubleCode, Wish},
        workspace::OverLimit,
    },
    queue::Task,
    store::{OrderKey, WorkspaceEdit},
};
use numberline_events::samples;
use numberline_simulator::{Carrier, Fault, Kind, Mode, Operation};
use numberline_tests::{
    lab::{Books, Lab, Lambda, Rest, Setup, Tenant},
    seam::{Again, Outcome, Point, Strike},
};

fn books(lab: &Lab) -> Books {
    Books::read(&lab.tables).unwrap()
}

fn any() -> Wish {
    Wish::Any(vec!["512".parse().unwrap()])
}

/// The product's backend switches the workspace off, or on again.
async fn switch(lab: &Lab, tenant: &Tenant, suspended: bool) {
    let mut backend = tenant.caller.clone();
    backend.service = true;
    let edit = WorkspaceEdit {
        suspended: Some(suspended),
        ..WorkspaceEdit::default()
    };
    workspaces::edit(&lab.base(), &backend, &edit)
        .await
        .unwrap();
}

/// What somebody does in the middle of things.
#[derive(Clone, Copy, Debug)]
enum Thought {
    Cancel,
    Suspend,
}

/// A world in which somebody thought again.
struct Played {
    lab: Arc<Lab>,
    tenant: Tenant,
    order: OrderId,
    points: Vec<Point>,
    /// Whether what they did was taken.
    accepted: bool,
}

/// An order, worked on; just before the call at `point` somebody thinks again.
async fn play(placement: Placement, thought: Thought, point: Option<usize>) -> Played {
    let lab = Lab::new(&Setup {
        placement,
        ..Setup::default()
    })
    .unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
        .await
        .unwrap();
    let order = tenant.order(&lab, &any(), "one").await.unwrap().id;
    let accepted = Arc::new(AtomicBool::new(false));
    let revoke: Again = {
        let (there, tenant) = (Arc::downgrade(&lab), tenant.clone());
        let (order, accepted) = (order.clone(), Arc::clone(&accepted));
        Arc::new(move || {
            let (there, tenant) = (Weak::clone(&there), tenant.clone());
            let (order, accepted) = (order.clone(), Arc::clone(&accepted));
            Box::pin(async move {
                let lab = there.upgrade().unwrap();
                let taken = match thought {
                    Thought::Cancel => tenant.cancel(&lab, &order).await.is_ok(),
                    Thought::Suspend => {
                        switch(&lab, &tenant, true).await;
                        true
                    }
                };
                accepted.store(taken, Ordering::SeqCst);
            })
        })
    };
    lab.seam.may_revoke(revoke);
    lab.seam.record(point.map(|point| Strike {
        point,
        outcome: Outcome::Revoked,
    }));
    lab.work_what_is_due().await;
    let points = lab.seam.points();
    lab.seam.stop();
    Played {
        lab,
        tenant,
        order,
        points,
        accepted: accepted.load(Ordering::SeqCst),
    }
}

/// Every place where somebody may think again while a worker is at the order.
async fn places(placement: Placement, thought: Thought) -> usize {
    let undisturbed = play(placement, thought, None).await;
    let bought = undisturbed.lab.simulator.ledger().total(Kind::Purchase);
    assert_eq!(bought, 1, "the worker did not come through");
    undisturbed.points.len()
}

#[tokio::test]
async fn a_cancel_that_was_taken_ends_the_order_canceled() {
    for placement in [Placement::InSubproject, Placement::AssignedAfterwards] {
        let mut taken = 0;
        for point in 0..places(placement, Thought::Cancel).await {
            let world = play(placement, Thought::Cancel, Some(point)).await;
            if !world.accepted {
                continue;
            }
            taken += 1;
            let lab = &world.lab;
            assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
            let books = books(lab);
            let order = books.order(&world.order).unwrap();
            let place = world.points[point].to_string();
            assert_eq!(
                order.status,
                OrderStatus::Canceled,
                "{placement:?}: {place}"
            );
            assert!(books.numbers.iter().all(|number| !number.is_active()));
        }
        assert!(taken > 15, "{placement:?}: taken {taken} times");
    }
}

#[tokio::test]
async fn a_workspace_that_is_suspended_midway_gets_no_number_that_works_before_it_does() {
    let placement = Placement::InSubproject;
    for point in 0..places(placement, Thought::Suspend).await {
        let world = play(placement, Thought::Suspend, Some(point)).await;
        let (lab, place) = (&world.lab, world.points[point].to_string());
        let midway = books(lab);
        assert_eq!(midway.workspaces[0].status, WorkspaceStatus::Suspended);
        let works = midway.numbers.iter().any(Number::is_active);
        assert!(!works, "{place}: {:?}", midway.numbers);
        switch(lab, &world.tenant, false).await;
        assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
        let after = books(lab);
        let order = after.order(&world.order).unwrap();
        assert_eq!(order.status, OrderStatus::Succeeded, "{place}");
        let number = &after.numbers[0];
        assert_eq!(number.status, NumberStatus::Active, "{place}");
        assert!(number.activated_at.is_some(), "{place}");
    }
}

#[tokio::test]
async fn a_suspended_workspace_buys_nothing_it_ordered_before() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
        .await
        .unwrap();
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    switch(&lab, &tenant, true).await;
    let later = lab.clock.time().plus(Duration::from_hours(2));
    lab.settle_until(later).await.unwrap();
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 0);
    let waiting = books(&lab);
    let trouble = waiting.order(&order.id).unwrap().trouble.as_ref();
    assert_eq!(
        trouble.map(|trouble| trouble.code),
        Some(TroubleCode::WorkspaceNotActive)
    );
    let retried = tenant.retry(&lab, &order.id).await;
    assert!(
        matches!(retried, Err(Error::OverLimit(OverLimit::NotActive))),
        "{retried:?}"
    );
    switch(&lab, &tenant, false).await;
    tenant.retry(&lab, &order.id).await.unwrap();
    lab.work_what_is_due().await;
    let bought = books(&lab);
    let bought = bought.order(&order.id).unwrap();
    assert_eq!(bought.status, OrderStatus::Succeeded);
}

#[tokio::test]
async fn a_suspended_workspace_gives_back_and_cancels_as_any() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
        .await
        .unwrap();
    tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let second = tenant.order(&lab, &any(), "two").await.unwrap();
    switch(&lab, &tenant, true).await;
    lab.work_what_is_due().await;
    tenant.cancel(&lab, &second.id).await.unwrap();
    let number = books(&lab).numbers.pop().unwrap();
    let release = tenant.give_back(&lab, &number.id).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    let ended = |id| books.order(id).unwrap().status;
    assert_eq!(ended(&second.id), OrderStatus::Canceled);
    assert_eq!(ended(&release.id), OrderStatus::Succeeded);
}

/// Whoever cancels wakes a worker; that one finds the order held, and goes.
#[tokio::test]
async fn a_cancel_that_comes_as_the_order_is_let_go_is_heeded_at_once() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Enterprise)
        .await
        .unwrap();
    let down = Fault {
        count: 40,
        ..Fault::once(Carrier::SignalWire, Operation::Search, Mode::Error500)
    };
    lab.simulator.arrange(down);
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    for _ in 0..8 {
        lab.work_what_is_due().await;
        lab.clock.advance(Duration::from_secs(90));
    }
    lab.work_what_is_due().await;
    let revoke: Again = {
        let (there, tenant, order) = (Arc::downgrade(&lab), tenant.clone(), order.clone());
        Arc::new(move || {
            let (there, tenant, order) = (Weak::clone(&there), tenant.clone(), order.clone());
            Box::pin(async move {
                let lab = there.upgrade().unwrap();
                tenant.cancel(&lab, &order.id).await.unwrap();
                while let Some(message) = lab.queue.receive(lab.clock.time()) {
                    lab.queue.delete(message.id);
                }
            })
        })
    };
    lab.seam.may_revoke(revoke);
    lab.seam.record(None);
    // A message that comes before its time: the order is let go as it is.
    let place = OrderKey {
        owner: order.owner.clone(),
        order: order.id.clone(),
    };
    let early = serde_json::to_string(&Task::AdvanceOrder(place)).unwrap();
    let before_that = lab.clock.time();
    lab.work_once(&early).await.unwrap();
    assert!(before_that.until(lab.clock.time()) < Duration::from_secs(1));
    let points = lab.seam.points();
    let let_go = points.iter().rposition(|point| {
        point.call.operation == "UpdateItem" && point.call.target.contains("ORDER")
    });
    lab.seam.record(let_go.map(|place| Strike {
        point: points.len() + place,
        outcome: Outcome::Revoked,
    }));
    lab.work_once(&early).await.unwrap();
    assert!(!lab.seam.is_armed(), "{points:?}");
    lab.seam.stop();
    lab.work_what_is_due().await;
    let books = books(&lab);
    assert_eq!(
        books.order(&order.id).unwrap().status,
        OrderStatus::Canceled
    );
}

/// A number that was bought for a suspended workspace never worked before.
#[test]
fn what_is_switched_on_for_the_first_time_is_activated() {
    for (activated_before, action) in [
        (false, Action::NumberActivated),
        (true, Action::NumberResumed),
    ] {
        let bought_at = samples::days_ago(2);
        let mut number = samples::number(1, NumberStatus::Suspended, bought_at).unwrap();
        number.activated_at = activated_before.then_some(bought_at);
        let before = Some(Box::new(number.clone()));
        number.status = NumberStatus::Active;
        let change = Change {
            id: ChangeId::derived(1),
            at: samples::days_ago(1),
            what: Changed::Number(Versions {
                before,
                after: Some(Box::new(number)),
            }),
        };
        assert_eq!(change.entry().unwrap().action, action);
    }
}
