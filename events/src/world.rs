//! The cast in its tables, written by the stores' own operations.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use numberline::{
    app::{
        advance::{Left, advance},
        shared_numbers::lend,
    },
    carrier::{CreatedSubproject, Credentials, WebhookKey},
    domain::{
        AttemptId, LeaseId, Message, NumberStatus, Plan, Role, WorkspaceId,
        order::{Change, Order, OrderStatus, Owner, ProvisionStep, Trouble, TroubleCode, Work},
        pace::Rate,
    },
    store::{Founding, Inserted, Kept, OrderKey, Placed, Placement, Replay, Saved, Taken},
};
use numberline_simulator::{Carrier, Fault, Mode, Operation, Target};
use numberline_tests::{
    lab::{Books, CORE, LEDGER, Lab, MESSAGES, Setup, VAULT, caller},
    seam::{Outcome, Strike},
};

use crate::{
    cast::{self, Person},
    samples::{self, ago, days_ago},
};

/// A laboratory with the cast in it.
#[derive(Debug)]
pub struct World {
    /// The laboratory.
    pub lab: Arc<Lab>,
}

impl World {
    /// The world as it is before an event.
    pub async fn new() -> Result<Self> {
        Self::set_up(Setup::default()).await
    }

    /// The same, set up otherwise than usual.
    pub async fn set_up(setup: Setup) -> Result<Self> {
        let owned = &[cast::SHARED];
        let world = Self {
            lab: Lab::new(&Setup { owned, ..setup })?,
        };
        world.people().await?;
        world.account().await?;
        world.numbers().await?;
        world.orders().await?;
        world.conversation().await?;
        Ok(world)
    }

    /// The world in which Tiny Studio's order has been worked: it has a number.
    pub async fn with_a_number() -> Result<Self> {
        let world = Self::new().await?;
        world.work_the_studios_order().await?;
        Ok(world)
    }

    /// Works Tiny Studio's order to its end: it has a number.
    pub async fn work_the_studios_order(&self) -> Result<()> {
        let place = OrderKey {
            owner: Owner::Workspace(cast::studio()),
            order: cast::order(8),
        };
        let now = self.lab.clock.time();
        let deadline = now.plus(self.lab.figures.worker_timeout);
        let left = advance(&self.lab.worker(), &place, deadline).await?;
        ensure!(left == Left::Ended(OrderStatus::Succeeded), "{left:?}");
        Ok(())
    }

    /// The world in which the platform's number is lent.
    pub async fn with_a_shared_number() -> Result<Self> {
        let world = Self::new().await?;
        world.lend_the_platforms_number().await?;
        Ok(world)
    }

    /// The world in which others have the carrier's time for so long.
    pub async fn with_a_line_of(line: Duration) -> Result<Self> {
        let rate = Rate::new(5)?;
        let rated = Setup {
            rate: Some(rate),
            ..Setup::default()
        };
        let world = Self::set_up(rated).await?;
        let calls = rate.per_second() * u32::try_from(line.as_secs())?;
        let (core, carrier) = (world.lab.core(), cast::carrier());
        core.take_slot(&carrier, rate, calls, line).await?;
        Ok(world)
    }

    /// Lends the platform's number to who has none.
    pub async fn lend_the_platforms_number(&self) -> Result<()> {
        let mut backend = caller(cast::BACKEND.subject);
        backend.service = true;
        lend(&self.lab.lender(), &backend, &cast::SHARED.parse()?).await?;
        Ok(())
    }

    /// From now on the carrier answers `operation` so.
    pub fn at_the_carrier(&self, operation: Operation, mode: Mode) {
        self.lab.simulator.arrange(Fault {
            carrier: Carrier::SignalWire,
            operation: Target::Only(operation),
            mode,
            count: u32::MAX,
            skip: 0,
            percent: None,
            number: None,
        });
    }

    /// The next call, to a table or to whatever else, is refused.
    pub fn refuse_the_next_call(&self) {
        self.lab.seam.record(Some(Strike {
            point: self.lab.seam.points().len(),
            outcome: Outcome::Refused,
        }));
    }

