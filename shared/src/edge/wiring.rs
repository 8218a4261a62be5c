//! Composition: each function asks for its pieces, and learns at the end of
//! everything that its environment lacks for them.

use std::{sync::Arc, time::Duration};

use aws_sdk_dynamodb::Client as Dynamo;
use aws_types::SdkConfig;

use super::{
    aws,
    carrier_choice::CarrierChoice,
    carrier_secret::CarrierSecret,
    config::{ConfigError, Environment},
    no_transport::NoTransport,
};
use crate::{
    app::{
        Accounts, Base, Carriers, Holds, Platform, Prober,
        bookkeep::Books,
        inbound,
        probe::PROBE_TIMEOUT,
        provision::{Shop, default_fallback, fallback_list},
        send::Post,
        shared_numbers::Lender,
        verify::Verifier,
    },
    bus::EventBus,
    carrier::{
        Carrier, HttpTransport, Transport,
        local::{self, Local},
        signalwire::{self, SignalWire},
    },
    chance::{Chance, SystemChance},
    clock::{Clock, SystemClock},
    domain::{AccountId, AreaCode, MicroDollars, Plan, pace::Rate},
    queue::OrderQueue,
    store::{self, Core, Ledger, LocalBooks, Messages, Threads, Vault},
};

/// Hands out pieces.
#[derive(Debug)]
pub struct Wiring {
    environment: Environment,
    aws: SdkConfig,
    dynamo: Dynamo,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Default for Wiring {
    fn default() -> Self {
        Self::new()
    }
}

impl Wiring {
    /// Begins, with the clients every function has.
    #[must_use]
    pub fn new() -> Self {
        let mut environment = Environment::default();
        let aws = aws::config(&mut environment);
        Self {
            dynamo: store::client(&aws),
            environment,
            aws,
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
        }
    }

