//! What a promise can arrange, and whom it can ask afterwards.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{
    carrier::{Account, Carrier, SipCredential, SipPassword},
    domain::{AreaCode, E164, carrier::CarrierMessageId},
};

/// A carrier's simulated side: its stock, its faults, its books.
#[async_trait]
pub trait World: Send + Sync {
    /// The platform's account.
    fn platform(&self) -> Account;

    /// An area code with at least ten numbers for sale.
    fn area_code(&self) -> AreaCode;

    /// An area code with nothing for sale.
    fn empty_area_code(&self) -> AreaCode;

    /// An area code whose numbers carry calls and no messages, at a carrier that sells
    /// such numbers.
    fn voice_only_area_code(&self) -> Option<AreaCode>;

    /// Makes the next `count` requests of `step` go wrong.
    fn fail(&self, step: Step, fault: Fault, count: u32);

    /// Lets the next `answered` requests of `step` pass, and makes all after them go wrong
    /// until it is [calm](Self::calm).
    fn fail_after(&self, step: Step, answered: u32, fault: Fault);

    /// Nothing goes wrong any more.
    fn calm(&self);

    /// How many requests of `step` arrived, failed ones included.
    fn asked(&self, step: Step) -> u64;

    /// How often `number` was sold.
    fn sold(&self, number: &E164) -> usize;

    /// How many messages were taken.
    fn taken(&self) -> usize;

    /// How many subprojects there are.
    fn subprojects(&self) -> usize;

    /// How many SIP credentials there are.
    fn sip_credentials(&self) -> usize;

    /// Whether a phone that registers with `credential` and `password` is let in.
    fn admits(&self, credential: &SipCredential, password: &SipPassword) -> bool;

    /// Whether a message is there as soon as it was taken.
    fn delivers_at_once(&self) -> bool {
        false
    }

    /// Everything that is in its books, as text.
    fn books(&self) -> String;

    /// Lets time pass at the carrier.
    fn pass(&self, time: Duration);

    /// The same carrier at an address where nobody listens.
    fn unreachable(&self) -> Box<dyn Carrier>;

    /// Lets something happen outside, and brings the webhook that tells about it.
    async fn arrival(&self, happening: &Happening, signing: Signing) -> Arrival;
}

/// A request of an adapter to its carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looking for numbers for sale.
    Search,
    /// Buying.
    Purchase,
    /// Looking for a number among those owned.
    Look,
    /// Pointing a number's webhooks at us.
    Configure,
    /// Moving a number.
    Transfer,
    /// Giving a number back.
    Release,
    /// Making a subproject.
    CreateSubproject,
    /// Making the secret that opens a subproject.
    CreateSecret,
    /// Replacing a secret of a subproject that is taken over.
    ReplaceSecret,
    /// Closing a subproject.
    CloseSubproject,
    /// Making a SIP credential.
    CreateSipCredential,
    /// Taking a SIP credential away.
    DeleteSipCredential,
    /// Handing a message over.
    SendMessage,
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is lost before anything happens.
    LostRequest,
    /// It takes effect, and its response is lost.
    LostResponse,
    /// The carrier answers 5xx.
    ServerError,
    /// It takes effect, and its response is cut off in the middle.
    Garbled,
    /// It takes effect, and the response is a refusal that speaks of a failure within.
    FalseRefusal,
    /// The carrier asks to slow down, and says for how long.
    RateLimit,
}

/// What happens outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Somebody texts a number of ours.
    Text {
        /// Who.
        from: E164,
        /// Our number.
        to: E164,
        /// What.
        body: String,
    },
    /// Somebody calls a number of ours.
    Call {
        /// Who.
        from: E164,
        /// Our number.
        to: E164,
    },
    /// A message of ours arrived.
    Delivered {
        /// The carrier's name for it.
        message: CarrierMessageId,
    },
    /// A message of ours did not arrive: the phone is off.
    Undelivered {
        /// The carrier's name for it.
        message: CarrierMessageId,
    },
}

/// How a webhook is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// As the carrier signs.
    Good,
    /// With another key.
    Wrong,
    /// With an empty key, as anybody can.
    Empty,
    /// Not at all.
    Missing,
}

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// What was posted.
    pub request: http::Request<Bytes>,
    /// The address it was posted to.
    pub public_url: String,
}

impl Arrival {
    /// The request as adapters take it.
    #[must_use]
    pub fn borrowed(&self) -> http::Request<&[u8]> {
        let mut request = http::Request::new(&self.request.body()[..]);
        *request.method_mut() = self.request.method().clone();
        *request.uri_mut() = self.request.uri().clone();
        *request.headers_mut() = self.request.headers().clone();
        request
    }
}
