//! Reading calls.

use crate::{
    domain::Call,
    store::{Core, Listed, Messages, Window},
};

use super::{
    access::{Caller, Door},
    error::Result,
};

/// One page of the workspace's calls, by when they began.
pub async fn calls(
    core: &Core,
    messages: &Messages,
    caller: &Caller,
    window: Window<'_>,
) -> Result<Listed<Call>> {
    let access = Door(core).open(caller).await?;
    Ok(messages.calls(&access.workspace, window).await?)
}
