//! What happens outside: customers text and call, carriers post webhooks.

use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::Request;
use numberline::{
    app::inbound::{Mailroom, Refused, Taken},
    domain::{E164, webhooks::WebhookPath},
};
use numberline_simulator::{Carrier, Inbound};

use super::{Lab, LabCarrier};

/// A webhook as the carrier posts it.
pub type Webhook = Request<Bytes>;

impl Lab {
    /// A customer texts a number of ours: the webhook that tells of it.
    pub async fn text(&self, from: &str, to: &E164, body: &str) -> Result<Webhook> {
        match self.setup.carrier {
            LabCarrier::SignalWire => {
                self.happens(&Inbound::sms(Carrier::SignalWire, from, to.as_str(), body))
                    .await
            }
            LabCarrier::Local => self.text_locally(from, to, body),
        }
    }

    /// Something happens at the simulated carrier: the webhook that tells of it.
    pub async fn happens(&self, inbound: &Inbound) -> Result<Webhook> {
        self.simulator.set_time(self.clock.simulated());
        self.simulator.inbound(inbound).await?;
        self.webhooks.take().pop().context("no webhook was posted")
    }

    /// The webhooks of statuses that are due, in the order they were posted.
    pub async fn statuses(&self) -> Vec<Webhook> {
        self.simulator.set_time(self.clock.simulated());
        drop(self.simulator.deliver_due().await);
        self.webhooks.take()
    }

    /// Takes a webhook in at `mailroom`.
    pub async fn take(mailroom: &Mailroom, webhook: &Webhook) -> Result<Taken, Refused> {
        let public_url = webhook.uri().to_string();
        let path = WebhookPath::read(webhook.uri().path()).ok_or(Refused::UnknownAddress)?;
        mailroom.take(&path, &borrowed(webhook), &public_url).await
    }

    /// Takes a webhook in at a mailroom that knows nothing yet.
    pub async fn take_cold(self: &Arc<Self>, webhook: &Webhook) -> Result<Taken, Refused> {
        Self::take(&self.mailroom(), webhook).await
    }
}

/// A webhook as adapters read it.
#[must_use]
pub fn borrowed(webhook: &Webhook) -> Request<&[u8]> {
    let mut request = Request::new(&webhook.body()[..]);
    request.method_mut().clone_from(webhook.method());
    request.uri_mut().clone_from(webhook.uri());
    request.headers_mut().clone_from(webhook.headers());
    request
}
