//! The local carrier: made-up numbers, kept in Core. For trying and developing the
//! whole product without any carrier; nothing of it reaches a telephone.
//!
//! It is the one adapter that uses the store, and has no transport: what other
//! carriers keep on their side is rows here. It keeps the same promises as they do, so
//! a write goes out once, and one without an answer has an
//! [unknown effect](crate::carrier::Effect::Unknown). Every operation is a few reads side by side, then at most one write; making a subproject
//! is two. Not here: a registrar for its SIP credentials, and calls that ring.

mod accounts;
mod config;
mod errors;
mod numbers;
mod reply;
mod signature;
mod sip;
mod stock;
mod texts;
mod webhook;

use std::sync::Arc;

use async_trait::async_trait;

pub use config::{Config, ID, platform};
pub use signature::{SIGNATURE, sign};
pub use stock::SOLD_OUT;

use crate::{
    carrier::{
        Account, Answer, AvailableNumber, Capabilities, Carrier, CarrierEvent, CreatedSubproject,
        DigitFilter, NumberQuery, OutgoingMessage, OwnedNumber, Page, Purchase, PurchaseOrder,
        Reply, Result, SearchFilters, SentMessage, SipCredential, SipCredentialId,
        SipCredentialRequest, WebhookError, WebhookKey, WiringReport,
    },
    chance::Chance,
    clock::Clock,
    domain::{AccountId, CarrierId, E164, Timestamp, Webhooks},
    store::LocalBooks,
};

/// The local carrier.
#[derive(Clone, Debug)]
pub struct Local {
    books: LocalBooks,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    config: Config,
}

impl Local {
    /// The local carrier with its `books`.
    #[must_use]
    pub fn new(
        books: LocalBooks,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        config: Config,
    ) -> Self {
        Self {
            books,
            clock,
            chance,
            config,
        }
    }

    /// A name that nobody can guess, and that nothing else has.
    fn fresh_name(&self) -> String {
        format!("{:032x}", self.chance.draw())
    }
}

#[async_trait]
impl Carrier for Local {
    fn id(&self) -> CarrierId {
        ID
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            asynchronous_purchase: false,
            transfer: true,
            purchase_in_subproject: self.config.purchase_in_subproject,
            sip_credentials: true,
            settle: config::SETTLE,
            call_timeout: config::CALL_TIMEOUT,
            release_hold: self.config.release_hold,
            number_price: self.config.number_price,
            search: SearchFilters {
                features: true,
                digits: DigitFilter::Any,
            },
        }
    }

    async fn search(&self, account: &Account, query: &NumberQuery) -> Result<Vec<AvailableNumber>> {
        self.offers(account, query).await
    }

    async fn purchase(&self, account: &Account, order: &PurchaseOrder) -> Result<Purchase> {
        self.sell(account, order).await.map(Purchase::Owned)
    }

    async fn find_purchase(
        &self,
        account: &Account,
        order: &PurchaseOrder,
    ) -> Result<Option<OwnedNumber>> {
        self.find("find_purchase", account, &order.e164).await
    }

    async fn get(&self, account: &Account, e164: &E164) -> Result<Option<OwnedNumber>> {
        self.find("get", account, e164).await
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
        self.rewire(account, number, webhooks).await
    }

    async fn release(&self, account: &Account, number: &OwnedNumber) -> Result<()> {
        self.take_back(account, number).await
    }

    async fn transfer(&self, from: &Account, number: &OwnedNumber, to: &Account) -> Result<()> {
        self.hand_over(from, number, to).await
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
        Box::pin(self.enrol(account, request, look_first)).await
    }

    async fn delete_sip_credential(&self, account: &Account, id: &SipCredentialId) -> Result<()> {
        self.strike_off(account, id).await
    }

    async fn send_message(
        &self,
        account: &Account,
        message: &OutgoingMessage,
    ) -> Result<SentMessage> {
        self.deliver(account, message).await
    }

    async fn check_credentials(&self, account: &Account) -> Result<()> {
        self.enter("check_credentials", account).await
    }

    fn wiring(&self, number: &OwnedNumber, webhooks: &Webhooks) -> WiringReport {
        WiringReport::of(&number.routes, webhooks)
    }

    /// The signature covers no time: what arrives twice is told apart by its identifier.
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
        reply::write(answer)
    }
}
