//! Reading orders.

use crate::{
    domain::{OrderId, order::Order},
    store::{Core, Cursor, Listed, Wanted},
};

use super::{
    access::{Caller, Door},
    error::{Error, Result},
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
