//! Leaving an order: until it is due, to another worker, or for a while.

use std::time::Duration;

use crate::{
    domain::{
        Timestamp,
        order::{Move, Task},
    },
    queue::DELAY_MAX,
};

use super::{Hand, Left, Stopped, Written, act::held_up};

/// How long an order is left alone that cannot be written as it should.
const ASIDE: Duration = Duration::from_mins(5);

impl Hand<'_> {
    /// Leaves the order until it is due: the queue wakes it, or, where that is further
    /// off than the queue delays, the sweep.
    pub(super) async fn wait(mut self, until: Timestamp) -> Result<Left, Stopped> {
        if self.held {
            let seen = self.worker.core.let_go(&self.lease, until).await?;
            self.signals.merge(seen);
            let now = self.worker.clock.now();
            if !matches!(self.order.next_move(self.signals, now), Move::Wait(_)) {
                return self.begin_anew().await;
            }
        }
        if self.worker.clock.now().until(until) <= DELAY_MAX {
            self.wake_at(until).await;
        }
        Ok(Left::Waiting(until))
    }

    /// Something that changes with the order is not as it must be. That is no carrier's
    /// matter and does not mend at once: the order stays as its record says, and its time
    /// ends it (P6).
    pub(super) async fn set_aside(self, task: Task) -> Result<Left, Stopped> {
        tracing::error!(order.id = %self.order.id, ?task, "an item is not as it must be");
        let until = self.worker.clock.now().plus(ASIDE);
        self.worker.core.let_go(&self.lease, until).await?;
        self.wake_at(until).await;
        Ok(Left::Waiting(until))
    }

    /// A wish was seen with the write that let the order go: whoever takes it next
    /// does it, at once.
    pub(super) async fn begin_anew(self) -> Result<Left, Stopped> {
        let now = self.worker.clock.now();
        self.wake_at(now).await;
        Ok(Left::HandedOn)
    }

    /// Leaves the order to another worker at once. One that is past its time is ended
    /// instead: it must not be handed on for ever.
    pub(super) async fn hand_on(mut self, task: Task) -> Result<Left, Stopped> {
        let now = self.worker.clock.now();
        if now > self.order.deadline {
            return Ok(match self.write(task, held_up()).await? {
                Written::Yes => Left::Ended(self.order.status),
                Written::Taken | Written::Suspended | Written::Canceled | Written::Lost => {
                    Left::NotOurs
                }
            });
        }
        self.worker.core.let_go(&self.lease, now).await?;
        self.wake_at(now).await;
        Ok(Left::HandedOn)
    }

    /// A message that is not taken is no loss: the sweep finds the order.
    async fn wake_at(&self, at: Timestamp) {
        let delay = self.worker.clock.now().until(at);
        if let Err(error) = self.worker.queue.wake(&self.place, delay).await {
            tracing::warn!(order.id = %self.order.id, %error, "left to the sweep");
        }
    }
}