    /// Everything in every table, in the queue and at the carrier: what a refused
    /// request leaves as it was. A count of no texts is as good as none.
    pub fn everything(&self) -> Result<String> {
        let mut all = Vec::new();
        for table in [CORE, MESSAGES, VAULT, LEDGER] {
            let mut items = self.lab.tables.items(table)?;
            items.retain(|item| item["sk"] != "TEXTS" || item["segments"] != 0);
            all.push(serde_json::to_string(&items)?);
        }
        all.extend(self.lab.queue.bodies());
        // What was asked there, as opposed to what was done, is nobody's loss.
        let ledger = self.lab.simulator.ledger().entries;
        all.push(serde_json::to_string(&ledger)?);
        all.push(serde_json::to_string(&self.lab.simulator.inventory())?);
        Ok(all.join("\n"))
    }

    /// Every message that is written down.
    pub fn messages(&self) -> Result<Vec<Message>> {
        Ok(Books::read(&self.lab.tables)?.messages)
    }

    /// Writes down what the customer wrote as the carrier's message `…n`, which is
    /// what comes before the stream tells of it.
    pub async fn write_received(&self, n: u8, body: &str) -> Result<()> {
        let message = samples::written(n, body)?;
        let inserted = self.lab.messages().insert(&message).await?;
        ensure!(matches!(inserted, Inserted::Yes), "{body} is not new");
        Ok(())
    }

    /// Writes down two calls to the number called `num_…01`: one that went on and ended,
    /// and one that rings.
    pub async fn write_calls(&self) -> Result<()> {
        let messages = self.lab.messages();
        let (ended, ringing) = (samples::call(1)?, samples::call(2)?);
        for call in [&ended, &ringing] {
            let answer = call.answer.as_ref().context("an answered call")?;
            messages.call_began(&call.parties, call.at, answer).await?;
        }
        let end = ended.end.context("a call that has ended")?;
        messages.call_ended(&ended.parties, ended.at, end).await?;
        Ok(())
    }

    /// Puts three things that were done on Harbor Dental's record, which is what comes
    /// before it is read.
    pub async fn write_record(&self) -> Result<()> {
        for entry in samples::recorded()? {
            let kept = self.lab.ledger().append(&entry).await?;
            ensure!(kept == Kept::Now, "{} is not new", entry.id);
        }
        Ok(())
    }

    async fn people(&self) -> Result<()> {
        let workspaces = [
            (cast::harbor(), "Harbor Dental", Plan::Enterprise, cast::ADA),
            (cast::bakery(), "Corner Bakery", Plan::Pro, cast::EVE),
            (cast::studio(), "Tiny Studio", Plan::Pro, cast::TOM),
            (cast::florist(), "Pocket Florist", Plan::Starter, cast::FAY),
        ];
        let core = self.lab.core();
        for (id, name, plan, admin) in workspaces {
            let founding = Founding {
                workspace: &samples::workspace(&id, name, plan),
                admin: Some(&samples::member(&id, admin, Role::Admin)),
                founded_max: Some(1),
            };
            core.found(&founding).await?;
        }
        let joins: [(WorkspaceId, Person); 3] = [
            (cast::harbor(), cast::BEN),
            (cast::harbor(), cast::MIA),
            (cast::bakery(), cast::MIA),
        ];
        for (workspace, person) in joins {
            let member = samples::member(&workspace, person, Role::Member);
            ensure!(core.add_member(&member).await?, "{person:?} did not join");
        }
        Ok(())
    }

    async fn account(&self) -> Result<()> {
        let (core, vault) = (self.lab.core(), self.lab.vault());
        let (workspace, carrier) = (cast::harbor(), cast::carrier());
        let attempt = AttemptId::derived(1);
        let lease = Duration::from_mins(1);
        core.begin_subproject(&workspace, &carrier, &attempt, None, lease)
            .await?;
        let created = CreatedSubproject {
            account: cast::account(),
            credentials: Credentials::new(cast::API_TOKEN),
            webhook_key: WebhookKey::new(cast::SIGNING_KEY),
        };
        let token = cast::webhook_token();
        let place = (&workspace, &carrier);
        core.open_subproject(&vault, place, &attempt, &created, &token)
            .await?;
        Ok(())
    }

