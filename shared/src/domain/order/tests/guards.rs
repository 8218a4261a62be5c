//! What stands between an order and a purchase, a number handed over, or one forgotten.

use std::time::Duration;

use super::{
    NOW, absent, any_512, e164, frees_claim, frees_reservation, isolated, owned, play, policy,
};
use crate::domain::{
    AccountId, CarrierNumberId,
    order::{
        Change, Event, Move, ORDER_LIFETIME, Order, OrderStatus, Owned, RETRIES_MAX, Retry,
        Signals, Task, TroubleCode, Work,
    },
};

#[test]
fn a_refusal_after_an_attempt_without_answer_is_not_believed_at_once() {
    let mut order = any_512();
    let refused = Event::Refused(TroubleCode::NumberUnavailable);
    let unclear = vec![
        Event::Found(e164(100)),
        isolated(),
        Event::Unclear,
        absent(),
        refused,
    ];
    let changes = play(&mut order, unclear);
    assert!(!frees_claim(&changes));
    let refused_at = order.moved_at;
    let look_at = order.intent.as_ref().unwrap().settled_at;
    assert_eq!(look_at, policy().settled_at(refused_at));
    assert_eq!(
        order.next_move(Signals::default(), refused_at),
        Move::Wait(look_at)
    );
    let mut ours = order.clone();
    play(&mut ours, vec![Event::Bought(owned(true))]);
    assert_eq!(
        ours.next_move(Signals::default(), look_at),
        Move::Do(Task::Verify)
    );
    let changes = play(&mut order, vec![absent()]);
    assert!(frees_claim(&changes));
    assert!(order.intent.is_none() && !order.provision().unwrap().unclear);
    assert_eq!(
        order.next_move(Signals::default(), look_at),
        Move::Do(Task::Search)
    );
}

#[test]
fn what_is_canceled_late_has_all_its_time_to_go_back() {
    let mut order = any_512();
    play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Bought(owned(true)),
        ],
    );
    let late = order.deadline.minus(Duration::from_mins(1));
    order
        .record(Task::Cancel, Event::Canceled, &policy(), late)
        .unwrap();
    assert_eq!(order.deadline, late.plus(ORDER_LIFETIME));
    let over = late.plus(Duration::from_mins(2));
    let later = Event::Deferred {
        trouble: TroubleCode::CarrierUnavailable,
        not_before: None,
    };
    order.record(Task::Release, later, &policy(), over).unwrap();
    assert_eq!(order.status, OrderStatus::Waiting);
}

/// An order that bought in another account than its workspace's.
fn bought_elsewhere() -> Order {
    let mut order = any_512();
    let elsewhere = Owned {
        account: AccountId::new("platform"),
        ..owned(false)
    };
    play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Bought(elsewhere),
        ],
    );
    order
}

#[test]
fn a_number_that_was_moved_home_is_given_back_from_there() {
    let mut order = bought_elsewhere();
    order
        .record(Task::Cancel, Event::Canceled, &policy(), NOW)
        .unwrap();
    // A move that was begun shows when it has settled.
    assert_eq!(
        order.next_move(Signals::default(), NOW),
        Move::Wait(policy().settled_at(NOW))
    );
    let (home, name) = (AccountId::new("sub"), CarrierNumberId::new("c2"));
    let changes = play(
        &mut order,
        vec![Event::Returned, Event::AtHome(home.clone(), name.clone())],
    );
    assert!(!frees_claim(&changes));
    let Work::GiveBack(give_back) = &order.work else {
        panic!("not given back")
    };
    assert_eq!(
        (&give_back.account, &give_back.carrier_number),
        (&home, &name)
    );
    let changes = play(&mut order, vec![Event::Returned, Event::Gone]);
    assert!(frees_claim(&changes) && frees_reservation(&changes, true));
    assert_eq!(order.status, OrderStatus::Canceled);
}

#[test]
fn an_order_that_asks_for_a_person_can_be_canceled_however_often_it_was_begun() {
    let mut order = any_512();
    order.status = OrderStatus::NeedsAttention;
    order.retries = RETRIES_MAX;
    assert_eq!(order.retry(NOW), Retry::Never);
    assert!(matches!(order.revoke(NOW), Retry::GoOn(_)));
    order.status = OrderStatus::Failed;
    assert_eq!(order.revoke(NOW), Retry::Never);
}

#[test]
fn nothing_is_bought_or_handed_over_without_a_look_at_the_workspace() {
    let only_if = |changes: &[Change]| {
        let mut conditions = Vec::new();
        for change in changes {
            if let Change::IfWorkspace { active, .. } = change {
                conditions.push(*active);
            }
        }
        conditions
    };
    let mut order = any_512();
    let found = play(&mut order, vec![Event::Found(e164(100)), isolated()]);
    assert!(only_if(&found).is_empty());
    let bought = play(
        &mut order,
        vec![Event::Bought(owned(true)), Event::Verified],
    );
    assert_eq!(only_if(&bought), [true]);
    let mut switched_off = order.clone();
    assert_eq!(only_if(&play(&mut order, vec![Event::Activated])), [true]);
    let changes = play(&mut switched_off, vec![Event::Suspended]);
    assert_eq!(only_if(&changes), [false]);
    assert_eq!(switched_off.status, OrderStatus::Succeeded);
}
