//! The local carrier keeps every carrier's promises: the adapter over DynamoDB in memory,
//! a world of its own for each promise.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

mod counter;
mod dice;
mod world;

use std::{
    future::{Ready, ready},
    sync::Arc,
    time::Duration,
};

use numberline::{
    carrier::local::{Config, Local},
    clock::Clock,
    store::{self, Core, LocalBooks},
};
use numberline_tests::lab::{CORE, Tables, VirtualClock, sdk_config};

use counter::Counter;
use dice::Dice;
use world::Counted;

/// As functions have it: numbers are bought in the subproject, and go back at any time.
mod as_deployed {
    numberline::carrier_contract!(super::as_deployed_world);
}

/// With other carriers' ways: bought in the platform's account, and held for two weeks.
mod with_other_carriers_ways {
    numberline::carrier_contract!(super::with_other_carriers_ways_world);
}

/// A page so small that every list has several.
const PAGE_SIZE: u8 = 2;

fn as_deployed_world() -> Ready<(Local, Counted)> {
    ready(world(Config {
        page_size: PAGE_SIZE,
        ..Config::default()
    }))
}

fn with_other_carriers_ways_world() -> Ready<(Local, Counted)> {
    ready(world(Config {
        purchase_in_subproject: false,
        release_hold: Duration::from_hours(14 * 24),
        page_size: PAGE_SIZE,
        ..Config::default()
    }))
}

fn world(config: Config) -> (Local, Counted) {
    let clock = VirtualClock::default();
    let dice = Arc::new(Dice::default());
    let tables = Tables::new().unwrap();
    let counter = Counter::new(Some(tables.clone()));
    let nobody = Counter::new(None);
    let carrier = |counter: &Counter| carrier(counter, &clock, &dice, config);
    let (carrier, unreachable) = (carrier(&counter), carrier(&nobody));
    let world = Counted {
        counter,
        tables,
        clock,
        dice,
        unreachable,
    };
    (carrier, world)
}

fn carrier(counter: &Counter, clock: &VirtualClock, dice: &Arc<Dice>, config: Config) -> Local {
    let client = store::client(&sdk_config(counter.clone(), clock));
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let core = Core::new(client, CORE, Arc::clone(&clock), Arc::<Dice>::clone(dice));
    Local::new(
        LocalBooks::new(core),
        clock,
        Arc::<Dice>::clone(dice),
        config,
    )
}