    /// One number that has long been active, one that the carrier still holds on
    /// to, and one that is just being wired.
    async fn numbers(&self) -> Result<()> {
        let mut front_desk = samples::number(1, NumberStatus::Active, days_ago(20))?;
        front_desk.label = Some("Front desk".to_owned());
        let recent = samples::number(2, NumberStatus::Active, days_ago(2))?;
        let coming = samples::number(3, NumberStatus::Provisioning, ago(2))?;
        let orders = [
            samples::succeeded(1, days_ago(20))?,
            samples::succeeded(2, days_ago(2))?,
            samples::bought(3, ProvisionStep::Configure, ago(2))?,
        ];
        for (number, order) in [front_desk, recent, coming].into_iter().zip(orders) {
            let bind = Change::BindClaim {
                e164: number.e164.clone(),
                order: order.id.clone(),
                number: number.id.clone(),
                account: number.account.clone(),
            };
            let changes = [bind, Change::AddNumber(Box::new(number))];
            self.file(&order, &changes).await?;
        }
        Ok(())
    }

    /// An order that ended badly, and one that is still to be worked.
    async fn orders(&self) -> Result<()> {
        let mut failed = samples::bought(4, ProvisionStep::Purchase, days_ago(1))?;
        failed.status = OrderStatus::Failed;
        failed.wake_at = None;
        failed.done.truncate(1);
        failed.trouble = Some(Trouble {
            code: TroubleCode::NumberUnavailable,
            since: days_ago(1),
        });
        let Work::Provision(provision) = &mut failed.work else {
            anyhow::bail!("a provisioning order");
        };
        provision.owned = None;
        provision.alternatives = vec!["+15125550124".parse()?];
        let candidate = provision.candidate.take();
        let freed = [
            Change::FreeClaim {
                e164: candidate.context("a claimed number")?,
                order: failed.id.clone(),
            },
            Change::FreeReservation {
                workspace: cast::harbor(),
                order: failed.id.clone(),
                purchased: false,
            },
        ];
        self.file(&failed, &freed).await?;
        self.place(&samples::order(8, &cast::studio(), ago(1))?)
            .await
    }

    async fn conversation(&self) -> Result<()> {
        let (messages, threads) = (self.lab.messages(), self.lab.threads());
        for message in [samples::received()?, samples::sent()?] {
            let inserted = messages.insert(&message).await?;
            ensure!(matches!(inserted, Inserted::Yes), "a message is not new");
            threads.count(&message).await?;
            threads.advance(&message).await?;
        }
        Ok(())
    }

    /// Places an order and brings it, with what goes with it, to where it is.
    async fn file(&self, order: &Order, changes: &[Change]) -> Result<()> {
        let mut open = order.clone();
        open.wake_at = Some(order.created_at);
        self.place(&open).await?;
        let core = self.lab.core();
        let place = OrderKey {
            owner: order.owner.clone(),
            order: order.id.clone(),
        };
        let until = self.lab.clock.time().plus(Duration::from_mins(1));
        let taken = core.take_order(&place, LeaseId::derived(1), until).await?;
        let Taken::Held { lease, .. } = taken else {
            anyhow::bail!("{} is not there to be taken", order.id);
        };
        let saved = core.save_order(&lease, order, changes, false).await?;
        ensure!(matches!(saved, Saved::Yes(_)), "{} {saved:?}", order.id);
        Ok(())
    }

    async fn place(&self, order: &Order) -> Result<()> {
        let core = self.lab.core();
        let workspace = order.workspace().context("an order of a workspace")?;
        let workspace = core.workspace(workspace).await?.context("founded before")?;
        let reservations = workspace.reserve(&order.id, samples::PRICE, order.created_at)?;
        let candidate = order.provision().and_then(|work| work.candidate.as_ref());
        let claim = candidate.and_then(|e164| order.claim(e164));
        let placement = Placement {
            order,
            workspace: &workspace,
            reservations: &reservations,
            claim: claim.as_ref(),
            replay: Replay {
                key: order.id.as_str(),
                request_hash: "events",
            },
        };
        let placed = core.place_order(&placement).await?;
        ensure!(matches!(placed, Placed::Yes), "{} {placed:?}", order.id);
        Ok(())
    }
}