    /// Ends: what was built, or everything that is wrong.
    pub fn finish<T>(self, built: T) -> Result<T, ConfigError> {
        self.environment.faults.or_else_nothing()?;
        Ok(built)
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// What nearly every function needs. `CORE_TABLE`.
    pub fn base(&mut self) -> Base {
        let table = self.environment.required("CORE_TABLE");
        let (clock, chance) = (self.clock(), Arc::clone(&self.chance));
        Base {
            core: Core::new(
                self.dynamo.clone(),
                table,
                Arc::clone(&clock),
                Arc::clone(&chance),
            ),
            clock,
            chance,
        }
    }

    /// The Messages table. `MESSAGES_TABLE`.
    pub fn messages(&mut self) -> Messages {
        let table = self.environment.required("MESSAGES_TABLE");
        let (clock, chance) = (self.clock(), Arc::clone(&self.chance));
        Messages::new(self.dynamo.clone(), table, clock, chance)
    }

    /// The writer of thread heads. `MESSAGES_TABLE`.
    pub fn threads(&mut self) -> Threads {
        Threads::new(self.messages())
    }

    /// The Ledger, with its heads in Core. `CORE_TABLE`, `LEDGER_TABLE`.
    pub fn ledger(&mut self) -> Ledger {
        let table = self.environment.required("LEDGER_TABLE");
        Ledger::new(self.base().core, table)
    }

    /// What the bookkeeper keeps. `MESSAGES_TABLE`, `CORE_TABLE`, `LEDGER_TABLE`.
    pub fn books(&mut self) -> Books {
        Books {
            threads: self.threads(),
            ledger: self.ledger(),
        }
    }

    /// The bus that others listen to. `EVENT_BUS_NAME`.
    pub fn event_bus(&mut self) -> EventBus {
        let name = self.environment.required("EVENT_BUS_NAME");
        EventBus::new(aws_sdk_eventbridge::Client::new(&self.aws), name)
    }

    /// The Vault. `VAULT_TABLE`, `VAULT_KEY_ARN`.
    pub fn vault(&mut self) -> Vault {
        let table = self.environment.required("VAULT_TABLE");
        let key = self.environment.required("VAULT_KEY_ARN");
        Vault::new(
            self.dynamo.clone(),
            aws_sdk_kms::Client::new(&self.aws),
            table,
            key,
        )
    }

    /// Workspaces' accounts, from the Vault.
    pub fn accounts(&mut self) -> Accounts {
        Accounts::new(self.vault(), self.clock())
    }

    /// The order queue. `ORDER_QUEUE_URL`.
    pub fn queue(&mut self) -> OrderQueue {
        let url = self.environment.required("ORDER_QUEUE_URL");
        OrderQueue::new(aws_sdk_sqs::Client::new(&self.aws), url)
    }

    /// Where new orders go; closed unless a carrier is configured. `PURCHASES_ENABLED`,
    /// `SIGNALWIRE_API_BASE`, `SIGNALWIRE_PROJECT_ID`, `SIGNALWIRE_NUMBER_PRICE_MICROS`,
    /// `ALLOW_LOCAL_CARRIER`.
    pub fn shop(&mut self) -> Shop {
        let open = self.purchases_enabled();
        let carrier = self.carrier_choice().of_new_orders();
        let number_price = if carrier == Some(local::ID) {
            local::Config::default().number_price
        } else {
            self.number_price()
        };
        Shop {
            open: open && carrier.is_some(),
            carrier: carrier.unwrap_or(signalwire::ID),
            number_price,
            fallback: self.fallback_area_codes(),
            queue: self.queue(),
        }
    }

    /// Whether anything is bought at all. `PURCHASES_ENABLED`; a fault where that would
    /// be both real numbers and made-up ones.
    fn purchases_enabled(&mut self) -> bool {
        let enabled = self.environment.parsed("PURCHASES_ENABLED", false);
        if let Some(fault) = self.carrier_choice().fault(enabled) {
            self.environment.faults.add(fault);
        }
        enabled
    }

    /// The carriers that are configured.
    fn carrier_choice(&mut self) -> CarrierChoice {
        CarrierChoice {
            signalwire: self.signalwire_space().is_some(),
            local: self.local_carrier_allowed(),
        }
    }

    /// Whether made-up numbers may be sold. `ALLOW_LOCAL_CARRIER`.
    fn local_carrier_allowed(&mut self) -> bool {
        self.environment.parsed("ALLOW_LOCAL_CARRIER", false)
    }

    /// Area codes that automatic orders fall back on. `FALLBACK_AREA_CODES`.
    fn fallback_area_codes(&mut self) -> Vec<AreaCode> {
        let Some(list) = Environment::optional("FALLBACK_AREA_CODES") else {
            return default_fallback();
        };
        fallback_list(&list).unwrap_or_else(|error| {
            let fault = format_args!("FALLBACK_AREA_CODES cannot be used: {error}");
            self.environment.faults.add(fault);
            Vec::new()
        })
    }

    /// Plans people may choose by themselves. `SELF_SERVICE_PLANS`.
    pub fn self_service_plans(&mut self) -> Vec<Plan> {
        let names = Environment::optional("SELF_SERVICE_PLANS");
        let names = names.unwrap_or_else(|| Plan::Starter.name().to_owned());
        let mut plans = Vec::new();
        for name in names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match name.parse() {
                Ok(plan) => plans.push(plan),
                Err(error) => {
                    let fault = format_args!("SELF_SERVICE_PLANS names {name:?}: {error}");
                    self.environment.faults.add(fault);
                }
            }
        }
        plans
    }

    /// The token's claim that grants a plan, if one is configured. `PLAN_CLAIM`.
    #[must_use]
    pub fn plan_claim(&self) -> Option<String> {
        Environment::optional("PLAN_CLAIM")
    }

    /// Where webhooks are posted to. `WEBHOOK_BASE_URL`.
    pub fn webhook_base(&mut self) -> String {
        self.environment.required("WEBHOOK_BASE_URL")
    }

