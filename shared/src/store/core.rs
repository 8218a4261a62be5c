//! The Core table: reads that several rooms share.

use std::{collections::HashMap, fmt, sync::Arc};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes},
};

use super::{
    cursor::{Cursor, Listed},
    error::{Error, Result},
    item::{Item, body, s, text},
    keys::Key,
    text_counts::text_count,
};
use crate::{
    chance::Chance,
    clock::Clock,
    domain::{
        Claim, E164, Member, MemberId, Number, NumberId, OrderId, TextCount, Workspace,
        WorkspaceId,
        order::{Order, Owner},
    },
};

/// Asks for what a batch left over at most this often.
const BATCH_ROUNDS: u32 = 5;

/// Items that one batch reads.
const BATCH_MAX: usize = 100;

/// The Core table.
#[derive(Clone)]
pub struct Core {
    pub(super) client: Client,
    pub(super) table: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) chance: Arc<dyn Chance>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

/// Things of one workspace, read together in one round trip.
#[derive(Debug)]
pub struct Fetched {
    workspace: WorkspaceId,
    items: HashMap<Key, Item>,
}

impl Core {
    /// The table called `table`.
    #[must_use]
    pub fn new(
        client: Client,
        table: impl Into<String>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Self {
        Self {
            client,
            table: table.into(),
            clock,
            chance,
        }
    }

    /// Reads things of a workspace in one round trip.
    pub async fn fetch(&self, workspace: &WorkspaceId, wanted: &[Wanted<'_>]) -> Result<Fetched> {
        let keys = wanted.iter().map(|wanted| wanted.key(workspace)).collect();
        let items = self.batch_get(keys).await?;
        Ok(Fetched {
            workspace: workspace.clone(),
            items,
        })
    }

    /// Reads several workspaces, a hundred in one round trip; those that do not exist are
    /// left out.
    pub async fn workspaces(&self, ids: &[&WorkspaceId]) -> Result<Vec<Workspace>> {
        let mut workspaces = Vec::new();
        for some in ids.chunks(BATCH_MAX) {
            let keys = some.iter().map(|id| Key::workspace(id)).collect();
            let items = self.batch_get(keys).await?;
            let found = some.iter().filter_map(|id| items.get(&Key::workspace(id)));
            for item in found {
                workspaces.push(body("workspace", item)?);
            }
        }
        Ok(workspaces)
    }

    async fn batch_get(&self, keys: Vec<Key>) -> Result<HashMap<Key, Item>> {
        batch_get(&self.client, &self.table, self.clock.as_ref(), &keys).await
    }

    pub(super) async fn get(&self, key: &Key) -> Result<Option<Item>> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        Ok(answer.item)
    }

    /// The claim on `e164`, if anybody has one.
    pub async fn claim(&self, e164: &E164) -> Result<Option<Claim>> {
        let item = self.get(&Key::claim(e164)).await?;
        item.as_ref().map(|item| body("claim", item)).transpose()
    }

    /// One page of a partition's items whose sort keys begin with `prefix`.
    pub(super) async fn list(
        &self,
        partition: String,
        prefix: &str,
        page: Paging<'_>,
    ) -> Result<Listed<Item>> {
        let from = match page.cursor {
            Some(cursor) => {
                let [sk] = cursor.place(prefix)?;
                let sk = format!("{prefix}{sk}");
                let pk = partition.clone();
                Some(Key { pk, sk }.attributes())
            }
            None => None,
        };
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .expression_attribute_values(":prefix", s(prefix))
            .consistent_read(true)
            .scan_index_forward(page.oldest_first)
            .limit(page.limit)
            .set_exclusive_start_key(from)
            .send()
            .await
            .map_err(|error| Error::unavailable("Query", &error))?;
        let next = answer.last_evaluated_key.as_ref().and_then(|key| {
            let sk = text(key, "sk")?.strip_prefix(prefix)?;
            Some(Cursor::new(prefix, vec![sk.to_owned()]))
        });
        Ok(Listed {
            items: answer.items.unwrap_or_default(),
            next,
            latest: None,
        })
    }
}

/// The items at `keys` of a table, at most a hundred; those that do not exist are left
/// out.
pub(super) async fn batch_get(
    client: &Client,
    table: &str,
    clock: &dyn Clock,
    keys: &[Key],
) -> Result<HashMap<Key, Item>> {
    let mut found = HashMap::new();
    let mut open: Vec<Item> = keys.iter().map(Key::attributes).collect();
    for round in 0..BATCH_ROUNDS {
        if open.is_empty() {
            return Ok(found);
        }
        if round > 0 {
            clock.sleep(super::transaction::pause(round)).await;
        }
        let request = KeysAndAttributes::builder()
            .set_keys(Some(std::mem::take(&mut open)))
            .consistent_read(true)
            .build()
            .map_err(|error| Error::corrupt("batch", error))?;
        let answer = client
            .batch_get_item()
            .request_items(table, request)
            .send()
            .await
            .map_err(|error| Error::unavailable("BatchGetItem", &error))?;
        for item in answer.responses.unwrap_or_default().into_values().flatten() {
            if let (Some(pk), Some(sk)) = (text(&item, "pk"), text(&item, "sk")) {
                found.insert(
                    Key {
                        pk: pk.to_owned(),
                        sk: sk.to_owned(),
                    },
                    item,
                );
            }
        }
        let left = answer.unprocessed_keys.unwrap_or_default().into_values();
        open = left.flat_map(|keys| keys.keys).collect();
    }
    if open.is_empty() {
        return Ok(found);
    }
    Err(Error::Contended {
        operation: "BatchGetItem",
        tries: BATCH_ROUNDS,
    })
}

/// How a list is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging<'a> {
    pub(super) cursor: Option<&'a Cursor>,
    pub(super) limit: i32,
    pub(super) oldest_first: bool,
}

