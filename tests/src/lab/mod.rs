//! The laboratory: a whole Numberline in one process.
//!
//! The real use cases and stores run over the real SDK clients and the real
//! adapter; behind the [`seam`](crate::seam) stand a DynamoDB in memory, a queue,
//! a key service and the carrier simulator. Time is virtual and chance is seeded,
//! so a world that is set up alike runs alike, call by call.

mod books;
pub(crate) mod bus;
mod chance;
mod clients;
mod clock;
mod crew;
mod figures;
mod holdings;
mod keys;
pub(crate) mod kms;
mod lambda;
mod market;
mod outside;
mod people;
mod platform;
mod postman;
mod queue;
mod rotation;
mod setup;
pub(crate) mod sqs;
mod streams;
mod tables;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Result;
use numberline::{
    app::{
        Accounts, Base, Carriers, Platform, Prober,
        advance::Worker,
        bookkeep,
        inbound::{Known, Mailroom},
        provision::{Shop, default_fallback},
        send::Post,
        shared_numbers::Lender,
        verify::Verifier,
    },
    bus::EventBus,
    carrier::{
        Account, Carrier, Transport,
        local::{self, Local},
        signalwire::{Config, Placement, SignalWire},
    },
    chance::Chance,
    clock::Clock,
    domain::pace::Rate,
    queue::OrderQueue,
    store::{Core, Ledger, LocalBooks, Messages, Threads, Vault},
};
use numberline_simulator::{Clock as SimulatorClock, Collecting, Settings, Simulator};

pub use books::Books;
pub use bus::{Bus, Published};
pub use chance::SeededChance;
pub use clients::sdk_config;
pub use clock::{Passing, VirtualClock};
pub use crew::work_side_by_side;
pub use figures::Figures;
pub use holdings::{HeldNumber, HeldSubproject, Holdings, Sale};
pub use keys::{Context, Keys};
pub use lambda::{Lambda, Rest};
pub use market::{Market, RIVAL};
pub use outside::{Webhook, borrowed};
pub use people::{Answered, Ask, Patient, Tenant, caller, lend_number, sign_up_as};
pub use queue::{Queue, Received};
pub use setup::{LabCarrier, Setup};
pub use streams::Stream;
pub use tables::{Answer, CORE, LEDGER, MESSAGES, Tables, VAULT};

use clients::Clients;
use platform::PlatformSecret;

use crate::seam::{Again, Aws, Front, PublicTransport, Seam, SeamTransport, Services};

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
    /// How the world was set up.
    pub setup: Setup,
    /// The event bus.
    pub bus: Arc<Bus>,
    /// The carrier, unless that is the local one.
    pub simulator: Simulator,
    /// What happens at the local carrier.
    pub market: Arc<Market>,
    /// What the template says about functions and queue.
    pub figures: Figures,
    chance: Arc<dyn Chance>,
    clients: Clients,
    services: Arc<Services>,
    carrier: Arc<dyn Carrier>,
    carriers: Carriers,
    public: Arc<PublicTransport>,
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
        let clock = VirtualClock::new(setup.passing);
        let seam = Arc::new(Seam::new(clock.clone(), setup.carrier_takes));
        let figures = Figures::of_template()?;
        let tables = Tables::new()?;
        let queue = Arc::new(Queue::new(figures.visibility, figures.received_max));
        let keys = Arc::new(Keys::default());
        let market = Arc::new(Market::default());
        let bus = Arc::new(Bus::default());
        let services = Arc::new(Services {
            tables: tables.clone(),
            market: Arc::clone(&market),
            queue: Arc::clone(&queue),
            keys: Arc::clone(&keys),
            bus: Arc::clone(&bus),
            clock: clock.clone(),
        });
        let clients = Clients::new(Aws::new(Arc::clone(&seam), Arc::clone(&services)), &clock);
        let webhooks = Arc::new(Collecting::default());
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(setup.seed));
        let settings = settings(setup, &clock);
        let simulator =
            Simulator::with_delivery(settings.clone(), Arc::<Collecting>::clone(&webhooks));
        let (carrier, platform) = match setup.carrier {
            LabCarrier::SignalWire => {
                let transport =
                    SeamTransport::new(Arc::clone(&seam), simulator.clone(), clock.clone());
                let transport = transport.selling_unwired(setup.sells_unwired);
                signalwire(setup, &settings, transport)?
            }
            LabCarrier::Local => {
                let core = clients.core(&clock, &chance);
                let config = local_config(setup, &settings);
                let carrier = Local::new(
                    LocalBooks::new(core),
                    Arc::new(clock.clone()),
                    Arc::clone(&chance),
                    config,
                );
                (Arc::new(carrier) as Arc<dyn Carrier>, local::platform())
            }
        };
        let public = public(&seam, &services, setup, &clock, Arc::clone(&carrier));
        let secret = PlatformSecret::of(&settings).before(setup.next_signing_key);
        let mut platform =
            Platform::new(Arc::clone(&carrier), platform).renewed_from(Arc::new(secret));
        platform.rate = setup.rate;
        platform.mutant = setup.mutant;
        Ok(Arc::new(Self {
            clock,
            seam,
            tables,
            queue,
            keys,
            setup: *setup,
            bus,
            simulator,
            market,
            figures,
            chance,
            clients,
            services,
            carrier,
            carriers: Carriers::new(vec![platform]),
            public: Arc::new(public),
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
        self.clients.core(&self.clock, &self.chance)
    }

    /// The Messages table.
    #[must_use]
    pub fn messages(&self) -> Messages {
        let client = self.clients.dynamo.clone();
        Messages::new(client, MESSAGES, self.clock(), Arc::clone(&self.chance))
    }

    /// The writer of conversations' heads.
    #[must_use]
    pub fn threads(&self) -> Threads {
        Threads::new(self.messages())
    }

    /// The Ledger.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        Ledger::new(self.core(), LEDGER)
    }

    /// What the bookkeeper keeps.
    #[must_use]
    pub fn bookkeeping(&self) -> bookkeep::Books {
        bookkeep::Books {
            threads: self.threads(),
            ledger: self.ledger(),
        }
    }

    /// The event bus as functions publish on it.
    #[must_use]
    pub fn event_bus(&self) -> EventBus {
        EventBus::new(self.clients.events.clone(), "lab")
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
            fallback: default_fallback(),
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
            webhook_base: self.setup.webhook_base.to_owned(),
            prober: self.prober(),
            purchases_open: true,
        }
    }

    /// What asks our public address whether webhooks arrive.
    #[must_use]
    pub fn prober(&self) -> Prober {
        Prober {
            transport: Arc::<PublicTransport>::clone(&self.public),
            clock: self.clock(),
            chance: Arc::clone(&self.chance),
        }
    }

    /// From now on our public address behaves so.
    pub fn public_address(&self, front: Front) {
        self.public.behave(front);
    }

    /// Our public address, for who comes to it over a socket.
    #[must_use]
    pub fn front(&self) -> Arc<dyn Transport> {
        Arc::<PublicTransport>::clone(&self.public)
    }

    /// What verifies numbers, with nothing in its memory.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier {
            accounts: Accounts::new(self.vault(), self.clock()),
            carriers: vec![Arc::clone(&self.carrier)],
            prober: self.prober(),
            webhook_base: self.setup.webhook_base.to_owned(),
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
            keyword_replies: true,
            shared_greeting: None,
        }
    }

    /// What sends texts, with nothing in its memory.
    #[must_use]
    pub fn post(&self) -> Post {
        Post {
            messages: self.messages(),
            accounts: Accounts::new(self.vault(), self.clock()),
            carriers: self.carriers.clone(),
            webhook_base: self.setup.webhook_base.to_owned(),
        }
    }

    /// What lends the platform's numbers.
    #[must_use]
    pub fn lender(&self) -> Lender {
        Lender {
            base: self.base(),
            vault: self.vault(),
            carriers: self.carriers.clone(),
            webhook_base: self.setup.webhook_base.to_owned(),
        }
    }
}

