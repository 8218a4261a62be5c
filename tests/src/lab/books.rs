//! What the tables say, read directly: the account that the promises are checked by.

use anyhow::{Context, Result};
use numberline::domain::{
    Claim, Consent, Message, Number, OrderId, Pair, SharedNumber, Stock, Subproject, Timestamp,
    Workspace, WorkspaceId,
    order::{Order, Work},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::tables::{CORE, MESSAGES, Tables};

/// Everything in Core and Messages, by kind.
#[derive(Debug, Default)]
pub struct Books {
    /// Orders.
    pub orders: Vec<Order>,
    /// Numbers' rows, released ones included.
    pub numbers: Vec<Number>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Stock.
    pub stock: Vec<Stock>,
    /// Shared numbers.
    pub shared: Vec<SharedNumber>,
    /// Workspaces.
    pub workspaces: Vec<Workspace>,
    /// Subprojects.
    pub subprojects: Vec<Subproject>,
    /// Messages.
    pub messages: Vec<Message>,
    /// Whom the messages of shared numbers belong to.
    pub pairs: Vec<Pair>,
    /// What customers said.
    pub consents: Vec<Consent>,
    /// How many texts were kept that are for nobody.
    pub strays: usize,
    wakes: Vec<Timestamp>,
}

type Item = Map<String, Value>;

impl Books {
    /// Reads the tables.
    pub fn read(tables: &Tables) -> Result<Self> {
        let mut books = Self::default();
        for item in tables.items(CORE)? {
            books.enter(&item)?;
        }
        for item in tables.items(MESSAGES)? {
            match text(&item, "sk") {
                "MESSAGE" => books.messages.push(body(&item)?),
                "PAIR" => books.pairs.push(body(&item)?),
                "CONSENT" => books.consents.push(body(&item)?),
                "STRAY" => books.strays += 1,
                _ => {}
            }
        }
        Ok(books)
    }

    fn enter(&mut self, item: &Item) -> Result<()> {
        let (pk, sk) = (text(item, "pk"), text(item, "sk"));
        let kind = sk.split('#').next().unwrap_or_default();
        match kind {
            "ORDER" => {
                self.orders.push(body(item)?);
                self.wakes
                    .extend(text(item, "wake_at").parse::<Timestamp>().ok());
            }
            "NUMBER" if pk == "STOCK" => self.stock.push(body(item)?),
            "NUMBER" if pk == "SHARED" => self.shared.push(body(item)?),
            "NUMBER" => self.numbers.push(body(item)?),
            "CLAIM" => self.claims.push(body(item)?),
            "WORKSPACE" => self.workspaces.push(body(item)?),
            "SUBPROJECT" => self.subprojects.push(body(item)?),
            _ => {}
        }
        Ok(())
    }

    /// Orders that have not ended.
    #[must_use]
    pub fn open_orders(&self) -> Vec<&Order> {
        let orders = self.orders.iter();
        orders.filter(|order| !order.status.is_final()).collect()
    }

    /// When the index has the next order as due.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.wakes.iter().min().copied()
    }

    /// The order called `id`.
    #[must_use]
    pub fn order(&self, id: &OrderId) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == *id)
    }

    /// A workspace's orders that were placed to get a number, those included that were
    /// canceled and give it back.
    pub fn orders_for_numbers<'b>(
        &'b self,
        workspace: &'b WorkspaceId,
    ) -> impl Iterator<Item = &'b Order> {
        self.orders.iter().filter(move |order| {
            let for_a_number = match &order.work {
                Work::Provision(_) => true,
                Work::GiveBack(give_back) => give_back.canceling,
                Work::Close(_) => false,
            };
            order.workspace() == Some(workspace) && for_a_number
        })
    }

    /// The number that an order brought.
    #[must_use]
    pub fn number_of(&self, order: &OrderId) -> Option<&Number> {
        self.numbers.iter().find(|number| number.order == *order)
    }
}

fn text<'i>(item: &'i Item, name: &str) -> &'i str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn body<T: DeserializeOwned>(item: &Item) -> Result<T> {
    let body = item.get("body").cloned().unwrap_or(Value::Null);
    serde_json::from_value(body)
        .with_context(|| format!("unreadable: {} {}", text(item, "pk"), text(item, "sk")))
}
