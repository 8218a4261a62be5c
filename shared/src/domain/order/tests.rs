mod guards;

use proptest::prelude::*;

use super::{
    Change, Event, Filing, GiveBack, Move, Order, OrderStatus, Owned, Owner, Policy, Provision,
    ProvisionStep, Signals, Task, TroubleCode, Wish, Work,
};
use crate::domain::{
    AccountId, Actor, AttemptId, CarrierId, CarrierNumberId, E164, MicroDollars, NumberId, OrderId,
    Timestamp, WebhookToken, WorkspaceId, number,
};
use std::time::Duration;

const NOW: Timestamp = Timestamp::from_millis(1_000_000);

fn policy() -> Policy {
    Policy {
        call_timeout: Duration::from_secs(10),
        settle: Duration::from_secs(15),
        release_hold: Duration::from_hours(14 * 24),
        purchase_in_subproject: true,
        #[cfg(feature = "mutants")]
        mutant: None,
    }
}

fn e164(line: u16) -> E164 {
    format!("+1512555{line:04}").parse().unwrap()
}

fn order(wish: Wish) -> Order {
    let (step, candidate) = match &wish {
        Wish::Exact(e164) => (ProvisionStep::Isolate, Some(e164.clone())),
        Wish::Any(_) => (ProvisionStep::Search, None),
    };
    let work = Work::Provision(Provision {
        number: NumberId::derived(3),
        wish,
        label: None,
        price: MicroDollars::from_dollars(1),
        step,
        candidate,
        refused: Vec::new(),
        refusal: None,
        unclear: false,
        account: None,
        token: None,
        owned: None,
        alternatives: Vec::new(),
    });
    let owner = Owner::Workspace(WorkspaceId::derived(2));
    let carrier = CarrierId::new("local");
    Order::new(
        OrderId::derived(1),
        owner,
        carrier,
        work,
        &Actor::system("test"),
        NOW,
    )
}

fn any_512() -> Order {
    order(Wish::Any(vec!["512".parse().unwrap()]))
}

fn owned(wired: bool) -> Owned {
    Owned {
        carrier_number: CarrierNumberId::new("c1"),
        account: AccountId::new("sub"),
        capabilities: number::Capabilities::default(),
        purchased_at: NOW,
        wired,
    }
}

fn isolated() -> Event {
    Event::Isolated(AccountId::new("sub"), WebhookToken::derived(1))
}

fn absent() -> Event {
    Event::NotOurs {
        alternatives: vec![e164(199)],
    }
}

/// Plays `events`, each as the outcome of the order's own next task, and returns
/// every change. Waits are jumped over.
#[track_caller]
fn play(order: &mut Order, events: Vec<Event>) -> Vec<Change> {
    let mut now = NOW;
    let mut changes = Vec::new();
    for event in events {
        let task = loop {
            match order.next_move(Signals::default(), now) {
                Move::Do(task) => break task,
                Move::Wait(until) => now = until,
                Move::End => panic!("ended before {event:?}"),
            }
        };
        let task = if matches!(task, Task::LookBought | Task::LookGone) || order.intent.is_none() {
            task
        } else {
            panic!("{task:?} over an open intent")
        };
        if matches!(task, Task::Buy | Task::Release) {
            let intended = Event::Intended(AttemptId::derived(9));
            changes.extend(order.record(task, intended, &policy(), now).unwrap());
        }
        changes.extend(order.record(task, event, &policy(), now).unwrap());
    }
    changes
}

fn frees_claim(changes: &[Change]) -> bool {
    changes
        .iter()
        .any(|change| matches!(change, Change::FreeClaim { .. }))
}

fn frees_reservation(changes: &[Change], counted: bool) -> bool {
    changes.iter().any(
        |change| matches!(change, Change::FreeReservation { purchased, .. } if *purchased == counted),
    )
}

