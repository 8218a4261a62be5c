//! The carrier, from the side that only tests see.

use std::fmt;

use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use numberline_simulator::{
    Carrier, Delivered, Entry, Fault, Inbound, Inventory, Kind, Ledger, Restock, Rewiring,
};
use numberline_stack::CarrierAccount;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{Answer, Stack, wire::Http};

/// The controls of the carrier simulator.
#[derive(Clone)]
pub struct Simulator {
    http: Http,
    origin: String,
    /// The platform's own credentials there.
    platform: String,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Simulator({})", self.origin)
    }
}

impl Simulator {
    pub(crate) fn new(stack: &Stack) -> Self {
        let CarrierAccount {
            project_id,
            api_token,
            ..
        } = &stack.description.carrier;
        let platform = format!("{project_id}:{}", api_token.expose());
        Self {
            http: stack.http.clone(),
            origin: stack.description.simulator.clone(),
            platform: STANDARD.encode(platform),
        }
    }

    /// Everything that happened.
    pub async fn ledger(&self) -> Result<Ledger> {
        self.ask(Method::GET, "ledger", &()).await
    }

    /// Everything that happened to one number.
    pub async fn history(&self, number: &str) -> Result<Vec<Entry>> {
        let entries = self.ledger().await?.entries.into_iter();
        let about = |entry: &Entry| entry.number.as_deref() == Some(number);
        Ok(entries.filter(about).collect())
    }

    /// How often a number was bought.
    pub async fn purchases_of(&self, number: &str) -> Result<usize> {
        let history = self.history(number).await?;
        let purchases = history.iter().filter(|entry| entry.kind == Kind::Purchase);
        Ok(purchases.count())
    }

    /// Who owns what.
    pub async fn inventory(&self) -> Result<Inventory> {
        self.ask(Method::GET, "inventory", &()).await
    }

    /// Puts so many numbers up for sale in an area code, no more and no less.
    pub async fn stock(&self, area_code: &str, count: usize) -> Result<()> {
        self.restock(&Restock::area(Carrier::SignalWire, area_code, count))
            .await
    }

    /// Puts these numbers up for sale beside the others.
    pub async fn offer(&self, numbers: &[String]) -> Result<()> {
        self.restock(&Restock::numbers(Carrier::SignalWire, numbers))
            .await
    }

    async fn restock(&self, change: &Restock) -> Result<()> {
        let _stock: Value = self.ask(Method::POST, "stock", change).await?;
        Ok(())
    }

    /// Arranges a failure.
    pub async fn fail(&self, fault: &Fault) -> Result<()> {
        let _faults: Value = self.ask(Method::POST, "faults", fault).await?;
        Ok(())
    }

    /// Takes back all failures that have not happened yet.
    pub async fn fail_no_more(&self) -> Result<()> {
        let _faults: Value = self.ask(Method::DELETE, "faults", &()).await?;
        Ok(())
    }

    /// A customer sends a text.
    pub async fn receive(&self, from: &str, to: &str, body: &str) -> Result<Delivered> {
        self.tell(&Inbound::sms(Carrier::SignalWire, from, to, body))
            .await
    }

    /// Something happens outside, and the carrier tells about it.
    pub async fn tell(&self, inbound: &Inbound) -> Result<Delivered> {
        self.ask(Method::POST, "inbound", inbound).await
    }

    /// Somebody changes in the carrier's dashboard where a number's events go.
    pub async fn rewire(&self, change: &Rewiring) -> Result<()> {
        let _rewired: Value = self.ask(Method::POST, "wiring", change).await?;
        Ok(())
    }

    /// The operator buys a number for the platform itself, at the carrier.
    pub async fn buy_for_the_platform(&self, number: &str) -> Result<()> {
        let uri = format!("{}/signalwire/api/relay/rest/phone_numbers", self.origin);
        let body = serde_json::to_vec(&json!({ "number": number }))?;
        let request = Request::post(uri)
            .header(header::AUTHORIZATION, format!("Basic {}", self.platform))
            .header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Full::new(Bytes::from(body)))?;
        let _bought: Value = self.http.send(request).await?.expect(200)?.read()?;
        Ok(())
    }

    /// The account that owns a number, and where its texts go.
    pub async fn home_of(&self, number: &str) -> Result<(String, String)> {
        let mut held = self.inventory().await?.numbers.into_iter();
        let held = held.find(|held| held.number == number);
        held.and_then(|held| Some((held.account, held.sms_url?)))
            .ok_or_else(|| anyhow::anyhow!("the carrier has no wired number {number}"))
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        control: &str,
        body: &impl Serialize,
    ) -> Result<T> {
        let uri = format!("{}/__sim/{control}", self.origin);
        let body = serde_json::to_vec(&json!(body))?;
        let request = Request::builder().method(method).uri(uri);
        let answer: Answer = self
            .http
            .send(request.body(Full::new(Bytes::from(body)))?)
            .await?;
        answer.expect(200)?.read()
    }
}
