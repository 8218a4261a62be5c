//! The laboratory: a whole Numberline in one process.
//!
//! The real use cases and stores run over the real SDK clients and the real
//! adapter; behind the [`seam`](crate::seam) stand a DynamoDB in memory, a queue,
//! a key service and the carrier simulator. Time is virtual and chance is seeded,
//! so a world that is set up alike runs alike, call by call.

mod books;
mod chance;
mod clients;
mod clock;
mod figures;
mod keys;
pub(crate) mod kms;
mod lambda;
mod outside;
mod people;
mod queue;
pub(crate) mod sqs;
mod tables;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Result;
use numberline::{
    app::{
        Accounts, Base, Carriers, Platform,
        advance::Worker,
        inbound::{Known, Mailroom},
        provision::Shop,
        send::Post,
    },
    carrier::{
        Account, Carrier, Credentials,
        signalwire::{Config, Placement, SignalWire},
    },
    chance::Chance,
    clock::Clock,
    domain::{AccountId, order::Mutant},
    queue::OrderQueue,
    store::{Core, Messages, Threads, Vault},
};
use numberline_simulator::{Clock as SimulatorClock, Collecting, Settings, Simulator};

pub use books::Books;
pub use chance::SeededChance;
pub use clock::VirtualClock;
pub use figures::Figures;
pub use keys::{Context, Keys};
pub use lambda::{Lambda, Rest};
pub use outside::{Webhook, borrowed};
pub use people::{Answered, Ask, Patient, Tenant, caller, sign_up_as};
pub use queue::{Queue, Received};
pub use tables::{Answer, CORE, LEDGER, MESSAGES, Tables, VAULT};

use clients::Clients;

use crate::seam::{Again, Aws, Seam, SeamTransport, Services};

/// Where carriers are told to post to.
pub const WEBHOOK_BASE: &str = "https://hooks.numberline.example";

/// How a world is set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setup {
    /// Decides every identifier.
    pub seed: u64,
    /// In which account numbers are bought.
    pub placement: Placement,
    /// How long a purchase is missing from the carrier's lists.
    pub settle_delay: Duration,
    /// A rule that is broken on purpose.
    pub mutant: Option<Mutant>,
}

/// A world.
pub struct Lab {
    /// Everybody's time.
    pub clock: VirtualClock,
    /// Where every call passes through.
    pub seam: Arc<Seam>,
    /// The tables, for looking without passing through the seam.
    pub tables: Tables,
    /// The order queue.
    pub queue: Arc<Queue>,
    /// The key service.
    pub keys: Arc<Keys>,
    /// The carrier.
    pub simulator: Simulator,
    /// What the template says about functions and queue.
    pub figures: Figures,
    chance: Arc<dyn Chance>,
    clients: Clients,
    services: Arc<Services>,
    carrier: Arc<dyn Carrier>,
    carriers: Carriers,
    webhooks: Arc<Collecting>,
    warm: Mutex<Option<Worker>>,
    late: Mutex<Vec<Again>>,
}

impl fmt::Debug for Lab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lab")
    }
}

impl Lab {
    /// A new world.
    pub fn new(setup: &Setup) -> Result<Arc<Self>> {
        let clock = VirtualClock::default();
        let seam = Arc::new(Seam::new(clock.clone()));
        let figures = Figures::of_template()?;
        let tables = Tables::new()?;
        let queue = Arc::new(Queue::new(figures.visibility, figures.received_max));
        let keys = Arc::new(Keys::default());
        let services = Arc::new(Services {
            tables: tables.clone(),
            queue: Arc::clone(&queue),
            keys: Arc::clone(&keys),
            clock: clock.clone(),
        });
        let clients = Clients::new(Aws::new(Arc::clone(&seam), Arc::clone(&services)), &clock);
        let webhooks = Arc::new(Collecting::default());
        let settings = settings(setup, &clock);
        let platform = Account {
            id: AccountId::new(&settings.project_id),
            credentials: Credentials::new(settings.api_token.expose()),
        };
        let simulator = Simulator::with_delivery(settings, Arc::<Collecting>::clone(&webhooks));
        let transport = SeamTransport::new(Arc::clone(&seam), simulator.clone(), clock.clone());
        let mut config = Config::new("http://127.0.0.1/signalwire", &platform.id)?;
        config.placement = setup.placement;
        let carrier: Arc<dyn Carrier> = Arc::new(SignalWire::new(config, Arc::new(transport)));
        let mut platform = Platform::new(Arc::clone(&carrier), platform);
        platform.mutant = setup.mutant;
        Ok(Arc::new(Self {
            clock,
            seam,
            tables,
            queue,
            keys,
            simulator,
            figures,
            chance: Arc::new(SeededChance::new(setup.seed)),
            clients,
            services,
            carrier,
            carriers: Carriers::new(vec![platform]),
            webhooks,
            warm: Mutex::default(),
            late: Mutex::default(),
        }))
    }

