//! Numbers, as clients see them.

use serde::Serialize;

use crate::{
    app::release::Preview,
    carrier::AvailableNumber,
    domain::{
        E164, MicroDollars, Number, NumberId, NumberStatus, OrderId, Origin, Routing, Timestamp,
        VoiceRouting, number::Capabilities,
    },
};

/// A phone number, for machines and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NumberText {
    /// E.164.
    pub number: String,
    /// As people here write it.
    pub display: String,
}

impl From<&E164> for NumberText {
    fn from(e164: &E164) -> Self {
        Self {
            number: e164.to_string(),
            display: e164.display(),
        }
    }
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Price {
    /// Millionths of the currency's unit.
    pub micros: i64,
    /// ISO 4217.
    pub currency: &'static str,
    /// As people write it.
    pub display: String,
}

impl From<MicroDollars> for Price {
    fn from(amount: MicroDollars) -> Self {
        Self {
            micros: amount.as_micros(),
            currency: "USD",
            display: amount.to_string(),
        }
    }
}

/// What a number can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CapabilitiesView {
    voice: bool,
    sms: bool,
    mms: bool,
}

impl From<Capabilities> for CapabilitiesView {
    fn from(capabilities: Capabilities) -> Self {
        let Capabilities { voice, sms, mms } = capabilities;
        Self { voice, sms, mms }
    }
}

/// A number for sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailableNumberView {
    #[serde(flatten)]
    number: NumberText,
    locality: Option<String>,
    region: Option<String>,
    capabilities: CapabilitiesView,
    monthly_price: Price,
}

impl From<&AvailableNumber> for AvailableNumberView {
    fn from(number: &AvailableNumber) -> Self {
        Self {
            number: NumberText::from(&number.e164),
            locality: number.locality.clone(),
            region: number.region.clone(),
            capabilities: number.capabilities.into(),
            monthly_price: number.monthly_price.into(),
        }
    }
}

/// What happens to what arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoutingView {
    /// What happens to a call.
    pub voice: VoiceRoutingView,
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum VoiceRoutingView {
    /// A voice speaks `text`.
    Greeting {
        /// The text.
        text: String,
    },
    /// The call goes on to `to`.
    Forward {
        /// E.164.
        to: String,
    },
}

impl From<&Routing> for RoutingView {
    fn from(routing: &Routing) -> Self {
        Self {
            voice: match &routing.voice {
                VoiceRouting::Greeting { text } => {
                    VoiceRoutingView::Greeting { text: text.clone() }
                }
                VoiceRouting::Forward { to } => VoiceRoutingView::Forward { to: to.to_string() },
            },
        }
    }
}

/// A number of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberView {
    id: NumberId,
    #[serde(flatten)]
    number: NumberText,
    status: NumberStatus,
    origin: Origin,
    label: Option<String>,
    routing: RoutingView,
    capabilities: CapabilitiesView,
    monthly_price: Price,
    order_id: OrderId,
    release_order_id: Option<OrderId>,
    purchased_at: Timestamp,
    activated_at: Option<Timestamp>,
    released_at: Option<Timestamp>,
}

impl From<&Number> for NumberView {
    fn from(number: &Number) -> Self {
        Self {
            id: number.id.clone(),
            number: NumberText::from(&number.e164),
            status: number.status,
            origin: number.origin,
            label: number.label.clone(),
            routing: RoutingView::from(&number.routing),
            capabilities: number.capabilities.into(),
            monthly_price: number.monthly_price.into(),
            order_id: number.order.clone(),
            release_order_id: number.release_order.clone(),
            purchased_at: number.purchased_at,
            activated_at: number.activated_at,
            released_at: number.released_at,
        }
    }
}

/// What releasing a number would mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewView {
    #[serde(flatten)]
    number: NumberText,
    releasable: bool,
    held_until: Option<Timestamp>,
    monthly_price: Price,
    consequences: Vec<&'static str>,
}

impl From<&Preview> for PreviewView {
    fn from(preview: &Preview) -> Self {
        let mut consequences = vec![
            "Calls to this number stop reaching you at once, messages soon after.",
            "The number cannot be had back: somebody else may get it.",
        ];
        if preview.held_until.is_some() {
            consequences.push(
                "The network takes the number back only later; until then it is kept unused, at no cost to you.",
            );
        }
        Self {
            number: NumberText::from(&preview.number.e164),
            releasable: preview.releasable,
            held_until: preview.held_until,
            monthly_price: preview.monthly_price.into(),
            consequences,
        }
    }
}