    /// Where webhooks are posted to, if that is not the request's own domain.
    #[must_use]
    pub fn own_webhook_base(&self) -> Option<String> {
        Environment::optional("WEBHOOK_BASE_URL")
    }

    /// How long each carrier keeps a number it just sold. `SIGNALWIRE_RELEASE_HOLD_DAYS`.
    pub fn release_holds(&mut self) -> Holds {
        let signalwire = (signalwire::ID, self.signalwire_hold());
        let local = (local::ID, local::Config::default().release_hold);
        Holds::new(vec![signalwire, local])
    }

    fn signalwire_hold(&mut self) -> Duration {
        let days: u32 = self.environment.parsed("SIGNALWIRE_RELEASE_HOLD_DAYS", 14);
        Duration::from_hours(24) * days
    }

    fn number_price(&mut self) -> MicroDollars {
        let micros = self
            .environment
            .parsed("SIGNALWIRE_NUMBER_PRICE_MICROS", 1_000_000);
        MicroDollars::from_micros(micros)
    }

    /// The carriers with the platform's accounts, real ones first; none if none is
    /// configured. `SIGNALWIRE_API_BASE`, `SIGNALWIRE_PROJECT_ID`, `CARRIER_SECRET_ARN`,
    /// `SIGNALWIRE_RELEASE_HOLD_DAYS`, `SIGNALWIRE_NUMBER_PRICE_MICROS`,
    /// `CARRIER_CALLS_PER_SECOND`, `ALLOW_LOCAL_CARRIER`.
    ///
    /// The platform's account is read now, and a token that is none refused.
    pub async fn carriers(&mut self) -> Carriers {
        let carriers = self.carriers_opened_later();
        for platform in carriers.all() {
            let account = platform.account().await;
            if platform.carrier.id() == signalwire::ID
                && let Err(error) = signalwire::check_token(&account.credentials)
            {
                self.environment.faults.add(error);
            }
        }
        carriers
    }

    /// The same, for functions that rarely need the platform's account: it is read then.
    pub fn carriers_opened_later(&mut self) -> Carriers {
        let signalwire = self.signalwire_platform();
        let local = self.local_carrier();
        let local = local.map(|carrier| Platform::new(carrier, local::platform()));
        Carriers::new(signalwire.into_iter().chain(local).collect())
    }

    fn signalwire_platform(&mut self) -> Option<Platform> {
        let mut config = self.signalwire_config()?;
        config.release_hold = self.signalwire_hold();
        config.number_price = self.number_price();
        let project = config.platform().clone();
        let source = CarrierSecret {
            client: aws_sdk_secretsmanager::Client::new(&self.aws),
            arn: self.environment.required("CARRIER_SECRET_ARN"),
            platform: project.clone(),
        };
        let rate = self.rate();
        let carrier = self.signalwire(config);
        let platform = Platform::read_when_needed(carrier, project, Arc::new(source));
        Some(platform.at_rate(rate))
    }

    /// How often the carrier is called. `CARRIER_CALLS_PER_SECOND`.
    fn rate(&mut self) -> Option<Rate> {
        let calls = self.environment.parsed("CARRIER_CALLS_PER_SECOND", 100);
        match Rate::new(calls) {
            Ok(rate) => Some(rate),
            Err(error) => {
                let fault = format_args!("CARRIER_CALLS_PER_SECOND: {error}");
                self.environment.faults.add(fault);
                None
            }
        }
    }

    /// The carriers without the platform's accounts, for functions that only read what
    /// carriers post, or act in workspaces' accounts. `SIGNALWIRE_API_BASE`, `SIGNALWIRE_PROJECT_ID`,
    /// `ALLOW_LOCAL_CARRIER`.
    pub fn carriers_for_workspaces(&mut self) -> Vec<Arc<dyn Carrier>> {
        let config = self.signalwire_config();
        let signalwire = config.map(|config| self.signalwire(config));
        let local = self.local_carrier();
        signalwire.into_iter().chain(local).collect()
    }

