//! Composition: each function asks for its pieces, and learns at the end of
//! everything that its environment lacks for them.

use std::{sync::Arc, time::Duration};

use aws_sdk_dynamodb::Client as Dynamo;
use aws_types::SdkConfig;

use super::{
    aws,
    carrier_secret::CarrierSecret,
    config::{ConfigError, Environment},
};
use crate::{
    app::{
        Accounts, Base, Carriers, Platform, bookkeep::Books, inbound, provision::Shop, send::Post,
    },
    bus::EventBus,
    carrier::{
        Carrier, HttpTransport,
        signalwire::{self, SignalWire},
    },
    chance::{Chance, SystemChance},
    clock::{Clock, SystemClock},
    domain::{AccountId, MicroDollars, Plan},
    queue::OrderQueue,
    store::{self, Core, Ledger, Messages, Threads, Vault},
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
        Messages::new(self.dynamo.clone(), table, Arc::clone(&self.chance))
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
    /// `SIGNALWIRE_API_BASE`, `SIGNALWIRE_PROJECT_ID`, `SIGNALWIRE_NUMBER_PRICE_MICROS`.
    pub fn shop(&mut self) -> Shop {
        Shop {
            open: self.purchases_enabled() && self.signalwire_space().is_some(),
            carrier: signalwire::ID,
            number_price: self.number_price(),
            queue: self.queue(),
        }
    }

    /// Whether anything is bought at all. `PURCHASES_ENABLED`.
    fn purchases_enabled(&mut self) -> bool {
        self.environment.parsed("PURCHASES_ENABLED", false)
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

    /// How long a carrier keeps a number it just sold. `SIGNALWIRE_RELEASE_HOLD_DAYS`.
    pub fn release_hold(&mut self) -> Duration {
        let days: u32 = self.environment.parsed("SIGNALWIRE_RELEASE_HOLD_DAYS", 14);
        Duration::from_hours(24) * days
    }

    fn number_price(&mut self) -> MicroDollars {
        let micros = self
            .environment
            .parsed("SIGNALWIRE_NUMBER_PRICE_MICROS", 1_000_000);
        MicroDollars::from_micros(micros)
    }

    /// The carriers with the platform's accounts; none if none is configured.
    /// `SIGNALWIRE_API_BASE`, `SIGNALWIRE_PROJECT_ID`, `CARRIER_SECRET_ARN`,
    /// `SIGNALWIRE_RELEASE_HOLD_DAYS`, `SIGNALWIRE_NUMBER_PRICE_MICROS`.
    pub async fn carriers(&mut self) -> Carriers {
        let Some(mut config) = self.signalwire_config() else {
            return Carriers::default();
        };
        config.release_hold = self.release_hold();
        config.number_price = self.number_price();
        let source = CarrierSecret {
            client: aws_sdk_secretsmanager::Client::new(&self.aws),
            arn: self.environment.required("CARRIER_SECRET_ARN"),
            platform: config.platform().clone(),
        };
        let account = match source.account().await {
            Ok(account) => account,
            Err(fault) => {
                self.environment.faults.add(fault);
                return Carriers::default();
            }
        };
        if let Err(error) = signalwire::check_token(&account.credentials) {
            self.environment.faults.add(error);
        }
        let platform = self
            .signalwire(config)
            .map(|carrier| Platform::new(carrier, account).renewed_from(Arc::new(source)));
        Carriers::new(platform.into_iter().collect())
    }

    /// The carriers without the platform's accounts, for functions that act in
    /// workspaces' accounts only. `SIGNALWIRE_API_BASE`, `SIGNALWIRE_PROJECT_ID`.
    pub fn carriers_for_workspaces(&mut self) -> Vec<Arc<dyn Carrier>> {
        let config = self.signalwire_config();
        config
            .and_then(|config| self.signalwire(config))
            .into_iter()
            .collect()
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

    fn signalwire(&mut self, config: signalwire::Config) -> Option<Arc<dyn Carrier>> {
        match HttpTransport::new(config.timeout) {
            Ok(transport) => Some(Arc::new(SignalWire::new(config, Arc::new(transport)))),
            Err(error) => {
                self.environment.faults.add(error);
                None
            }
        }
    }

    /// What sending messages needs.
    pub fn post(&mut self) -> Post {
        Post {
            messages: self.messages(),
            accounts: self.accounts(),
            carriers: self.carriers_for_workspaces(),
            webhook_base: self.webhook_base(),
        }
    }

    /// What receiving webhooks needs.
    pub fn mailroom(&mut self) -> inbound::Mailroom {
        inbound::Mailroom {
            core: self.base().core,
            messages: self.messages(),
            vault: self.vault(),
            carriers: self.carriers_for_workspaces(),
            clock: self.clock(),
            known: inbound::Known::default(),
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
            purchases_open: self.purchases_enabled(),
        }
    }
}
