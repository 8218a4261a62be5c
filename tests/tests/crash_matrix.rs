//! A few schedules of the crash matrix, and that the matrix itself can fail. The
//! whole of it is `cargo xtask crash-matrix`.

#![expect(
    clippy::unwrap_used,
    reason = "a schedule that cannot be played fails its test"
)]

use std::collections::BTreeSet;

use numberline::domain::order::{Mutant, OrderStatus};
use numberline_tests::{
    lab::LabCarrier,
    matrix::{Played, Scenario, Schedule, plan, play_here},
    seam::{CARRIER_OPERATIONS, Outcome, Point, Service, Strike},
};

fn played(scenario: Scenario, strike: Option<Strike>, mutant: Option<Mutant>) -> Played {
    played_at(LabCarrier::SignalWire, scenario, strike, mutant)
}

fn played_at(
    carrier: LabCarrier,
    scenario: Scenario,
    strike: Option<Strike>,
    mutant: Option<Mutant>,
) -> Played {
    play_here(&Schedule {
        carrier,
        scenario,
        strike,
        mutant,
    })
    .unwrap()
}

/// The first call of a scenario that asks a service for `operation`.
fn point(scenario: Scenario, service: Service, operation: &str) -> usize {
    let points = played(scenario, None, None).points;
    points
        .iter()
        .position(|point| point.call.service == service && point.call.operation == operation)
        .unwrap()
}

#[test]
fn every_scenario_goes_well_when_nothing_goes_wrong() {
    for carrier in LabCarrier::ALL {
        for scenario in Scenario::ALL
            .into_iter()
            .filter(|scenario| scenario.happens_at(carrier))
        {
            let played = played_at(carrier, scenario, None, None);
            assert_eq!(played.violations, [], "{carrier} {scenario}");
            assert!(!played.points.is_empty(), "{carrier} {scenario}");
            assert_eq!(played.ended, usual_end(scenario), "{carrier} {scenario}");
        }
    }
}

/// How the scenario's order ends when nothing goes wrong.
fn usual_end(scenario: Scenario) -> Option<OrderStatus> {
    match scenario {
        Scenario::Gone => Some(OrderStatus::Failed),
        Scenario::CanceledInFlight => Some(OrderStatus::Canceled),
        Scenario::TextIn | Scenario::TextOut | Scenario::SharedOut | Scenario::StopIn => None,
        Scenario::Automatic
        | Scenario::Refused
        | Scenario::LateListing
        | Scenario::Assigned
        | Scenario::Unwired
        | Scenario::InterruptedSubproject
        | Scenario::Chosen
        | Scenario::GivenBack
        | Scenario::Held
        | Scenario::Revocable
        | Scenario::Retried
        | Scenario::Raced
        | Scenario::Deleted
        | Scenario::DeletedHeld => Some(OrderStatus::Succeeded),
    }
}

#[test]
fn a_purchase_survives_whatever_becomes_of_it() {
    let point = point(Scenario::Automatic, Service::Carrier, "purchase");
    for outcome in Outcome::ALL {
        if matches!(
            outcome,
            Outcome::Conflict | Outcome::Contended | Outcome::TwiceInTurn | Outcome::TwiceLate
        ) {
            continue;
        }
        let played = played(Scenario::Automatic, Some(Strike { point, outcome }), None);
        assert_eq!(played.violations, [], "{outcome}");
        assert_eq!(played.ended, Some(OrderStatus::Succeeded), "{outcome}");
    }
}

/// The local carrier's sale is a write to Core, and comes to the same griefs.
#[test]
fn a_sale_of_the_local_carrier_survives_whatever_becomes_of_it() {
    let unbroken = played_at(LabCarrier::Local, Scenario::Automatic, None, None);
    let point = unbroken
        .points
        .iter()
        .position(|point| point.call.operation == "PutItem" && point.call.target.contains("[SOLD]"))
        .unwrap();
    for outcome in Outcome::ALL {
        if matches!(outcome, Outcome::TwiceInTurn | Outcome::TwiceLate) {
            continue;
        }
        let strike = Some(Strike { point, outcome });
        let played = played_at(LabCarrier::Local, Scenario::Automatic, strike, None);
        assert_eq!(played.violations, [], "{outcome}");
        assert_eq!(played.ended, Some(OrderStatus::Succeeded), "{outcome}");
    }
}

#[test]
fn a_subproject_is_made_once_whatever_becomes_of_it() {
    let point = point(Scenario::Automatic, Service::Carrier, "create-subproject");
    for outcome in [
        Outcome::LostResponse,
        Outcome::CrashAfter,
        Outcome::TwiceAtOnce,
    ] {
        let played = played(Scenario::Automatic, Some(Strike { point, outcome }), None);
        assert_eq!(played.violations, [], "{outcome}");
    }
}

