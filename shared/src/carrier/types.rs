//! What goes to a carrier and what comes back, in our words.

use std::time::Duration;

use crate::{
    carrier::{
        account::{Credentials, WebhookKey},
        wiring::Routes,
    },
    domain::{
        AccountId, AreaCode, E164, Filter, Filters, MessageId, MessageStatus, MicroDollars, Place,
        Timestamp, Webhooks,
        carrier::{CarrierMessageId, CarrierNumberId},
        number,
    },
};

/// What an adapter can do, and the carrier's figures (configuration with defaults).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers a question of its own: they are no states"
)]
pub struct Capabilities {
    /// A purchase is finished later, and reported by webhook.
    pub asynchronous_purchase: bool,
    /// A number can move between accounts of ours.
    pub transfer: bool,
    /// A number is bought inside the subproject; otherwise it is bought in the
    /// platform's account and moved.
    pub purchase_in_subproject: bool,
    /// A phone can be given a SIP credential of its own.
    pub sip_credentials: bool,
    /// Which filters its search applies by itself.
    pub search: SearchFilters,
    /// How long after a purchase the carrier's own list may not show it yet.
    pub settle: Duration,
    /// The longest one call may take, after which its outcome is unknown.
    pub call_timeout: Duration,
    /// How long after its purchase a number cannot be given back.
    pub release_hold: Duration,
    /// What a number costs a month.
    pub number_price: MicroDollars,
}

/// Which filters a carrier's search applies by itself. An adapter applies the others to
/// what the carrier lists, so that they see less than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchFilters {
    /// By what a number can carry.
    pub features: bool,
    /// By its digits.
    pub digits: DigitFilter,
}

/// How far a carrier searches by digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitFilter {
    /// Not at all.
    None,
    /// By one row of at least so many digits, without gaps.
    Row {
        /// The fewest it takes.
        digits_min: usize,
    },
    /// By every pattern that can be written.
    Any,
}

impl SearchFilters {
    /// The filters among `wanted` that are left to us.
    #[must_use]
    pub fn left_to_us(self, wanted: &Filters) -> Vec<Filter> {
        let features = wanted.ask_for_features() && !self.features;
        let pattern = wanted.pattern.as_ref().filter(|pattern| {
            let row = pattern.digits().map_or(0, str::len);
            match self.digits {
                DigitFilter::None => true,
                DigitFilter::Row { digits_min } => row < digits_min,
                DigitFilter::Any => false,
            }
        });
        let features = features.then_some(Filter::Features);
        features
            .into_iter()
            .chain(pattern.map(Filter::of_pattern))
            .collect()
    }
}

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberQuery {
    /// Where.
    pub place: Place,
    /// What the numbers must be like.
    pub filters: Filters,
    /// At most how many, 1–100.
    pub limit: u8,
}

impl NumberQuery {
    /// Any numbers of an area code.
    #[must_use]
    pub fn any_in(area_code: AreaCode, limit: u8) -> Self {
        Self {
            place: Place::AreaCode(area_code),
            filters: Filters::default(),
            limit,
        }
    }

    /// Whether an offer is what is looked for.
    #[must_use]
    pub fn fits(&self, offer: &AvailableNumber) -> bool {
        let (region, locality) = (offer.region.as_deref(), offer.locality.as_deref());
        self.place.holds(&offer.e164, region, locality)
            && self.filters.fit(&offer.e164, offer.capabilities)
    }
}

/// A number for sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableNumber {
    /// The number.
    pub e164: E164,
    /// Its town, in the carrier's spelling.
    pub locality: Option<String>,
    /// Its state or province, two letters.
    pub region: Option<String>,
    /// What it can carry.
    pub capabilities: number::Capabilities,
    /// What it costs a month.
    pub monthly_price: MicroDollars,
}

/// What to buy: one exact number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurchaseOrder {
    /// The number.
    pub e164: E164,
    /// Our reference, kept by the carrier beside the number.
    pub reference: String,
    /// Where its events go, set with the purchase where the carrier can.
    pub webhooks: Webhooks,
}

/// What came of a purchase that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purchase {
    /// The number is ours.
    Owned(OwnedNumber),
    /// The carrier took the order and reports later.
    Pending {
        /// The carrier's name for its order.
        carrier_order: String,
    },
}

/// A number an account owns, as the carrier has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedNumber {
    /// The carrier's name for it.
    pub id: CarrierNumberId,
    /// The number.
    pub e164: E164,
    /// The account that owns it.
    pub account: AccountId,
    /// The reference we left with it.
    pub reference: Option<String>,
    /// What it can carry.
    pub capabilities: number::Capabilities,
    /// Where its events go.
    pub routes: Box<Routes>,
    /// When it was bought, if the carrier says.
    pub purchased_at: Option<Timestamp>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What to ask for the next one; absent on the last.
    pub next: Option<String>,
}

/// A subproject with its fresh secrets, which the carrier shows only once.
#[derive(Clone, Debug)]
pub struct CreatedSubproject {
    /// The account.
    pub account: AccountId,
    /// What opens it.
    pub credentials: Credentials,
    /// What signs its webhooks.
    pub webhook_key: WebhookKey,
}

/// A message to hand over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// Our name for it.
    pub id: MessageId,
    /// Our number.
    pub from: E164,
    /// The recipient.
    pub to: E164,
    /// The text.
    pub body: String,
    /// Where news of it goes.
    pub status_url: String,
}

/// A message the carrier took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// The carrier's name for it.
    pub id: CarrierMessageId,
    /// How far it got.
    pub status: MessageStatus,
    /// Parts it is charged as.
    pub segments: u32,
}
