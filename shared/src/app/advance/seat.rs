//! Taking an order and a desk to work it at.

use crate::{
    domain::{LeaseId, Timestamp, order::Owner, pace::come_again},
    store::{self, Desk, Leased, OrderKey, Taken},
};

use super::{LEASE_MARGIN, Left, Stopped, Worker, work};

/// Works an order until `deadline` at the latest.
pub async fn advance(
    worker: &Worker,
    place: &OrderKey,
    deadline: Timestamp,
) -> Result<Left, Stopped> {
    let lease = LeaseId::new(worker.clock.now(), worker.chance.draw());
    let until = deadline.plus(LEASE_MARGIN);
    let (taken, seat) = tokio::join!(
        Box::pin(worker.core.take_order(place, lease.clone(), until)),
        Box::pin(sit_down(worker, place, &lease, until)),
    );
    let seat = match seat {
        Ok(seat) => seat,
        Err(error) => {
            if let Ok(Taken::Held { lease, .. }) = &taken {
                hand_back(worker, place, lease).await;
            }
            return Err(error.into());
        }
    };
    let left = match (taken, &seat) {
        (Ok(Taken::Held { lease, .. }), Seat::NoneFree) => send_away(worker, place, &lease).await,
        (Ok(held @ Taken::Held { .. }), Seat::At(_) | Seat::NotNeeded) => {
            Box::pin(work(worker, place, held, deadline)).await
        }
        (Ok(Taken::Busy(_) | Taken::Missing), _) => Ok(Left::NotOurs),
        (Ok(Taken::Foreign), _) => Ok(Left::Unknown),
        (Err(error), _) => Err(error.into()),
    };
    stand_up(worker, seat).await;
    left
}

/// Where an order is worked on.
enum Seat {
    At(Desk),
    NoneFree,
    /// The platform's own orders are few, and nobody stands behind them.
    NotNeeded,
}

async fn sit_down(
    worker: &Worker,
    place: &OrderKey,
    lease: &LeaseId,
    until: Timestamp,
) -> store::Result<Seat> {
    let Owner::Workspace(workspace) = &place.owner else {
        return Ok(Seat::NotNeeded);
    };
    let desk = worker.core.take_desk(workspace, lease, until).await?;
    Ok(desk.map_or(Seat::NoneFree, Seat::At))
}

/// A desk that is not left is free again when the lease would have run out.
async fn stand_up(worker: &Worker, seat: Seat) {
    let Seat::At(desk) = seat else { return };
    if let Err(error) = worker.core.leave_desk(&desk).await {
        tracing::warn!(%error, "a desk is left to its time");
    }
}

/// An order that was taken and cannot be worked on is due for the next worker at once.
async fn hand_back(worker: &Worker, place: &OrderKey, lease: &Leased) {
    if let Err(error) = worker.core.let_go(lease, worker.clock.now()).await {
        tracing::warn!(order.id = %place.order, %error, "an order is left to its lease");
    }
}

/// The workspace has as many orders in work as it may: this one comes again.
async fn send_away(worker: &Worker, place: &OrderKey, lease: &Leased) -> Result<Left, Stopped> {
    let now = worker.clock.now();
    let nth = u64::try_from(now.as_millis()).unwrap_or(0);
    let wait = come_again(&place.order, nth);
    worker.core.let_go(lease, now.plus(wait)).await?;
    if let Err(error) = worker.queue.wake(place, wait).await {
        tracing::warn!(order.id = %place.order, %error, "left to the sweep");
    }
    Ok(Left::Waiting(now.plus(wait)))
}