#[test]
fn a_number_is_found_bought_wired_and_handed_over() {
    let mut order = any_512();
    let changes = play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Bought(owned(true)),
            Event::Verified,
            Event::Activated,
        ],
    );
    assert_eq!(order.status, OrderStatus::Succeeded);
    assert_eq!(order.progress().percent, 100);
    let kinds: Vec<_> = changes.iter().map(|change| format!("{change:?}")).collect();
    let starts = [
        "TakeClaim",
        "IfWorkspace",
        "BindClaim",
        "AddNumber",
        "IfWorkspace",
        "MoveNumber",
    ];
    for (kind, start) in kinds.iter().zip(starts) {
        assert!(kind.starts_with(start), "{kind}");
    }
    assert_eq!(kinds.len(), starts.len());
}

#[test]
fn a_lost_response_is_followed_by_a_look_and_by_the_same_number() {
    let mut order = any_512();
    let changes = play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Unclear,
            absent(),
        ],
    );
    assert!(!frees_claim(&changes));
    let provision = order.provision().unwrap();
    assert_eq!(provision.candidate, Some(e164(100)));
    let later = order.wake_at.unwrap();
    assert_eq!(
        order.next_move(Signals::default(), later),
        Move::Do(Task::Buy)
    );
}

#[test]
fn the_carriers_list_is_not_believed_before_it_has_settled() {
    let mut order = any_512();
    play(
        &mut order,
        vec![Event::Found(e164(100)), isolated(), Event::Unclear],
    );
    let settled = policy().settled_at(NOW);
    let before = settled.minus(Duration::from_millis(1));
    assert_eq!(
        order.next_move(Signals::default(), before),
        Move::Wait(settled)
    );
    assert_eq!(
        order.next_move(Signals::default(), settled),
        Move::Do(Task::LookBought)
    );
}

#[test]
fn a_refused_candidate_is_let_go_only_after_a_look() {
    let mut order = any_512();
    let refused = Event::Refused(TroubleCode::NumberUnavailable);
    let changes = play(
        &mut order,
        vec![Event::Found(e164(100)), isolated(), refused.clone()],
    );
    assert!(!frees_claim(&changes));
    assert_eq!(
        order.next_move(Signals::default(), NOW),
        Move::Do(Task::LookBought)
    );
    let changes = play(&mut order, vec![absent()]);
    assert!(frees_claim(&changes));
    assert_eq!(
        order.next_move(Signals::default(), NOW),
        Move::Do(Task::Search)
    );
    assert_eq!(order.provision().unwrap().refused, [e164(100)]);
}

#[test]
fn a_refused_number_that_turns_out_to_be_ours_is_kept() {
    let mut order = any_512();
    let refused = Event::Refused(TroubleCode::NumberUnavailable);
    let changes = play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            refused,
            Event::Bought(owned(false)),
        ],
    );
    assert!(!frees_claim(&changes));
    assert_eq!(
        order.next_move(Signals::default(), NOW),
        Move::Do(Task::Configure)
    );
}

#[test]
fn a_chosen_number_that_is_gone_fails_with_others_to_choose_from() {
    let mut order = order(Wish::Exact(e164(100)));
    let refused = Event::Refused(TroubleCode::NumberUnavailable);
    let changes = play(&mut order, vec![isolated(), refused, absent()]);
    assert_eq!(order.status, OrderStatus::Failed);
    assert!(frees_claim(&changes) && frees_reservation(&changes, false));
    assert_eq!(order.provision().unwrap().alternatives, [e164(199)]);
}

/// A failure that puts the next act off beyond the order's time. What is asked for
/// then is cut to it: a last try comes before the end.
fn out_of_time(order: &Order) -> Event {
    Event::Deferred {
        trouble: TroubleCode::CarrierUnavailable,
        not_before: Some(order.deadline.plus(Duration::from_secs(1))),
    }
}

