//! Scenarios about texts.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use numberline::{
    app::{
        inbound::{Refused, Taken},
        send::{Text, send as send_text},
    },
    domain::{Message, MessageStatus},
    store::{Replay, body_hash},
};

use super::Cast;
use crate::{
    lab::{Answered, Lab, Lambda, Patient, Tenant, Webhook},
    matrix::Keyed,
    seam::{Again, Boxed},
};

/// A customer.
const CUSTOMER: &str = "+14155550177";

/// A number of the platform's own, to be lent.
pub(super) const SHARED: &str = "+15125550190";

/// Under which key the tenant texts.
const KEY: &str = "text";

/// When somebody asks again who was told that their text is being sent.
const LATER: Duration = Duration::from_mins(2);

/// A webhook is posted to its address, then to its fallback, then once more by hand.
const POSTS: u32 = 3;

/// A customer texts the tenant's number.
pub(super) async fn receive(lab: &Arc<Lab>, cast: &mut Cast, body: &str) -> Result<()> {
    let number = cast.number.as_ref().context("no number to text")?;
    cast.text = Some(body.to_owned());
    let webhook = lab.text(CUSTOMER, &number.e164, body).await?;
    post(lab, &webhook).await
}

/// The tenant texts a customer, and the carrier tells how that went. Answered that it
/// is being sent, the tenant asks again later.
pub(super) async fn send(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let text = Text {
        to: CUSTOMER.parse()?,
        from: None,
        body: "Your order is ready.".to_owned(),
    };
    cast.text = Some(text.body.clone());
    let mut message = ask_to_send(lab, &cast.tenant, &text).await?;
    if message.status == MessageStatus::Sending {
        lab.clock.advance(LATER);
        message = ask_to_send(lab, &cast.tenant, &text).await?;
    }
    let at_rest = message.status != MessageStatus::Sending;
    ensure!(
        at_rest,
        "the tenant is still told that the text is being sent"
    );
    cast.keyed = Some(Keyed::Text {
        text,
        key: KEY,
        message: message.id,
    });
    for status in lab.statuses().await {
        post(lab, &status).await?;
    }
    Ok(())
}

async fn ask_to_send(lab: &Arc<Lab>, tenant: &Tenant, text: &Text) -> Result<Message> {
    let (tenant, text) = (tenant.clone(), text.clone());
    let answer = lab
        .ask(
            "send",
            true,
            Arc::new(move |lab| {
                let (tenant, text) = (tenant.clone(), text.clone());
                Box::pin(async move { send_once(&lab, &tenant, &text, KEY).await })
            }),
        )
        .await?;
    Ok(answer?)
}

/// Asks once for a text to be sent.
pub(in crate::matrix) async fn send_once(
    lab: &Lab,
    tenant: &Tenant,
    text: &Text,
    key: &str,
) -> Answered<Message> {
    let request_hash = body_hash(text.body.as_bytes());
    let replay = Replay {
        key,
        request_hash: &request_hash,
    };
    let (base, post) = (lab.base(), lab.post());
    Box::pin(send_text(&base, &post, &tenant.caller, text, replay)).await
}

/// Posts a webhook until it is taken.
async fn post(lab: &Arc<Lab>, webhook: &Webhook) -> Result<()> {
    let second: Again = {
        let (lab, webhook) = (Arc::clone(lab), webhook.clone());
        Arc::new(move || -> Boxed<()> {
            let (lab, webhook) = (Arc::clone(&lab), webhook.clone());
            Box::pin(async move {
                drop(lab.run("webhook", None, taken(&lab, &webhook)).await);
            })
        })
    };
    for _ in 0..POSTS {
        let posted = lab.run("webhook", Some(Arc::clone(&second)), taken(lab, webhook));
        match posted.await {
            Some(Ok(_)) => return Ok(()),
            Some(Err(refused)) => lab.seam.note(format!("webhook refused: {refused}")),
            None => {}
        }
    }
    bail!("a webhook was not taken {POSTS} times")
}

fn taken(lab: &Arc<Lab>, webhook: &Webhook) -> Boxed<Result<Taken, Refused>> {
    let (lab, webhook) = (Arc::clone(lab), webhook.clone());
    Box::pin(async move { lab.take_cold(&webhook).await })
}
