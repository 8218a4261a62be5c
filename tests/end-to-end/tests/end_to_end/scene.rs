//! Where a test takes place: the stack, and workspaces made for this test alone.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use numberline_end_to_end::{
    Client, Simulator, Stack, fresh_key, until,
    views::{Conversation, Number, Order},
};
use serde_json::{Value, json};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A test that disturbs the carrier, or compares its whole ledger, holds this for writing.
static CARRIER: RwLock<()> = RwLock::const_new(());

/// The area codes that are stocked, with the test that does it: what one test puts up for sale there, another would
/// take away.
static STOCKED: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// For what takes a second on a machine with nothing else to do.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// The stack during one test.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) stack: Stack,
    pub(crate) simulator: Simulator,
    _turn: Turn,
}

/// Held until the test ends.
#[derive(Debug)]
enum Turn {
    Beside {
        _others: RwLockReadGuard<'static, ()>,
    },
    Alone {
        _nobody: RwLockWriteGuard<'static, ()>,
    },
}

/// A workspace, and the product's backend acting in it.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) id: String,
    pub(crate) client: Client,
}

impl Scene {
    /// Beside other tests.
    pub(crate) async fn beside() -> Result<Self> {
        let turn = Turn::Beside {
            _others: CARRIER.read().await,
        };
        Self::at(turn)
    }

    /// While no other test does anything.
    pub(crate) async fn alone() -> Result<Self> {
        let turn = Turn::Alone {
            _nobody: CARRIER.write().await,
        };
        let scene = Self::at(turn)?;
        // A test that failed half-way has left some.
        scene.simulator.fail_no_more().await?;
        Ok(scene)
    }

    fn at(turn: Turn) -> Result<Self> {
        let stack = Stack::from_environment()?;
        Ok(Self {
            simulator: stack.simulator(),
            stack,
            _turn: turn,
        })
    }

    /// A new workspace without a number.
    pub(crate) async fn workspace(&self, plan: &str) -> Result<Home> {
        self.workspace_of(plan, None).await
    }

    /// A new workspace without a number, of which a person is the admin.
    pub(crate) async fn workspace_of(&self, plan: &str, admin: Option<&str>) -> Result<Home> {
        let mut wish = json!({"name": "Test", "plan": plan, "number": {"mode": "later"}});
        if let (Some(admin), Some(members)) = (admin, wish.as_object_mut()) {
            members.insert("admin".to_owned(), self.identity(admin)?);
        }
        let backend = self.stack.backend();
        let signed_up = backend.found(&wish).await?;
        ensure!(signed_up.order.is_none(), "a number was ordered unasked");
        Ok(Home {
            client: backend.workspace(&signed_up.workspace.id),
            id: signed_up.workspace.id,
        })
    }

    /// A person as the API names them.
    pub(crate) fn identity(&self, name: &str) -> Result<Value> {
        let issuer = &self.stack.description.identity.issuer;
        Ok(json!({"issuer": issuer, "subject": self.stack.user(name)?.sub}))
    }

    /// Leaves so many numbers for sale in an area code, which is this test's own.
    pub(crate) async fn stock(&self, area_code: &str, count: usize) -> Result<()> {
        let test = thread::current().name().unwrap_or_default().to_owned();
        let owner = {
            let mut stocked = STOCKED.lock().unwrap_or_else(PoisonError::into_inner);
            let entry = stocked.entry(area_code.to_owned());
            entry.or_insert_with(|| test.clone()).clone()
        };
        ensure!(owner == test, "area code {area_code} belongs to {owner}");
        self.simulator.stock(area_code, count).await
    }

    /// Numbers for sale in an area code that shall have so many.
    pub(crate) async fn shelf(
        &self,
        home: &Home,
        area_code: &str,
        count: u32,
    ) -> Result<Vec<String>> {
        self.stock(area_code, count.try_into()?).await?;
        let found = home.client.search(area_code, count).await?.items;
        ensure!(
            found.len() == usize::try_from(count)?,
            "{area_code} shows {} numbers instead of {count}",
            found.len()
        );
        Ok(found.into_iter().map(|found| found.number).collect())
    }

    /// A number of the workspace, bought like any other.
    pub(crate) async fn buy(&self, home: &Home, area_code: &str) -> Result<Number> {
        self.stock(area_code, 5).await?;
        let wish = json!({"areaCode": area_code});
        let order = home.client.provision(&fresh_key()?, &wish).await?;
        home.succeeded(&order.id).await?;
        home.client.number(&order.number_id).await
    }
}

impl Home {
    /// An order that ends well.
    pub(crate) async fn succeeded(&self, order: &str) -> Result<Order> {
        let order = self.client.ended(order, PATIENCE).await?;
        ensure!(
            order.status == "succeeded",
            "order {} ended as {}: {:?}",
            order.id,
            order.status,
            order.problem
        );
        Ok(order)
    }

    /// How many numbers it holds of its plan.
    pub(crate) async fn numbers_held(&self) -> Result<u32> {
        let workspace = self.client.workspace_named(&self.id).await?;
        Ok(workspace.numbers_held)
    }

    /// Its conversation with a customer, once it is listed.
    pub(crate) async fn conversation_with(&self, customer: &str) -> Result<Conversation> {
        until("a conversation is listed", PATIENCE, async || {
            let listed = self.client.conversations().await?.items;
            Ok(listed
                .into_iter()
                .find(|listed| listed.customer == customer))
        })
        .await
        .with_context(|| format!("with {customer}"))
    }
}
