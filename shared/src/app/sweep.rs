//! Finding what is due and was not woken: a lost message, a dead worker, a wait
//! longer than the queue delays.

use std::{sync::Arc, time::Duration};

use crate::{
    clock::Clock,
    queue::OrderQueue,
    store::{Core, Result},
};

/// Until when an order that was just enqueued is not enqueued again.
const AGAIN: Duration = Duration::from_mins(2);

/// Enqueues every order that is due, and answers how many those were. Its wake-up
/// is moved on first: a queue that is behind is not filled with the same orders.
pub async fn sweep(core: &Core, queue: &OrderQueue, clock: &Arc<dyn Clock>) -> Result<u32> {
    let now = clock.now();
    let mut woken = 0;
    for due in core.due_orders(now).await? {
        if !core.postpone(&due, now.plus(AGAIN)).await? {
            continue;
        }
        match queue.wake(&due.key, Duration::ZERO).await {
            Ok(()) => woken += 1,
            Err(error) => tracing::warn!(order.id = %due.key.order, %error, "left to the next"),
        }
    }
    Ok(woken)
}