#[test]
fn rounds_that_are_never_proven_come_less_and_less_often() {
    let mut order = any_512();
    play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Bought(owned(false)),
        ],
    );
    let mut waits = Vec::new();
    for _ in 0..12 {
        play(&mut order, vec![Event::Configured]);
        let now = order.wake_at.unwrap();
        order
            .record(Task::Verify, Event::NotWired, &policy(), now)
            .unwrap();
        waits.push(now.until(order.wake_at.unwrap()));
    }
    let (first, last) = (waits[0], waits[11]);
    assert!(
        last > Duration::from_mins(5) && first < Duration::from_secs(3),
        "{waits:?}"
    );
}

#[test]
fn out_of_time_with_nothing_open_leaves_nothing() {
    let mut order = any_512();
    let late = out_of_time(&order);
    let changes = play(
        &mut order,
        vec![Event::Found(e164(100)), isolated(), late.clone(), late],
    );
    assert_eq!(order.status, OrderStatus::Failed);
    assert!(frees_claim(&changes) && frees_reservation(&changes, false));
}

#[test]
fn out_of_time_with_an_open_purchase_asks_for_a_person_and_keeps_the_claim() {
    let mut order = any_512();
    let late = out_of_time(&order);
    let changes = play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Unclear,
            late.clone(),
            late,
        ],
    );
    assert_eq!(order.status, OrderStatus::NeedsAttention);
    assert!(!frees_claim(&changes) && order.intent.is_some());
}

#[test]
fn nothing_is_canceled_while_a_purchase_is_open() {
    let cancel = Signals {
        cancel: true,
        ..Signals::default()
    };
    let mut order = any_512();
    play(&mut order, vec![Event::Found(e164(100)), isolated()]);
    assert_eq!(order.next_move(cancel, NOW), Move::Do(Task::Cancel));
    play(&mut order, vec![Event::Unclear]);
    assert!(matches!(order.next_move(cancel, NOW), Move::Wait(_)));
}

#[test]
fn canceling_after_the_purchase_gives_the_number_back() {
    let mut order = any_512();
    play(
        &mut order,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Bought(owned(true)),
        ],
    );
    order
        .record(Task::Cancel, Event::Canceled, &policy(), NOW)
        .unwrap();
    let changes = play(&mut order, vec![Event::Returned, Event::Gone]);
    assert_eq!(order.status, OrderStatus::Canceled);
    assert!(frees_claim(&changes) && frees_reservation(&changes, true));
}

fn give_back() -> Order {
    let mut bought = any_512();
    let changes = play(
        &mut bought,
        vec![
            Event::Found(e164(100)),
            isolated(),
            Event::Bought(owned(true)),
        ],
    );
    let Some(Change::AddNumber(number)) = changes.into_iter().last() else {
        panic!("no number")
    };
    Order {
        id: OrderId::derived(5),
        work: Work::GiveBack(GiveBack::of(&number)),
        ..any_512()
    }
}

#[test]
fn a_number_given_back_is_looked_for_before_it_is_called_gone() {
    let mut order = give_back();
    let changes = play(&mut order, vec![Event::Returned, Event::StillThere]);
    assert!(!frees_claim(&changes));
    let changes = play(&mut order, vec![Event::Returned, Event::Gone]);
    assert_eq!(order.status, OrderStatus::Succeeded);
    assert!(frees_claim(&changes) && frees_reservation(&changes, true));
}

#[test]
fn a_number_the_carrier_keeps_becomes_stock_with_its_date() {
    let mut order = give_back();
    let changes = play(&mut order, vec![Event::Held]);
    assert_eq!(order.status, OrderStatus::Succeeded);
    assert!(!frees_claim(&changes) && frees_reservation(&changes, true));
    let Some(Change::FileStock(filing)) = changes.into_iter().last() else {
        panic!("not filed")
    };
    let Filing { stock, release, .. } = *filing;
    assert_eq!(stock.release_at, NOW.plus(policy().release_hold));
    let mut release = release;
    assert_eq!(
        release.next_move(Signals::default(), NOW),
        Move::Wait(stock.release_at)
    );
    let changes = play(&mut release, vec![Event::Returned, Event::Gone]);
    assert!(frees_claim(&changes) && !frees_reservation(&changes, true));
}

