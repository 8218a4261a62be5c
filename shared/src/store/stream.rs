//! Records of the streams of Core and Messages: what they say has changed.
//!
//! An item is told by its key. Kinds that are on no record are passed over, and so are
//! attributes that are not known here.

use serde::de::DeserializeOwned;
use serde_dynamo::aws_sdk_dynamodb_1::from_attribute_value;

use super::{
    error::{Error, Result},
    item::{Item, body, text},
    keys::{DEPARTURE, MEMBER, MESSAGE, NUMBER, ORDER, SHARED, STOCK},
};
use crate::domain::{
    Actor, ChangeId, Timestamp,
    audit::{Change, Changed, OrderVersions, Versions},
    digest::digest,
};

/// A record of a stream.
#[derive(Clone, Debug, Default)]
pub struct StreamRecord {
    /// The stream it is of.
    pub stream: String,
    /// Its place there: with stream and key it is told from every other.
    pub sequence: String,
    /// When the item changed, to the second.
    pub at: Timestamp,
    /// The item as it was; empty if it is new.
    pub before: Item,
    /// The item as it is; empty if it is gone.
    pub after: Item,
}

impl StreamRecord {
    /// The change it tells of, if that may belong on a record.
    pub fn change(&self) -> Result<Option<Change>> {
        let known = if self.after.is_empty() {
            &self.before
        } else {
            &self.after
        };
        let (Some(pk), Some(sk)) = (text(known, "pk"), text(known, "sk")) else {
            return Err(Error::corrupt("stream record", "no key"));
        };
        let what = self.changed(pk, sk)?;
        let name = digest(&["change", &self.stream, pk, sk, &self.sequence]);
        Ok(what.map(|what| Change {
            id: ChangeId::derived(name),
            at: self.at,
            what,
        }))
    }

    fn changed(&self, pk: &str, sk: &str) -> Result<Option<Changed>> {
        let of_workspace = pk.starts_with("WS#");
        let of_stock = pk == STOCK;
        Ok(Some(match kind(sk) {
            "WORKSPACE" => Changed::Workspace(self.versions("workspace")?),
            MEMBER if of_workspace => Changed::Member(self.versions("member")?),
            DEPARTURE if !self.after.is_empty() => {
                Changed::Departure(body("departure", &self.after)?)
            }
            NUMBER if of_workspace => Changed::Number(self.versions("number")?),
            NUMBER if of_stock => Changed::Stock(self.versions("stock")?),
            NUMBER if pk == SHARED => Changed::SharedNumber(self.versions("shared number")?),
            ORDER => Changed::Order(self.order()?),
            MESSAGE => Changed::Message(self.versions("message")?),
            _ => return Ok(None),
        }))
    }

    fn versions<T: DeserializeOwned>(&self, what: &'static str) -> Result<Versions<T>> {
        let read = |item: &Item| {
            let there = Some(item).filter(|item| !item.is_empty());
            there.map(|item| body(what, item).map(Box::new)).transpose()
        };
        Ok(Versions {
            before: read(&self.before)?,
            after: read(&self.after)?,
        })
    }

    /// What people want of an order stands beside it, in attributes of its item.
    fn order(&self) -> Result<OrderVersions> {
        const REQUESTED: &str = "cancel_requested_at";
        let requested = |item: &Item| item.contains_key(REQUESTED);
        let by = self.after.get("changed_by").cloned();
        let by: Option<Actor> = by
            .map(from_attribute_value)
            .transpose()
            .map_err(|error| Error::corrupt("order", error))?;
        Ok(OrderVersions {
            order: self.versions("order")?,
            cancel_requested: requested(&self.after) && !requested(&self.before),
            by,
        })
    }
}

/// `NUMBER#` of `NUMBER#num_…`, and `WORKSPACE` of itself.
fn kind(sk: &str) -> &str {
    sk.find('#').and_then(|end| sk.get(..=end)).unwrap_or(sk)
}