/// SignalWire's adapter, and the platform's account there.
fn signalwire(
    setup: &Setup,
    settings: &Settings,
    transport: SeamTransport,
) -> Result<(Arc<dyn Carrier>, Account)> {
    let platform = PlatformSecret::of(settings).account();
    let mut config = Config::new("http://127.0.0.1/signalwire", &platform.id)?;
    config.placement = setup.placement;
    Ok((
        Arc::new(SignalWire::new(config, Arc::new(transport))),
        platform,
    ))
}

/// The local carrier with the ways of the simulated one.
fn local_config(setup: &Setup, settings: &Settings) -> local::Config {
    local::Config {
        purchase_in_subproject: setup.placement == Placement::InSubproject,
        release_hold: Duration::from_hours(24) * settings.rules.hold_days,
        ..local::Config::default()
    }
}

/// Our public address: another function answers there, through a seam of its own where
/// nothing is numbered.
fn public(
    seam: &Arc<Seam>,
    services: &Arc<Services>,
    setup: &Setup,
    clock: &VirtualClock,
    carrier: Arc<dyn Carrier>,
) -> PublicTransport {
    let quiet = Arc::new(Seam::new(clock.clone(), setup.carrier_takes));
    let clients = Clients::new(Aws::new(quiet, Arc::clone(services)), clock);
    let time: Arc<dyn Clock> = Arc::new(clock.clone());
    let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(0));
    let sandbox = move || {
        let Clients { dynamo, kms, .. } = &clients;
        let dynamo = || dynamo.clone();
        Mailroom {
            core: Core::new(dynamo(), CORE, Arc::clone(&time), Arc::clone(&chance)),
            messages: Messages::new(dynamo(), MESSAGES, Arc::clone(&time), Arc::clone(&chance)),
            vault: Vault::new(dynamo(), kms.clone(), VAULT, "vault-key"),
            carriers: vec![Arc::clone(&carrier)],
            clock: Arc::clone(&time),
            known: Known::default(),
            keyword_replies: true,
            shared_greeting: None,
        }
    };
    PublicTransport::new(Arc::clone(seam), setup.webhook_base, Box::new(sandbox))
}

fn settings(setup: &Setup, clock: &VirtualClock) -> Settings {
    let mut settings = Settings {
        clock: SimulatorClock::Standing {
            at: clock.simulated(),
        },
        ..Settings::default()
    };
    let owned = setup.owned.iter();
    settings.owned = owned.map(ToString::to_string).collect();
    let delay = setup.settle_delay.as_millis();
    settings.rules.settle_delay_ms = u64::try_from(delay).unwrap_or(u64::MAX);
    settings.seed = settings.seed.wrapping_add(setup.seed);
    settings.rules.rate_limit = setup.rate.map(Rate::per_second);
    settings
}