/// One thing of a workspace to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// The workspace itself.
    Workspace,
    /// A member.
    Member(&'a MemberId),
    /// An order.
    Order(&'a OrderId),
    /// A number.
    Number(&'a NumberId),
    /// What an idempotency key was used for.
    IdempotencyKey(&'a str),
    /// How much it sent lately.
    TextCount,
    /// Whom a number belongs to, whoever that is.
    Claim(&'a E164),
}

impl Wanted<'_> {
    fn key(self, workspace: &WorkspaceId) -> Key {
        match self {
            Self::Workspace => Key::workspace(workspace),
            Self::Member(member) => Key::member(workspace, member),
            Self::Order(order) => Key::order(&Owner::Workspace(workspace.clone()), order),
            Self::Number(number) => Key::number(workspace, number),
            Self::IdempotencyKey(key) => Key::idempotency(workspace, key),
            Self::TextCount => Key::text_count(workspace),
            Self::Claim(e164) => Key::claim(e164),
        }
    }
}

impl Fetched {
    fn read<T: serde::de::DeserializeOwned>(
        &self,
        what: &'static str,
        wanted: Wanted<'_>,
    ) -> Result<Option<T>> {
        let key = wanted.key(&self.workspace);
        self.items
            .get(&key)
            .map(|item| body(what, item))
            .transpose()
    }

    /// The workspace, if it was asked for and exists.
    pub fn workspace(&self) -> Result<Option<Workspace>> {
        self.read("workspace", Wanted::Workspace)
    }

    /// The member, likewise.
    pub fn member(&self, member: &MemberId) -> Result<Option<Member>> {
        self.read("member", Wanted::Member(member))
    }

    /// The order, likewise.
    pub fn order(&self, order: &OrderId) -> Result<Option<Order>> {
        self.read("order", Wanted::Order(order))
    }

    /// The number, likewise.
    pub fn number(&self, number: &NumberId) -> Result<Option<Number>> {
        self.read("number", Wanted::Number(number))
    }

    /// How much the workspace sent lately, likewise; nothing if it never sent a text.
    pub fn text_count(&self) -> Result<Option<TextCount>> {
        let item = self.items.get(&Wanted::TextCount.key(&self.workspace));
        item.map(text_count).transpose()
    }

    /// Whom a number belongs to, likewise.
    pub fn claim(&self, e164: &E164) -> Result<Option<Claim>> {
        self.read("claim", Wanted::Claim(e164))
    }

    /// What the idempotency key was used for, likewise.
    pub fn key_use(&self, key: &str) -> Result<Option<super::KeyUse>> {
        self.read("idempotency key", Wanted::IdempotencyKey(key))
    }
}
