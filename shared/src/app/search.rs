//! Looking for numbers.

use crate::{
    carrier::{self, AvailableNumber, NumberQuery},
    domain::AreaCode,
};

use super::{
    access::{Caller, Door},
    carriers::{Carriers, Platform},
    error::{Error, Result},
    limits,
};
use crate::store::Core;

/// What an order looks at when it chooses for itself.
const CANDIDATES: u8 = 20;

/// Numbers for sale in an area code, for a caller of a workspace.
pub async fn search(
    core: &Core,
    carriers: &Carriers,
    caller: &Caller,
    area_code: AreaCode,
    limit: u8,
) -> Result<Vec<AvailableNumber>> {
    Door(core).open(caller).await?;
    let platform = carriers.preferred().ok_or(Error::PurchasesDisabled)?;
    let query = NumberQuery {
        area_code,
        limit: limit.clamp(1, limits::SEARCH_MAX),
    };
    Ok(platform.search(&query).await?)
}

/// Numbers for sale in an area code, for an order.
pub(super) async fn for_sale(
    platform: &Platform,
    area_code: AreaCode,
) -> carrier::Result<Vec<AvailableNumber>> {
    let query = NumberQuery {
        area_code,
        limit: CANDIDATES,
    };
    platform.search(&query).await
}
