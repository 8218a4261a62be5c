//! SignalWire: numbers, subprojects, calls and messages of one Space.
//!
//! An operation is built (`requests`), sent (`client`), and read (`wire`,
//! `errors`); only `client` does I/O. The rule about what a failure may have
//! done is `ending`. Not here: SWML and RELAY, E911, 10DLC.

mod call;
mod client;
mod config;
mod ending;
mod errors;
mod numbers;
mod operation;
mod reply;
mod requests;
mod routing;
mod signature;
mod sip;
mod status;
mod subprojects;
#[cfg(test)]
mod tests;
mod webhook;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use http::Method;

pub use config::{Config, ConfigError, Placement, check_token};

use self::{call::Caller, client::Client, operation::Operation};
use crate::{
    carrier::{
        Account, Answer, AvailableNumber, Capabilities, Carrier, CarrierEvent, CreatedSubproject,
        DigitFilter, NumberQuery, OutgoingMessage, OwnedNumber, Page, Purchase, PurchaseOrder,
        Reply, Result, SearchFilters, SentMessage, SipCredential, SipCredentialId,
        SipCredentialRequest, Transport, WebhookError, WebhookKey, WiringReport,
        transport::{CONNECT_MAX, PAUSE_MAX},
    },
    domain::{AccountId, CarrierId, E164, Timestamp, Webhooks, search::Place},
};

/// SignalWire's name in webhook paths and keys.
pub const ID: CarrierId = CarrierId::new("signalwire");

/// There is no filter by capability, and three to seven digits can be asked for
/// (API description, 2026-08).
const SEARCH: SearchFilters = SearchFilters {
    features: false,
    digits: DigitFilter::Row { digits_min: 3 },
};

/// SignalWire as a carrier.
#[derive(Clone, Debug)]
pub struct SignalWire {
    config: Config,
    client: Client,
}

impl SignalWire {
    /// SignalWire as configured, over `transport`.
    #[must_use]
    pub fn new(config: Config, transport: Arc<dyn Transport>) -> Self {
        Self {
            config,
            client: Client::new(transport),
        }
    }

    fn caller<'a>(&'a self, account: &'a Account) -> Caller<'a> {
        Caller::new(self.config.api_base(), account)
    }
}

#[async_trait]
impl Carrier for SignalWire {
    fn id(&self) -> CarrierId {
        ID
    }

    fn capabilities(&self) -> Capabilities {
        let Config {
            placement, timeout, ..
        } = self.config;
        let repeats = u32::from(ending::CONNECT_REPEATS);
        Capabilities {
            asynchronous_purchase: false,
            transfer: true,
            purchase_in_subproject: placement == Placement::InSubproject,
            sip_credentials: true,
            search: SEARCH,
            settle: self.config.settle,
            call_timeout: timeout + (timeout.min(CONNECT_MAX) + PAUSE_MAX) * repeats,
            release_hold: self.config.release_hold,
            number_price: self.config.number_price,
        }
    }

    async fn search(&self, account: &Account, query: &NumberQuery) -> Result<Vec<AvailableNumber>> {
        let call = self.caller(account).search(query)?;
        let found: wire::Search = self.client.fetch(&call).await?;
        let price = self.config.number_price;
        let offers = found.data.into_iter().filter_map(|offer| offer.at(price));
        let filters = &query.filters;
        let fitting = offers.filter(|offer| {
            is_in(&query.place, &offer.e164) && filters.fit(&offer.e164, offer.capabilities)
        });
        Ok(fitting.take(usize::from(query.limit)).collect())
    }

    async fn purchase(&self, account: &Account, order: &PurchaseOrder) -> Result<Purchase> {
        let call = self.caller(account).purchase(order)?;
        let bought: wire::Number = self.client.fetch(&call).await?;
        if !bought.is(&order.e164, &account.id) {
            let what = "another number was sold, or to another account";
            return Err(errors::unreadable(Operation::Purchase, &Method::POST, what));
        }
        let bought = numbers::owned(Operation::Purchase, &Method::POST, bought)?;
        Ok(Purchase::Owned(numbers::recognised(bought, order)))
    }

