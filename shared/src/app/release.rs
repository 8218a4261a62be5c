//! Giving a number back. The giving back is the worker's.

use crate::{
    domain::{
        Actor, MicroDollars, Number, NumberId, NumberStatus, OrderId, Timestamp,
        order::{GiveBack, Order, Owner, Work},
    },
    queue::OrderQueue,
    store::{Placed, Wanted},
};

use super::{
    Base,
    access::{Caller, Door},
    carriers::Holds,
    error::{Error, Result},
    limits::PLACE_TRIES,
    provision::wake,
};

/// What releasing a number would mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The number.
    pub number: Number,
    /// Whether it can be released now.
    pub releasable: bool,
    /// Until when the platform keeps paying for it, if the network takes no number
    /// back in its first days.
    pub held_until: Option<Timestamp>,
    /// What it costs a month.
    pub monthly_price: MicroDollars,
}

/// What releasing a number would mean. Changes nothing.
pub async fn preview(
    base: &Base,
    caller: &Caller,
    id: &NumberId,
    holds: &Holds,
) -> Result<Preview> {
    let (_, read) = Door(&base.core)
        .enter(caller, &[Wanted::Number(id)])
        .await?;
    let number = read.number(id)?.ok_or(Error::NotFound)?;
    let hold_ends = number.purchased_at.plus(holds.of(&number.carrier));
    Ok(Preview {
        releasable: releasable(&number),
        held_until: Some(hold_ends).filter(|ends| *ends > base.clock.now()),
        monthly_price: number.monthly_price,
        number,
    })
}

/// Places the order that gives a number back, once: asked again, it answers with
/// the same order.
pub async fn release(
    base: &Base,
    queue: &OrderQueue,
    caller: &Caller,
    id: &NumberId,
) -> Result<Order> {
    for _ in 0..PLACE_TRIES {
        let (access, read) = Door(&base.core)
            .enter(caller, &[Wanted::Number(id)])
            .await?;
        let access = access.admin()?;
        let number = read.number(id)?.ok_or(Error::NotFound)?;
        if let Some(order) = &number.release_order {
            let read = base
                .core
                .fetch(&access.workspace, &[Wanted::Order(order)])
                .await?;
            return read.order(order)?.ok_or(Error::NotFound);
        }
        if !releasable(&number) {
            return Err(Error::NotReleasable);
        }
        let now = base.clock.now();
        let id = OrderId::new(now, base.chance.draw());
        let order = release_order(id, &number, &access.actor, now);
        match base.core.place_release(&order, &number).await? {
            Placed::Yes => {
                wake(queue, &order).await;
                return Ok(order);
            }
            Placed::Before(_) | Placed::Claimed | Placed::Changed => {}
        }
    }
    Err(Error::Busy)
}

/// A number still being provisioned belongs to its order: that is canceled instead.
pub(super) fn releasable(number: &Number) -> bool {
    match number.status {
        NumberStatus::Active | NumberStatus::Suspended => true,
        NumberStatus::Pending
        | NumberStatus::Provisioning
        | NumberStatus::Releasing
        | NumberStatus::Released
        | NumberStatus::Failed => false,
    }
}

/// The order called `id` that gives `number` back.
pub(super) fn release_order(id: OrderId, number: &Number, by: &Actor, now: Timestamp) -> Order {
    let owner = Owner::Workspace(number.workspace.clone());
    let work = Work::GiveBack(GiveBack::of(number));
    Order::new(id, owner, number.carrier.clone(), work, by, now)
}
