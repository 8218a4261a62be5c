//! Whoever calls a carrier does so at the pace that it takes from all of us.

use std::{fmt, time::Duration};

use crate::{
    carrier::{self, Effect, ErrorKind},
    clock::Clock,
    domain::{Timestamp, pace::Rate},
    store::{self, Core, Slot},
};

use super::{Base, carriers::Platform, error::Result};

/// How long a person's request waits for its turn.
const PATIENCE_OF_PEOPLE: Duration = Duration::from_secs(5);

/// Calls that go side by side where a carrier has no rate.
const UNBOUNDED: u32 = 16;

/// Somebody who calls a carrier, each time in their turn.
pub(super) struct Pacer<'a> {
    /// The carrier, and the platform's account there.
    pub(super) platform: &'a Platform,
    /// Where the turns are counted.
    pub(super) core: &'a Core,
    /// What waiting goes by.
    pub(super) clock: &'a dyn Clock,
    /// The longest wait for a turn.
    pub(super) patience: Duration,
}

impl fmt::Debug for Pacer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pacer({})", self.platform.carrier.id())
    }
}

/// Whether the turn came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Turn {
    /// Call now.
    Come,
    /// Not within the party's patience.
    NotCome,
}

impl<'a> Pacer<'a> {
    /// For the requests of people, at one carrier.
    pub(super) fn of_people(base: &'a Base, platform: &'a Platform) -> Self {
        Self {
            platform,
            core: &base.core,
            clock: base.clock.as_ref(),
            patience: PATIENCE_OF_PEOPLE,
        }
    }

    /// Waits for the turn to make `calls` calls. Call at once when it has come, a
    /// [burst](Self::burst) of them side by side at most: others come next.
    pub(super) async fn turn(&self, calls: usize) -> store::Result<Turn> {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        let Some(rate) = self.platform.rate.filter(|_| calls > 0) else {
            return Ok(Turn::Come);
        };
        let carrier = self.platform.carrier.id();
        let slot = self.core.take_slot(&carrier, rate, calls, self.patience);
        match slot.await? {
            Slot::At(begin) => {
                self.wait(begin).await;
                Ok(Turn::Come)
            }
            Slot::TooLate => Ok(Turn::NotCome),
        }
    }

    /// The same for a request that is refused without its turn: the person may try again.
    pub(super) async fn demand(&self, calls: usize, operation: &'static str) -> Result<()> {
        match self.turn(calls).await? {
            Turn::Come => Ok(()),
            Turn::NotCome => Err(self.too_long(operation).into()),
        }
    }

    /// How many calls one turn is good for.
    pub(super) fn burst(&self) -> usize {
        let calls = self.platform.rate.map_or(UNBOUNDED, Rate::burst);
        usize::try_from(calls).unwrap_or(usize::MAX)
    }

    /// What a call failed with that was not made because its turn did not come.
    pub(super) fn too_long(&self, operation: &'static str) -> carrier::Error {
        let carrier = self.platform.carrier.id();
        carrier::Error::new(carrier, operation, ErrorKind::RateLimited, Effect::None)
    }

    async fn wait(&self, until: Timestamp) {
        let wait = self.clock.now().until(until);
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
    }
}