    async fn find_purchase(
        &self,
        account: &Account,
        order: &PurchaseOrder,
    ) -> Result<Option<OwnedNumber>> {
        let found = self.find(Operation::FindPurchase, account, &order.e164);
        Ok(found
            .await?
            .map(|number| numbers::recognised(number, order)))
    }

    async fn get(&self, account: &Account, e164: &E164) -> Result<Option<OwnedNumber>> {
        self.find(Operation::Get, account, e164).await
    }

    async fn list_owned(
        &self,
        account: &Account,
        cursor: Option<&str>,
    ) -> Result<Page<OwnedNumber>> {
        self.page(account, cursor).await
    }

    async fn configure(
        &self,
        account: &Account,
        number: &OwnedNumber,
        webhooks: &Webhooks,
    ) -> Result<()> {
        let call = self.caller(account).configure(number, webhooks)?;
        self.client.send(&call).await.map(drop)
    }

    async fn release(&self, account: &Account, number: &OwnedNumber) -> Result<()> {
        let call = self.caller(account).release(number)?;
        self.client.send(&call).await.map(drop)
    }

    async fn transfer(&self, from: &Account, number: &OwnedNumber, to: &Account) -> Result<()> {
        let call = self.caller(from).transfer(number, &to.id)?;
        self.client.send(&call).await.map(drop)
    }

    async fn find_subproject(&self, platform: &Account, name: &str) -> Result<Option<AccountId>> {
        self.named(platform, name).await
    }

    async fn ensure_subproject(
        &self,
        platform: &Account,
        name: &str,
        known: Option<&AccountId>,
    ) -> Result<CreatedSubproject> {
        self.open(platform, name, known).await
    }

    async fn close_subproject(&self, platform: &Account, subproject: &Account) -> Result<()> {
        self.close(platform, subproject).await
    }

    async fn create_sip_credential(
        &self,
        account: &Account,
        request: &SipCredentialRequest,
        look_first: bool,
    ) -> Result<SipCredential> {
        self.enrol(account, request, look_first).await
    }

    async fn delete_sip_credential(&self, account: &Account, id: &SipCredentialId) -> Result<()> {
        let call = self.caller(account).delete_sip_credential(id)?;
        self.client.send(&call).await.map(drop)
    }

    async fn send_message(
        &self,
        account: &Account,
        message: &OutgoingMessage,
    ) -> Result<SentMessage> {
        let call = self.caller(account).send_message(message)?;
        let taken: wire::Message = self.client.fetch(&call).await?;
        Ok(taken.into())
    }

    async fn check_credentials(&self, account: &Account) -> Result<()> {
        let caller = self.caller(account);
        self.client.send(&caller.check_numbers()?).await?;
        if account.id == *self.config.platform() {
            self.client.send(&caller.check_projects()?).await?;
        }
        Ok(())
    }

    fn wiring(&self, number: &OwnedNumber, webhooks: &Webhooks) -> WiringReport {
        WiringReport::of(&number.routes, webhooks)
    }

    /// The scheme signs no time, so there is no clock in it: what arrives twice
    /// is told apart by its identifier.
    fn read_webhook(
        &self,
        request: &http::Request<&[u8]>,
        public_url: &str,
        keys: &[WebhookKey],
        _now: Timestamp,
    ) -> std::result::Result<CarrierEvent, WebhookError> {
        webhook::read(request, public_url, keys)
    }

    fn addressee(&self, request: &http::Request<&[u8]>) -> Option<E164> {
        webhook::addressee(request)
    }

    fn sender(&self, request: &http::Request<&[u8]>) -> Option<String> {
        webhook::sender(request)
    }

    fn reply(&self, answer: &Answer) -> Reply {
        reply::write(answer, self.config.forward_max)
    }
}

/// Whether an offer is where it was looked for. Whether a town is the one that was
/// meant is the carrier's to say; an area code is in the number, and neighbours of
/// the one that was asked for are not what was asked for.
fn is_in(place: &Place, e164: &E164) -> bool {
    match place {
        Place::AreaCode(area_code) => e164.area_code() == *area_code,
        Place::Region { .. } => true,
    }
}
