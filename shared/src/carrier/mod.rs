//! Those who sell numbers, behind one trait.
//!
//! An adapter translates; it decides nothing. What may be repeated, when to look
//! and when to give up is the order machine's, and it needs one thing from every
//! failure: [`Error::effect`], *may it have happened?*

mod account;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod error;
mod event;
pub mod local;
pub mod signalwire;
mod sip;
pub(crate) mod tls;
mod transport;
mod types;
mod wiring;

use std::fmt;

use async_trait::async_trait;

pub use account::{Account, AccountKeys, Credentials, SipPassword, WebhookKey};
pub use error::{Answered, Effect, Error, ErrorKind, Result};
pub use event::{Answer, CarrierEvent, Reply, WebhookError};
pub use sip::{
    InvalidSipUsername, SipCredential, SipCredentialId, SipCredentialRequest, SipUsername,
};
pub use transport::{
    Connection, HttpTransport, Request, Response, Transport, TransportError, TransportErrorKind,
};
pub use types::{
    AvailableNumber, Capabilities, CreatedSubproject, DigitFilter, NumberQuery, OutgoingMessage,
    OwnedNumber, Page, Purchase, PurchaseOrder, SearchFilters, SentMessage,
};
pub use wiring::{Route, Routes, WiringReport};

use crate::domain::{AccountId, CarrierId, E164, Timestamp, Webhooks};

/// A carrier: somebody who sells phone numbers and carries what goes through them.
///
/// No method has a default body, so that an adapter states what it does about each.
/// What a carrier lacks is [`ErrorKind::Unsupported`], and [`Carrier::capabilities`]
/// says so beforehand.
#[async_trait]
pub trait Carrier: fmt::Debug + Send + Sync + 'static {
    /// Which carrier this is: part of webhook paths and of keys.
    fn id(&self) -> CarrierId;

    /// What it can do, and its figures.
    fn capabilities(&self) -> Capabilities;

    /// Lists numbers for sale that fit the query, whichever of its filters the carrier
    /// applies by itself. Changes nothing.
    async fn search(&self, account: &Account, query: &NumberQuery) -> Result<Vec<AvailableNumber>>;

    /// Buys exactly the number asked for, on a connection of its own. Never
    /// repeated by the adapter: see [`Error::effect`].
    async fn purchase(&self, account: &Account, order: &PurchaseOrder) -> Result<Purchase>;

    /// Asks whether `order`'s number, or its reference, is ours in `account`.
    async fn find_purchase(
        &self,
        account: &Account,
        order: &PurchaseOrder,
    ) -> Result<Option<OwnedNumber>>;

    /// The owned number `e164` as the carrier has it now, if `account` owns it.
    async fn get(&self, account: &Account, e164: &E164) -> Result<Option<OwnedNumber>>;

    /// One page of what `account` owns; `cursor` is what the page before said.
    async fn list_owned(
        &self,
        account: &Account,
        cursor: Option<&str>,
    ) -> Result<Page<OwnedNumber>>;

    /// Points a number's webhooks at us, and detaches what `number` shows to go before
    /// them, where the carrier can. Harmless to repeat.
    async fn configure(
        &self,
        account: &Account,
        number: &OwnedNumber,
        webhooks: &Webhooks,
    ) -> Result<()>;

    /// Gives a number back. A number that `account` does not own is
    /// [`ErrorKind::NotFound`]; one the carrier keeps for now is [`ErrorKind::Held`].
    async fn release(&self, account: &Account, number: &OwnedNumber) -> Result<()>;

    /// Moves a number from one account to another of ours.
    async fn transfer(&self, from: &Account, number: &OwnedNumber, to: &Account) -> Result<()>;

    /// The subproject named exactly `name`, if there is one; of several the oldest,
    /// whoever asks.
    async fn find_subproject(&self, platform: &Account, name: &str) -> Result<Option<AccountId>>;

    /// Makes the subproject named `name`, with fresh secrets; or takes over the one that
    /// is known to have that name, and replaces its secrets.
    async fn ensure_subproject(
        &self,
        platform: &Account,
        name: &str,
        known: Option<&AccountId>,
    ) -> Result<CreatedSubproject>;

    /// Closes a subproject that owns nothing any more.
    async fn close_subproject(&self, platform: &Account, subproject: &Account) -> Result<()>;

    /// Makes the SIP credential that `request` describes; its name must be free.
    ///
    /// With `look_first` an existing one of that name is taken over: it becomes
    /// what `request` says, its password included. So an unknown outcome is
    /// settled by asking again with `look_first`, and a password is replaced in
    /// the same way.
    async fn create_sip_credential(
        &self,
        account: &Account,
        request: &SipCredentialRequest,
        look_first: bool,
    ) -> Result<SipCredential>;

    /// Takes a SIP credential away. One that `account` does not have (any more) is
    /// [`ErrorKind::NotFound`], which also settles an unknown outcome.
    async fn delete_sip_credential(&self, account: &Account, id: &SipCredentialId) -> Result<()>;

    /// Hands a message over, once.
    async fn send_message(
        &self,
        account: &Account,
        message: &OutgoingMessage,
    ) -> Result<SentMessage>;

    /// Proves that an account's credentials are taken.
    async fn check_credentials(&self, account: &Account) -> Result<()>;

    /// What the carrier has against what we set, without asking it.
    fn wiring(&self, number: &OwnedNumber, webhooks: &Webhooks) -> WiringReport;

    /// Authenticates and reads a webhook that arrived at `public_url`. Pure, and
    /// fails closed: whatever is not proven is refused.
    fn read_webhook(
        &self,
        request: &http::Request<&[u8]>,
        public_url: &str,
        keys: &[WebhookKey],
        now: Timestamp,
    ) -> std::result::Result<CarrierEvent, WebhookError>;

    /// The number a webhook says it is for, before anything is believed: only good
    /// for reading its claim beside the key.
    fn addressee(&self, request: &http::Request<&[u8]>) -> Option<E164>;

    /// Who a webhook says it is from, before anything is believed: only good for
    /// reading whom their texts belong to beside the key.
    fn sender(&self, request: &http::Request<&[u8]>) -> Option<String>;

    /// Writes the answer a webhook gets, in the carrier's own language.
    fn reply(&self, answer: &Answer) -> Reply;
}
