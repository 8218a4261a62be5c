//! SignalWire keeps every carrier's promises: the adapter against the simulator,
//! over real sockets, a world of its own for each promise.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use numberline::{
    carrier::{
        Account, Carrier, Credentials, HttpTransport, Purchase, PurchaseOrder, SipCredential,
        SipPassword,
        contract::{Arrival, Fault, Happening, Signing, Step, World},
        signalwire::{Config, Placement, SignalWire},
    },
    domain::{AccountId, AreaCode, E164, WebhookToken, Webhooks},
};
use numberline_simulator::{
    self as simulator, Collecting, Inbound, Kind, Mode, Operation, Registration, Restock, Settings,
    Simulator, Target, serve,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinHandle,
};

/// Numbers are bought in the subproject.
mod in_subproject {
    numberline::carrier_contract!(super::in_subproject_world);
}

/// Numbers are bought in the platform's account and assigned to the subproject.
mod assigned_afterwards {
    numberline::carrier_contract!(super::assigned_afterwards_world);
}

/// The carrier reads what its documents leave open in the way that suits us least.
mod as_strange_as_allowed {
    numberline::carrier_contract!(super::strange_world);
}

/// A page so small that every list has several.
const PAGE_SIZE: u16 = 2;

/// Far above what loopback takes, so that no test depends on it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A simulator that listens, and an address where nobody does.
struct Simulated {
    simulator: Simulator,
    webhooks: Arc<Collecting>,
    platform: Account,
    server: JoinHandle<()>,
    nobody: TcpSocket,
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn in_subproject_world() -> (SignalWire, Simulated) {
    world(Placement::InSubproject).await
}

async fn assigned_afterwards_world() -> (SignalWire, Simulated) {
    world(Placement::AssignedAfterwards).await
}

async fn strange_world() -> (SignalWire, Simulated) {
    let (carrier, world) = world(Placement::InSubproject).await;
    let mut rules = world.simulator.rules();
    rules.laml_plus_is_literal = false;
    rules.search_neighbours = true;
    world.simulator.set_rules(rules);
    (carrier, world)
}

/// A number bought in the platform's account, whose name the carrier does not show, is
/// still its order's.
#[tokio::test]
async fn a_purchase_is_its_orders_without_its_name() {
    let (carrier, world) = assigned_afterwards_world().await;
    let mut rules = world.simulator.rules();
    rules.laml_shows_names = false;
    world.simulator.set_rules(rules);
    let order = PurchaseOrder {
        e164: "+15125550100".parse().unwrap(),
        reference: "ord_1".to_owned(),
        webhooks: Webhooks::new(
            "https://hooks.example.com",
            &carrier.id(),
            WebhookToken::derived(1),
        ),
    };
    let platform = world.platform();
    let bought = carrier.purchase(&platform, &order).await.unwrap();
    let found = carrier.find_purchase(&platform, &order).await.unwrap();
    let found = found.unwrap();
    assert_eq!(found.reference.as_deref(), Some("ord_1"));
    assert!(matches!(bought, Purchase::Owned(number) if number == found));
}

async fn world(placement: Placement) -> (SignalWire, Simulated) {
    let mut settings = Settings {
        clock: simulator::Clock::Standing {
            at: "2026-11-21T06:00:00Z".parse().unwrap(),
        },
        ..Settings::default()
    };
    // Messages stay where they are, so that all news of them is asked for.
    settings.rules.message_step_ms = 3_600_000;
    let platform = Account {
        id: AccountId::new(&settings.project_id),
        credentials: Credentials::new(settings.api_token.expose()),
    };
    let webhooks = Arc::new(Collecting::default());
    let simulator = Simulator::with_delivery(settings, Arc::<Collecting>::clone(&webhooks));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/signalwire", listener.local_addr().unwrap());
    let server = tokio::spawn({
        let simulator = simulator.clone();
        async move { drop(serve(simulator, listener).await) }
    });
    // Bound and not listening: connections are refused, and nobody else gets it.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let carrier = carrier(&base, &platform, placement);
    let world = Simulated {
        simulator,
        webhooks,
        platform,
        server,
        nobody,
    };
    (carrier, world)
}

fn carrier(base: &str, platform: &Account, placement: Placement) -> SignalWire {
    let mut config = Config::new(base, &platform.id).unwrap();
    config.placement = placement;
    config.page_size = PAGE_SIZE;
    let transport = HttpTransport::new(TIMEOUT).unwrap();
    SignalWire::new(config, Arc::new(transport))
}

fn operation(step: Step) -> Operation {
    match step {
        Step::Search => Operation::Search,
        Step::Purchase => Operation::Purchase,
        Step::CreateSubproject => Operation::CreateSubproject,
        Step::CreateSecret => Operation::CreateToken,
        Step::CreateSipCredential => Operation::CreateSipCredential,
        Step::DeleteSipCredential => Operation::DeleteSipCredential,
        Step::SendMessage => Operation::SendMessage,
        Step::Look => Operation::List,
        Step::Configure => Operation::Configure,
        Step::Transfer => Operation::Transfer,
        Step::Release => Operation::Release,
        Step::ReplaceSecret => Operation::RotateKey,
        Step::CloseSubproject => Operation::CloseSubproject,
    }
}

fn inbound(happening: &Happening) -> Inbound {
    let carrier = simulator::Carrier::SignalWire;
    match happening {
        Happening::Text { from, to, body } => {
            Inbound::sms(carrier, from.as_str(), to.as_str(), body)
        }
        Happening::Call { from, to } => Inbound::call(carrier, from.as_str(), to.as_str()),
        Happening::Delivered { message } => Inbound::status(carrier, message.as_str(), "delivered"),
        Happening::Undelivered { message } => Inbound {
            error_code: Some("30003".to_owned()),
            ..Inbound::status(carrier, message.as_str(), "undelivered")
        },
    }
}

impl Simulated {
    fn arrange(&self, step: Step, fault: Fault, count: u32, skip: u32) {
        let mode = match fault {
            Fault::LostRequest => Mode::LostRequest,
            Fault::LostResponse => Mode::LostResponse,
            Fault::ServerError => Mode::Error500,
            Fault::Garbled => Mode::Garbled,
            Fault::FalseRefusal => Mode::Error422,
            Fault::RateLimit => Mode::RateLimit,
        };
        self.simulator.arrange(simulator::Fault {
            carrier: simulator::Carrier::SignalWire,
            operation: Target::Only(operation(step)),
            mode,
            count,
            skip,
            percent: None,
            number: None,
        });
    }
}

#[async_trait]
impl World for Simulated {
    fn platform(&self) -> Account {
        self.platform.clone()
    }

