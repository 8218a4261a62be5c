//! Keeping to the carrier's rate: an act whose turn has not come is put off before it
//! is begun, and before its intent is written.

use crate::{
    domain::{
        Timestamp,
        order::{Owner, Task},
        pace::come_again,
    },
    store::{self, Slot},
};

use super::Hand;

/// Seconds a worker waits in line before it leaves the order and comes again.
const SECONDS_IN_LINE: u32 = 3;

impl Hand<'_> {
    /// Takes the turn for the calls of `task`; if it has not come, when to come again.
    pub(super) async fn turn(&self, task: Task) -> store::Result<Option<Timestamp>> {
        let calls = self.calls(task);
        let Some(rate) = self.platform.rate.filter(|_| calls > 0) else {
            return Ok(None);
        };
        let party = match &self.order.owner {
            Owner::Workspace(workspace) => workspace.to_string(),
            Owner::Stock => "stock".to_owned(),
        };
        let clock = &self.worker.clock;
        for _ in 0..SECONDS_IN_LINE {
            let core = &self.worker.core;
            match core
                .take_slot(&self.order.carrier, rate, &party, calls)
                .await?
            {
                Slot::Yes => return Ok(None),
                Slot::Full(next) => clock.sleep(clock.now().until(next)).await,
            }
        }
        let now = clock.now();
        let nth = u64::try_from(now.as_millis()).unwrap_or(0);
        Ok(Some(now.plus(come_again(&self.order.id, nth))))
    }
}
