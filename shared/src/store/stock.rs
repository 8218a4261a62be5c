//! Numbers in stock.

use super::{
    core::{Core, Paging},
    error::{Error, Result},
    item::body,
    keys::{NUMBER, STOCK},
};
use crate::domain::{Stock, WorkspaceId};

/// Pages of the stock that are read at most: fifty thousand numbers.
const PAGES_MAX: u32 = 500;

impl Core {
    /// The numbers in stock that were a workspace's. A list that is cut off is an error:
    /// what it does not show may be theirs.
    pub async fn stock_of(&self, former: &WorkspaceId) -> Result<Vec<Stock>> {
        let mut found = Vec::new();
        let mut cursor = None;
        for _ in 0..PAGES_MAX {
            let page = Paging {
                cursor: cursor.as_ref(),
                limit: 100,
                oldest_first: true,
            };
            let listed = self.list(STOCK.to_owned(), NUMBER, page).await?;
            let listed = listed.try_map(|item| body::<Stock>("stock", item))?;
            let theirs = listed.items.into_iter();
            found.extend(theirs.filter(|stock| stock.former == *former));
            cursor = listed.next;
            if cursor.is_none() {
                return Ok(found);
            }
        }
        Err(Error::TooLong { what: "stock" })
    }
}