    /// The time, as the use cases take it.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    /// What AWS answers to a request that does not pass through the seam, given by its
    /// `x-amz-target` and its body; nothing for a service that is not here.
    #[must_use]
    pub fn aws(&self, target: &str, body: &[u8]) -> Option<Answer> {
        self.services.answer_to(target, body)
    }

    /// The carriers.
    #[must_use]
    pub const fn carriers(&self) -> &Carriers {
        &self.carriers
    }

    /// The Core table.
    #[must_use]
    pub fn core(&self) -> Core {
        let client = self.clients.dynamo.clone();
        Core::new(client, CORE, self.clock(), Arc::clone(&self.chance))
    }

    /// The Messages table.
    #[must_use]
    pub fn messages(&self) -> Messages {
        let client = self.clients.dynamo.clone();
        Messages::new(client, MESSAGES, Arc::clone(&self.chance))
    }

    /// The writer of conversations' heads.
    #[must_use]
    pub fn threads(&self) -> Threads {
        Threads::new(self.messages())
    }

    /// The Vault.
    #[must_use]
    pub fn vault(&self) -> Vault {
        let Clients { dynamo, kms, .. } = &self.clients;
        Vault::new(dynamo.clone(), kms.clone(), VAULT, "vault-key")
    }

    /// What nearly every use case needs.
    #[must_use]
    pub fn base(&self) -> Base {
        Base {
            core: self.core(),
            clock: self.clock(),
            chance: Arc::clone(&self.chance),
        }
    }

    /// The queue as functions send to it.
    #[must_use]
    pub fn order_queue(&self) -> OrderQueue {
        OrderQueue::new(self.clients.sqs.clone(), "https://sqs.lab/orders")
    }

    /// Where orders are placed.
    #[must_use]
    pub fn shop(&self) -> Shop {
        let carrier = &self.carrier;
        Shop {
            open: true,
            carrier: carrier.id(),
            number_price: carrier.capabilities().number_price,
            queue: self.order_queue(),
        }
    }

    /// A worker with nothing in its memory.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker {
            core: self.core(),
            accounts: Accounts::new(self.vault(), self.clock()),
            queue: self.order_queue(),
            carriers: self.carriers.clone(),
            clock: self.clock(),
            chance: Arc::clone(&self.chance),
            webhook_base: WEBHOOK_BASE.to_owned(),
            purchases_open: true,
        }
    }

    /// A mailroom with nothing in its memory.
    #[must_use]
    pub fn mailroom(&self) -> Mailroom {
        Mailroom {
            core: self.core(),
            messages: self.messages(),
            vault: self.vault(),
            carriers: vec![Arc::clone(&self.carrier)],
            clock: self.clock(),
            known: Known::default(),
        }
    }

    /// What sends texts, with nothing in its memory.
    #[must_use]
    pub fn post(&self) -> Post {
        Post {
            messages: self.messages(),
            accounts: Accounts::new(self.vault(), self.clock()),
            carriers: vec![Arc::clone(&self.carrier)],
            webhook_base: WEBHOOK_BASE.to_owned(),
        }
    }
}

fn settings(setup: &Setup, clock: &VirtualClock) -> Settings {
    let mut settings = Settings {
        clock: SimulatorClock::Standing {
            at: clock.simulated(),
        },
        ..Settings::default()
    };
    let delay = setup.settle_delay.as_millis();
    settings.rules.settle_delay_ms = u64::try_from(delay).unwrap_or(u64::MAX);
    settings
}
