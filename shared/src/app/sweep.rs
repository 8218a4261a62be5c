//! Finding what is due and was not woken: a lost message, a dead worker, a wait
//! longer than the queue delays.

use std::{sync::Arc, time::Duration};

use crate::{
    clock::Clock,
    domain::Timestamp,
    queue::OrderQueue,
    store::{Core, Due, Result},
};

/// Until when an order that was just enqueued is not enqueued again.
const AGAIN: Duration = Duration::from_mins(2);

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Orders that were enqueued.
    pub woken: u32,
    /// Orders that are due and were not: unreadable, or a table or the queue failed.
    pub failed: u32,
}

/// Enqueues every order that is due. Its wake-up is moved on first: a queue that is
/// behind is not filled with the same orders. What fails with one order keeps no other
/// waiting.
pub async fn sweep(core: &Core, queue: &OrderQueue, clock: &Arc<dyn Clock>) -> Result<Swept> {
    let now = clock.now();
    let due = core.due_orders(now).await?;
    let mut swept = Swept::default();
    for error in &due.unreadable {
        tracing::error!(%error, "what is due cannot be read");
        swept.failed += 1;
    }
    for order in &due.orders {
        match wake(core, queue, order, now).await {
            Ok(true) => swept.woken += 1,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(order.id = %order.key.order, %error, "left to the next");
                swept.failed += 1;
            }
        }
    }
    Ok(swept)
}

/// Enqueues one order, unless somebody else just did.
async fn wake(
    core: &Core,
    queue: &OrderQueue,
    due: &Due,
    now: Timestamp,
) -> std::result::Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    if !core.postpone(due, now.plus(AGAIN)).await? {
        return Ok(false);
    }
    queue.wake(&due.key, Duration::ZERO).await?;
    Ok(true)
}