    fn area_code(&self) -> AreaCode {
        "512".parse().unwrap()
    }

    fn empty_area_code(&self) -> AreaCode {
        "907".parse().unwrap()
    }

    fn voice_only_area_code(&self) -> Option<AreaCode> {
        let mut change = Restock::area(simulator::Carrier::SignalWire, "458", 5);
        change.voice_only = true;
        self.simulator.restock(&change).unwrap();
        Some("458".parse().unwrap())
    }

    fn fail(&self, step: Step, fault: Fault, count: u32) {
        self.arrange(step, fault, count, 0);
    }

    fn fail_after(&self, step: Step, answered: u32, fault: Fault) {
        self.arrange(step, fault, u32::MAX, answered);
    }

    fn calm(&self) {
        self.simulator.clear_faults();
    }

    fn asked(&self, step: Step) -> u64 {
        let requests = self.simulator.ledger().requests;
        requests.get(&operation(step)).copied().unwrap_or(0)
    }

    fn sold(&self, number: &E164) -> usize {
        let ledger = self.simulator.ledger();
        let purchases = ledger.of(Kind::Purchase);
        purchases
            .filter(|entry| entry.number.as_deref() == Some(number.as_str()))
            .count()
    }

    fn taken(&self) -> usize {
        self.simulator.ledger().of(Kind::Message).count()
    }

    fn subprojects(&self) -> usize {
        let accounts = self.simulator.inventory().accounts;
        accounts
            .iter()
            .filter(|account| account.parent.is_some())
            .count()
    }

    fn sip_credentials(&self) -> usize {
        let accounts = self.simulator.inventory().accounts;
        accounts.iter().map(|account| account.sip_credentials).sum()
    }

    fn admits(&self, credential: &SipCredential, password: &SipPassword) -> bool {
        self.simulator.registers(&Registration {
            carrier: simulator::Carrier::SignalWire,
            domain: credential.registrar.clone(),
            username: credential.username.to_string(),
            password: simulator::Secret::new(password.expose()),
        })
    }

    fn books(&self) -> String {
        let (ledger, inventory) = (self.simulator.ledger(), self.simulator.inventory());
        let books = serde_json::to_string(&(ledger, inventory));
        books.unwrap()
    }

    fn pass(&self, time: Duration) {
        self.simulator.advance(time);
    }

    fn unreachable(&self) -> Box<dyn Carrier> {
        let base = format!("http://{}", self.nobody.local_addr().unwrap());
        Box::new(carrier(&base, &self.platform, Placement::default()))
    }

    async fn arrival(&self, happening: &Happening, signing: Signing) -> Arrival {
        let mut inbound = inbound(happening);
        inbound.signing = match signing {
            Signing::Good => simulator::Signing::Good,
            Signing::Wrong => simulator::Signing::Wrong,
            Signing::Empty => simulator::Signing::Empty,
            Signing::Missing => simulator::Signing::None,
        };
        let told = self.simulator.inbound(&inbound).await.unwrap();
        let received = self.webhooks.take();
        let told = told.id.as_bytes();
        let request = received
            .into_iter()
            .rfind(|request| request.body().windows(told.len()).any(|part| part == told))
            .unwrap();
        Arrival {
            public_url: request.uri().to_string(),
            request,
        }
    }
}