#[test]
fn an_impossible_event_changes_nothing() {
    let mut order = any_512();
    let before = order.clone();
    for event in [
        Event::Bought(owned(true)),
        Event::Gone,
        Event::Verified,
        Event::Canceled,
    ] {
        assert!(order.record(Task::Search, event, &policy(), NOW).is_err());
        assert_eq!(order, before);
    }
}

/// What a carrier and a network can make of each task.
fn outcomes(task: Task) -> Vec<Event> {
    let deferred = Event::Deferred {
        trouble: TroubleCode::CarrierUnavailable,
        not_before: None,
    };
    let mut outcomes = match task {
        Task::Search => vec![Event::Found(e164(100)), Event::Found(e164(101))],
        Task::Isolate => vec![isolated()],
        Task::Buy => vec![
            Event::Bought(owned(true)),
            Event::Bought(owned(false)),
            Event::Refused(TroubleCode::NumberUnavailable),
            Event::Unclear,
        ],
        Task::LookBought => vec![absent(), Event::Bought(owned(false))],
        Task::Assign => vec![Event::Assigned(AccountId::new("sub"))],
        Task::Configure => vec![Event::Configured],
        Task::Verify => vec![Event::Verified, Event::NotWired],
        Task::Activate => return vec![Event::Activated, Event::Suspended],
        Task::Release => vec![Event::Returned, Event::Held, Event::Unclear],
        Task::LookGone => vec![Event::Gone, Event::StillThere, Event::Elsewhere],
        Task::Empty => vec![Event::Occupied, Event::Emptied],
        Task::Seal => vec![Event::StockLeft(NOW), Event::Sealed],
        Task::Cancel => return vec![Event::Canceled],
    };
    outcomes.push(deferred);
    outcomes.push(Event::Paced(NOW.plus(Duration::from_secs(20))));
    outcomes
}

proptest! {
    /// Whatever happens: no act over an open intent, no claim freed while one is
    /// open, nothing bought twice, and an end within the order's time.
    #[test]
    fn every_history_is_safe_and_ends(
        choices in proptest::collection::vec(any::<prop::sample::Index>(), 400),
        cancel_after in 0_usize..60,
    ) {
        let mut order = any_512();
        let mut now = NOW;
        let mut bought = 0;
        for (turn, choice) in choices.iter().enumerate() {
            let cancel = turn >= cancel_after && cancel_after > 20;
            let signals = Signals { cancel, ..Signals::default() };
            let task = match order.next_move(signals, now) {
                Move::End => break,
                Move::Wait(until) => { prop_assert!(until > now); now = until; continue }
                Move::Do(task) => task,
            };
            if matches!(task, Task::Buy | Task::Release) {
                prop_assert!(order.intent.is_none());
                let intended = Event::Intended(AttemptId::derived(1));
                order.record(task, intended, &policy(), now).unwrap();
            }
            let options = outcomes(task);
            let event = choice.get(&options).clone();
            let owned_before = order.provision().is_some_and(|p| p.owned.is_some());
            let bought_now = matches!(event, Event::Bought(_));
            let was_open = order.intent.is_some() && !matches!(event, Event::Refused(_));
            let changes = order.record(task, event, &policy(), now).unwrap();
            if bought_now {
                prop_assert!(!owned_before);
                bought += 1;
            }
            if task == Task::Buy && was_open && !bought_now {
                prop_assert!(!frees_claim(&changes) || order.status == OrderStatus::Failed);
            }
        }
        prop_assert!(bought <= 1, "bought {bought}");
        if let Move::Wait(until) = order.next_move(Signals::default(), now) {
            prop_assert!(until <= order.deadline);
        }
    }
}
