//! Reading the record, and seeing whether anybody has been at it.

use crate::{
    domain::{audit::Sealed, order::Owner},
    store::{Core, Cursor, Ledger, Listed, Walked},
};

use super::{
    access::{Caller, Door},
    error::Result,
};

/// Entries one request walks along. They are read in one page of a megabyte.
const WALK_MAX: u32 = 500;

/// One page of the record of the caller's workspace, the newest first. For admins:
/// it says who did what from where.
pub async fn entries(
    core: &Core,
    ledger: &Ledger,
    caller: &Caller,
    cursor: Option<&Cursor>,
    limit: u8,
) -> Result<Listed<Sealed>> {
    let access = Door(core).open(caller).await?.admin()?;
    let owner = Owner::Workspace(access.workspace);
    Ok(ledger.entries(&owner, cursor, limit).await?)
}

/// Walks along the record of the caller's workspace, from its beginning or from where
/// another walk ended.
pub async fn verify(
    core: &Core,
    ledger: &Ledger,
    caller: &Caller,
    from: Option<&Cursor>,
) -> Result<Walked> {
    let access = Door(core).open(caller).await?.admin()?;
    let owner = Owner::Workspace(access.workspace);
    Ok(ledger.walk(&owner, from, WALK_MAX).await?)
}
