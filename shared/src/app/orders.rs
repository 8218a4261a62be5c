//! Reading orders, and changing one's mind about them.

use crate::{
    domain::{
        OrderId, Workspace, WorkspaceStatus,
        order::{Order, OrderStatus, Retry, Wish},
        workspace::OverLimit,
    },
    store::{Asked, Core, Cursor, Listed, Placed, Placement, Replay, Wanted},
};

use super::{
    Base,
    access::{Access, Caller, Door},
    carriers::Carriers,
    error::{Error, Result},
    limits::PLACE_TRIES,
    provision::{Shop, taken, wake},
};

/// One order of the caller's workspace.
pub async fn order(core: &Core, caller: &Caller, id: &OrderId) -> Result<Order> {
    let (_, read) = Door(core).enter(caller, &[Wanted::Order(id)]).await?;
    read.order(id)?.ok_or(Error::NotFound)
}

/// One page of the caller's workspace's orders, newest first.
pub async fn orders(
    core: &Core,
    caller: &Caller,
    cursor: Option<&Cursor>,
    limit: u8,
) -> Result<Listed<Order>> {
    let access = Door(core).open(caller).await?;
    Ok(core.orders(&access.workspace, cursor, limit).await?)
}

/// Cancels an order, also while its purchase is in flight: then the outcome is awaited
/// first, and what was bought goes back. Asked again, it answers the same.
pub async fn cancel(base: &Base, shop: &Shop, caller: &Caller, id: &OrderId) -> Result<Order> {
    for _ in 0..PLACE_TRIES {
        let (access, order, _) = enter(base, caller, id).await?;
        if order.status == OrderStatus::Canceled {
            return Ok(order);
        }
        if !order.is_cancelable() {
            return Err(Error::NotCancelable);
        }
        let asked = match order.revoke(base.clock.now()) {
            Retry::Nudge => base.core.request_cancel(&order, &access.actor).await?,
            Retry::GoOn(revived) => base.core.go_on(&revived, &access.actor, true).await?,
            Retry::Again(_) | Retry::Never => return Err(Error::OrderEnded),
        };
        if asked == Asked::Yes {
            wake(&shop.queue, &order).await;
            return Ok(order);
        }
    }
    Err(Error::Busy)
}

/// Tries an order again. One that waits is tried at once; one that asked for a person
/// goes on where it stood; one that failed begins again, and reserves anew what it needs.
/// Nothing is bought for a workspace that may not act.
pub async fn retry(
    base: &Base,
    shop: &Shop,
    carriers: &Carriers,
    caller: &Caller,
    id: &OrderId,
) -> Result<Order> {
    for _ in 0..PLACE_TRIES {
        let (access, order, workspace) = enter(base, caller, id).await?;
        let retry = order.retry(base.clock.now());
        let buys = order.provision().is_some() && retry != Retry::Never;
        if buys && workspace.status != WorkspaceStatus::Active {
            return Err(OverLimit::NotActive.into());
        }
        let (next, asked) = match retry {
            Retry::Nudge => {
                let asked = base.core.nudge(&order, &access.actor).await?;
                (order, asked)
            }
            Retry::GoOn(next) => {
                let asked = base.core.go_on(&next, &access.actor, false).await?;
                (*next, asked)
            }
            Retry::Again(next) => {
                let asked = begin_again(base, shop, carriers, (&access, &workspace), &next).await?;
                (*next, asked)
            }
            Retry::Never => return Err(Error::NotRetryable),
        };
        if asked == Asked::Yes {
            wake(&shop.queue, &next).await;
            return Ok(next);
        }
    }
    Err(Error::Busy)
}

/// Lets an admin at an order of their workspace, and reads the workspace beside it.
async fn enter(base: &Base, caller: &Caller, id: &OrderId) -> Result<(Access, Order, Workspace)> {
    let wanted = [Wanted::Order(id), Wanted::Workspace];
    let (access, read) = Door(&base.core).enter(caller, &wanted).await?;
    let access = access.admin()?;
    let order = read.order(id)?.ok_or(Error::NotFound)?;
    Ok((access, order, read.workspace()?.ok_or(Error::NotFound)?))
}

/// Reserves for an order that failed what it gave back when it did.
async fn begin_again(
    base: &Base,
    shop: &Shop,
    carriers: &Carriers,
    (access, workspace): (&Access, &Workspace),
    order: &Order,
) -> Result<Asked> {
    if !shop.open {
        return Err(Error::PurchasesDisabled);
    }
    let price = order
        .provision()
        .map_or(shop.number_price, |work| work.price);
    let reservations = workspace.reserve(&order.id, price, base.clock.now())?;
    let wish = order.provision().map(|provision| &provision.wish);
    let claim = match wish {
        Some(Wish::Exact(e164)) => order.claim(e164),
        Some(Wish::Any(_)) | None => None,
    };
    // The order is its own key: it stands for one purchase at most, however often it is begun.
    let replay = Replay {
        key: order.id.as_str(),
        request_hash: "",
    };
    let placement = Placement {
        order,
        workspace,
        reservations: &reservations,
        claim: claim.as_ref(),
        replay,
    };
    match (
        base.core.place_again(&placement, &access.actor).await?,
        wish,
    ) {
        (Placed::Yes, _) => Ok(Asked::Yes),
        (Placed::Claimed, Some(wish)) => Err(taken(base, carriers, wish).await),
        (Placed::Claimed | Placed::Before(_) | Placed::Changed, _) => Ok(Asked::Changed),
    }
}