    /// The carrier of made-up numbers, where it is allowed.
    fn local_carrier(&mut self) -> Option<Arc<dyn Carrier>> {
        if !self.local_carrier_allowed() {
            return None;
        }
        let Base {
            core,
            clock,
            chance,
        } = self.base();
        let books = LocalBooks::new(core);
        let config = local::Config::default();
        Some(Arc::new(Local::new(books, clock, chance, config)))
    }

    /// The Space's address and the platform's project in it: both, or neither.
    fn signalwire_space(&mut self) -> Option<(String, AccountId)> {
        let base = Environment::optional("SIGNALWIRE_API_BASE");
        let project = Environment::optional("SIGNALWIRE_PROJECT_ID");
        if base.is_some() != project.is_some() {
            let fault = "set SIGNALWIRE_API_BASE and SIGNALWIRE_PROJECT_ID, or neither";
            self.environment.faults.add(fault);
        }
        Some((base?, AccountId::new(project?)))
    }

    fn signalwire_config(&mut self) -> Option<signalwire::Config> {
        let (base, project) = self.signalwire_space()?;
        match signalwire::Config::new(&base, &project) {
            Ok(config) => Some(config),
            Err(error) => {
                self.environment.faults.add(error);
                None
            }
        }
    }

    fn signalwire(&mut self, config: signalwire::Config) -> Arc<dyn Carrier> {
        let transport = self.transport(config.timeout);
        Arc::new(SignalWire::new(config, transport))
    }

    fn transport(&mut self, timeout: Duration) -> Arc<dyn Transport> {
        match HttpTransport::new(timeout) {
            Ok(transport) => Arc::new(transport),
            Err(error) => {
                self.environment.faults.add(error);
                Arc::new(NoTransport)
            }
        }
    }

    /// What asks our public address whether webhooks arrive.
    fn prober(&mut self) -> Prober {
        Prober {
            transport: self.transport(PROBE_TIMEOUT),
            clock: self.clock(),
            chance: Arc::clone(&self.chance),
        }
    }

    /// What verifying a number needs.
    pub fn verifier(&mut self) -> Verifier {
        Verifier {
            accounts: self.accounts(),
            carriers: self.carriers_for_workspaces(),
            prober: self.prober(),
            webhook_base: self.webhook_base(),
        }
    }

    /// What sending messages needs.
    pub fn post(&mut self) -> Post {
        Post {
            messages: self.messages(),
            accounts: self.accounts(),
            carriers: self.carriers_opened_later(),
            webhook_base: self.webhook_base(),
        }
    }

    /// What lending the platform's numbers needs.
    pub async fn lender(&mut self) -> Lender {
        Lender {
            base: self.base(),
            vault: self.vault(),
            carriers: self.carriers().await,
            webhook_base: self.webhook_base(),
        }
    }

    /// What receiving webhooks needs. `KEYWORD_REPLIES`, `SHARED_NUMBER_GREETING`.
    pub fn mailroom(&mut self) -> inbound::Mailroom {
        inbound::Mailroom {
            core: self.base().core,
            messages: self.messages(),
            vault: self.vault(),
            carriers: self.carriers_for_workspaces(),
            clock: self.clock(),
            known: inbound::Known::default(),
            keyword_replies: self.environment.parsed("KEYWORD_REPLIES", true),
            shared_greeting: Environment::optional("SHARED_NUMBER_GREETING"),
        }
    }

    /// What working orders needs.
    pub async fn worker(&mut self) -> crate::app::advance::Worker {
        let base = self.base();
        crate::app::advance::Worker {
            core: base.core,
            accounts: self.accounts(),
            queue: self.queue(),
            carriers: self.carriers().await,
            clock: base.clock,
            chance: base.chance,
            webhook_base: self.webhook_base(),
            prober: self.prober(),
            purchases_open: self.purchases_enabled(),
        }
    }
}
