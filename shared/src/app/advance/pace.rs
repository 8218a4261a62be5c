//! Keeping to the carrier's rate: an act whose turn has not come is put off before it
//! is begun, and before its intent is written.

use std::time::Duration;

use crate::{
    app::pacer::{Pacer, Turn},
    domain::{Timestamp, pace::come_again},
    store,
};

use super::Hand;

/// How long a worker waits for a turn before it leaves the order and comes again. It is
/// shorter than a person's patience: the line that workers make turns nobody away.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);

impl Hand<'_> {
    /// For the calls of this order.
    pub(super) fn pacer(&self) -> Pacer<'_> {
        Pacer {
            platform: self.platform,
            core: &self.worker.core,
            clock: self.worker.clock.as_ref(),
            patience: PATIENCE,
        }
    }

    /// Takes the turn for so many calls; if it has not come, when to come again.
    pub(super) async fn turn(&self, calls: usize) -> store::Result<Option<Timestamp>> {
        match self.pacer().turn(calls).await? {
            Turn::Come => Ok(None),
            Turn::NotCome => {
                let now = self.worker.clock.now();
                let nth = u64::try_from(now.as_millis()).unwrap_or(0);
                Ok(Some(now.plus(come_again(&self.order.id, nth))))
            }
        }
    }
}