#[test]
fn a_text_whose_row_was_written_in_a_lost_answer_is_sent_all_the_same() {
    let point = point(Scenario::TextOut, Service::DynamoDb, "PutItem");
    let outcome = Outcome::LostResponse;
    let played = played(Scenario::TextOut, Some(Strike { point, outcome }), None);
    assert_eq!(played.violations, []);
    let mut calls = played
        .points
        .iter()
        .map(|point| point.call.operation.as_str());
    assert!(calls.any(|operation| operation == "send-message"));
}

#[test]
fn a_broken_rule_is_noticed() {
    let point = point(Scenario::Automatic, Service::Carrier, "purchase");
    let strike = Some(Strike {
        point,
        outcome: Outcome::LostResponse,
    });
    let mutant = Some(Mutant::NextCandidateAfterLostResponse);
    let broken = played(Scenario::Automatic, strike, mutant).violations;
    assert!(
        broken.iter().any(|violation| violation.promise == "P1"),
        "{broken:?}"
    );
    assert!(
        broken.iter().any(|violation| violation.promise == "P2"),
        "{broken:?}"
    );
}

#[test]
fn the_same_schedule_goes_the_same_way() {
    let point = point(Scenario::Refused, Service::Carrier, "purchase");
    let strike = Some(Strike {
        point,
        outcome: Outcome::CrashAfter,
    });
    let told = || {
        let log = played(Scenario::Refused, strike, None).log;
        let lines = log
            .into_iter()
            .map(|line| format!("{} {}", line.at, line.text));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(told(), told());
}

#[test]
fn every_outcome_is_planned_somewhere() {
    let automatic = plan(LabCarrier::SignalWire, Scenario::Automatic, None).unwrap();
    let revocable = plan(LabCarrier::SignalWire, Scenario::Revocable, None).unwrap();
    for outcome in Outcome::ALL {
        let planned = automatic.schedules.iter().chain(&revocable.schedules);
        let planned = planned.filter_map(|schedule| schedule.strike);
        assert!(
            planned.clone().any(|strike| strike.outcome == outcome),
            "{outcome}"
        );
    }
    // A turn at the carrier is broken once for each kind of call.
    let broken: BTreeSet<usize> = automatic
        .schedules
        .iter()
        .filter_map(|schedule| Some(schedule.strike?.point))
        .collect();
    let points = automatic.unbroken.points.iter().enumerate();
    let spared = points
        .filter(|(place, point)| !broken.contains(place) && !point.is_turn())
        .map(|(_, point)| point.to_string());
    assert_eq!(spared.collect::<Vec<_>>(), Vec::<String>::new());
}

/// Deployed workers take turns at the carrier: so do those of the matrix.
#[test]
fn a_worker_takes_its_turn_before_every_kind_of_call() {
    let points = played(Scenario::Automatic, None, None).points;
    let before_a_call = points.windows(2).any(|pair| {
        matches!(pair, [turn, call] if turn.is_turn() && call.call.service == Service::Carrier)
    });
    assert!(before_a_call, "{points:#?}");
    let broken = plan(LabCarrier::SignalWire, Scenario::Automatic, None).unwrap();
    let turns = broken.schedules.iter().filter(|schedule| {
        let struck = schedule.strike.and_then(|strike| points.get(strike.point));
        struck.is_some_and(Point::is_turn)
    });
    assert!(turns.count() > 0);
}

#[test]
fn every_kind_of_call_to_a_carrier_is_broken_somewhere() {
    let made: BTreeSet<String> = Scenario::ALL
        .into_iter()
        .flat_map(|scenario| played(scenario, None, None).points)
        .filter(|point| point.call.service == Service::Carrier)
        .map(|point| point.call.operation)
        .collect();
    let known: BTreeSet<String> = CARRIER_OPERATIONS.map(str::to_owned).into();
    assert_eq!(made, known);
}

#[test]
fn what_strikes_every_try_strikes_beside_other_calls() {
    // The look and the probes go side by side: other calls come between the tries.
    for outcome in [Outcome::Unreachable, Outcome::Unanswered] {
        let point = point(Scenario::Automatic, Service::Carrier, "list");
        let log = played(Scenario::Automatic, Some(Strike { point, outcome }), None).log;
        let struck = log
            .iter()
            .filter(|line| line.text.ends_with(&format!("carrier list   <- {outcome}")));
        assert_eq!(struck.count(), 2, "{outcome}");
    }
}

#[test]
fn others_are_in_the_way_of_a_transaction_until_it_is_given_up() {
    let point = point(Scenario::Chosen, Service::DynamoDb, "TransactWriteItems");
    let outcome = Outcome::Contended;
    let played = played(Scenario::Chosen, Some(Strike { point, outcome }), None);
    assert_eq!(played.violations, []);
    let struck = played
        .log
        .iter()
        .filter(|line| line.text.ends_with("<- contended"));
    assert_eq!(struck.count(), 6);
}
