//! That each promise can be broken: books that say something else than what happened.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

use numberline::domain::{MicroDollars, NumberStatus, order::OrderStatus};

use super::{Findings, at_rest};
use crate::{
    lab::{Books, Holdings, Lab, LabCarrier, Lambda, Rest},
    matrix::{Cast, Scenario, Schedule},
};

/// A world in which a chosen number was bought, and all is well.
struct World {
    lab: Arc<Lab>,
    cast: Cast,
}

impl World {
    async fn new() -> Self {
        let setup = Scenario::Chosen.setup(LabCarrier::SignalWire, None);
        let lab = Lab::new(&setup.unwrap()).unwrap();
        let mut cast = Box::pin(Scenario::Chosen.prepare(&lab)).await.unwrap();
        cast.began = lab.clock.time();
        Box::pin(Scenario::Chosen.act(&lab, &mut cast))
            .await
            .unwrap();
        assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
        Self { lab, cast }
    }

    /// The promises that are broken when the books are as `doctor` leaves them.
    fn broken(&self, doctor: impl FnOnce(&Cast, &mut Books, &mut Holdings)) -> BTreeSet<&str> {
        let mut books = Books::read(&self.lab.tables).unwrap();
        let mut holdings = self.lab.holdings().unwrap();
        doctor(&self.cast, &mut books, &mut holdings);
        let schedule = Schedule {
            carrier: LabCarrier::SignalWire,
            scenario: Scenario::Chosen,
            strike: None,
            mutant: None,
        };
        let mut findings = Findings::default();
        let played = (&self.cast, &schedule);
        at_rest(&mut findings, &self.lab, played, (&books, &holdings));
        findings.0.iter().map(|broken| broken.promise).collect()
    }

    /// That the books, doctored like this, break `promise`.
    #[track_caller]
    fn breaks(&self, promise: &str, doctor: impl FnOnce(&Cast, &mut Books, &mut Holdings)) {
        let broken = self.broken(doctor);
        assert!(broken.contains(promise), "{broken:?}");
    }
}

/// Lets `change` at each item that is about the order of the scenario.
fn of_order<T>(items: &mut [T], is_its: impl Fn(&T) -> bool, change: impl Fn(&mut T)) {
    let mut changed = 0;
    for item in items.iter_mut().filter(|item| is_its(item)) {
        change(item);
        changed += 1;
    }
    assert_eq!(changed, 1);
}

#[tokio::test]
async fn what_went_well_breaks_nothing() {
    let world = World::new().await;
    assert_eq!(world.broken(|_, _, _| {}), BTreeSet::new());
}

#[tokio::test]
async fn an_order_ends_as_its_scenario_says_and_nobody_is_asked_to_look() {
    let world = World::new().await;
    for status in [
        OrderStatus::NeedsAttention,
        OrderStatus::Failed,
        OrderStatus::Canceled,
    ] {
        world.breaks("P6", |cast, books, _| {
            let its = |order: &_| cast.order.as_ref() == Some(order);
            of_order(
                &mut books.orders,
                |order| its(&order.id),
                |order| order.status = status,
            );
        });
    }
}

#[tokio::test]
async fn an_order_that_succeeded_has_one_sale_a_row_that_works_and_its_claim() {
    let world = World::new().await;
    world.breaks("P6", |cast, _, holdings| {
        let reference = cast.order.as_ref().map(ToString::to_string).unwrap();
        holdings.sales.retain(|sale| sale.reference != reference);
    });
    world.breaks("P6", |cast, books, _| {
        let its = |order: &_| cast.order.as_ref() == Some(order);
        of_order(
            &mut books.numbers,
            |row| its(&row.order),
            |row| row.status = NumberStatus::Provisioning,
        );
    });
    world.breaks("P6", |cast, books, _| {
        books
            .numbers
            .retain(|row| Some(&row.order) != cast.order.as_ref());
    });
    world.breaks("P6", |cast, books, _| {
        of_order(
            &mut books.claims,
            |claim| claim.order == cast.order,
            |claim| claim.number = None,
        );
    });
}

#[tokio::test]
async fn what_is_counted_and_held_is_what_was_bought_at_its_price() {
    let world = World::new().await;
    world.breaks("P5", |cast, books, _| {
        for workspace in &mut books.workspaces {
            let order = cast.order.as_ref().unwrap();
            workspace.reservations.purchases.remove(order);
        }
    });
    world.breaks("P5", |cast, books, _| {
        for workspace in &mut books.workspaces {
            let held = &mut workspace.reservations.held;
            if let Some(price) = held.get_mut(cast.order.as_ref().unwrap()) {
                *price = MicroDollars::from_dollars(7);
            }
        }
    });
}

#[tokio::test]
async fn a_number_that_works_has_every_address() {
    let world = World::new().await;
    let wires = world.lab.holdings().unwrap().numbers;
    let wires = wires.first().map_or(0, |held| held.wires.len());
    assert_eq!(wires, 5);
    for wire in 0..wires {
        world.breaks("P7", |_, _, holdings| {
            let held = holdings.numbers.first_mut().unwrap();
            held.wires.get_mut(wire).unwrap().1 = None;
        });
    }
}

#[tokio::test]
async fn who_canceled_is_not_told_later_that_it_succeeded() {
    let world = World::new().await;
    world.cast.note_of_cancel().store(true, Ordering::SeqCst);
    world.breaks("P6", |_, _, _| {});
}
