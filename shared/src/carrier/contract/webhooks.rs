//! Promises of webhooks: nothing is believed that is not proven.

use super::{
    Arrival, Carrier, Happening, Signing, World,
    messages::{message, somebody},
    scene::{NOW, Tenant, kept, own, tenant, there},
};
use crate::{
    carrier::{Answer, CarrierEvent, WebhookError, WebhookKey},
    domain::{E164, MessageStatus, VoiceRouting, carrier::CarrierMessageId},
};

async fn scene(carrier: &dyn Carrier, world: &dyn World) -> (Tenant, E164) {
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    (tenant, number.e164)
}

fn read(
    carrier: &dyn Carrier,
    arrival: &Arrival,
    keys: &[WebhookKey],
) -> Result<CarrierEvent, WebhookError> {
    carrier.read_webhook(&arrival.borrowed(), &arrival.public_url, keys, NOW)
}

fn text(to: &E164) -> Happening {
    Happening::Text {
        from: somebody(),
        to: to.clone(),
        body: "Hi + bye & 100% ünï 🎉".to_owned(),
    }
}

/// A text arrives with everything in it, and says whom it is for beforehand.
pub async fn a_text_is_read_when_it_is_proven(carrier: &dyn Carrier, world: &dyn World) {
    let (tenant, ours) = scene(carrier, world).await;
    let arrival = world.arrival(&text(&ours), Signing::Good).await;
    assert_eq!(there(carrier.addressee(&arrival.borrowed())), ours);
    assert_eq!(
        there(carrier.sender(&arrival.borrowed())),
        somebody().as_str()
    );
    // After a rotation two keys are good for a while.
    let keys = [WebhookKey::new("the-next-key"), tenant.key];
    let event = kept(read(carrier, &arrival, &keys));
    assert_eq!(*event.account(), tenant.account.id);
    let read = matches!(
        &event,
        CarrierEvent::MessageReceived { from, to, body, segments, .. }
            if *from == somebody().as_str()
                && *to == ours
                && body == "Hi + bye & 100% ünï 🎉"
                && *segments >= 1
    );
    assert!(read, "{event:?}");
}

/// A call arrives and asks what to do; it is answered in the carrier's language.
pub async fn a_call_is_read_and_answered(carrier: &dyn Carrier, world: &dyn World) {
    let (tenant, ours) = scene(carrier, world).await;
    let call = Happening::Call {
        from: somebody(),
        to: ours.clone(),
    };
    let arrival = world.arrival(&call, Signing::Good).await;
    assert_eq!(there(carrier.addressee(&arrival.borrowed())), ours);
    let event = kept(read(carrier, &arrival, &[tenant.key]));
    assert_eq!(*event.account(), tenant.account.id);
    let asks = matches!(
        &event,
        CarrierEvent::CallReceived { id, from, to, .. }
            if !id.as_str().is_empty() && *from == somebody().as_str() && *to == ours
    );
    assert!(asks, "{event:?}");
    let greeting = carrier.reply(&Answer::Call(VoiceRouting::default()));
    let done = carrier.reply(&Answer::Done);
    assert!(!greeting.content_type.is_empty());
    assert_ne!(greeting.body, done.body);
    assert_ne!(carrier.reply(&Answer::HangUp).body, done.body);
    let answered = carrier.reply(&Answer::Text("Thank you.".to_owned()));
    assert!(answered.body.contains("Thank you."), "{}", answered.body);
}

/// News of a message names it as the carrier did when it took it.
pub async fn news_of_a_message_is_read_when_proven(carrier: &dyn Carrier, world: &dyn World) {
    let (tenant, ours) = scene(carrier, world).await;
    let message = message(carrier, &ours, &somebody());
    let sent = kept(carrier.send_message(&tenant.account, &message).await);
    for (happening, expected, reason) in [
        (delivered(&sent.id), MessageStatus::Delivered, None),
        (
            undelivered(&sent.id),
            MessageStatus::Undelivered,
            Some("unreachable"),
        ),
    ] {
        let arrival = world.arrival(&happening, Signing::Good).await;
        assert_eq!(arrival.public_url, message.status_url);
        let event = kept(read(carrier, &arrival, std::slice::from_ref(&tenant.key)));
        let expected = CarrierEvent::MessageStatus {
            account: tenant.account.id.clone(),
            id: sent.id.clone(),
            status: expected,
            failure: reason.map(str::to_owned),
        };
        assert_eq!(event, expected);
    }
}

fn delivered(message: &CarrierMessageId) -> Happening {
    let message = message.clone();
    Happening::Delivered { message }
}

fn undelivered(message: &CarrierMessageId) -> Happening {
    let message = message.clone();
    Happening::Undelivered { message }
}

/// A key that is empty is no key, and a signature that is empty is none.
pub async fn what_anybody_could_sign_is_not_proven(carrier: &dyn Carrier, world: &dyn World) {
    let (tenant, ours) = scene(carrier, world).await;
    let happening = text(&ours);
    let bad = Err(WebhookError::BadSignature);
    let arrival = world.arrival(&happening, Signing::Empty).await;
    let keys = [WebhookKey::new(""), WebhookKey::new(" "), tenant.key];
    assert_eq!(read(carrier, &arrival, &keys), bad);
    let mut blank = world.arrival(&happening, Signing::Good).await;
    kept(read(carrier, &blank, &keys));
    for (name, value) in blank.request.headers_mut() {
        if name.as_str().contains("signature") {
            *value = http::HeaderValue::from_static("");
        }
    }
    assert_eq!(read(carrier, &blank, &keys), bad);
}

/// No signature, another key's, for another address, over another body: refused.
pub async fn what_is_not_proven_is_refused(carrier: &dyn Carrier, world: &dyn World) {
    let (tenant, ours) = scene(carrier, world).await;
    let keys = [tenant.key];
    let happening = text(&ours);
    let unsigned = world.arrival(&happening, Signing::Missing).await;
    assert_eq!(read(carrier, &unsigned, &keys), Err(WebhookError::Unsigned));
    let forged = world.arrival(&happening, Signing::Wrong).await;
    let bad = Err(WebhookError::BadSignature);
    assert_eq!(read(carrier, &forged, &keys), bad);
    let good = world.arrival(&happening, Signing::Good).await;
    kept(read(carrier, &good, &keys));
    assert_eq!(read(carrier, &good, &[]), bad);
    let mut elsewhere = good.clone();
    elsewhere.public_url.push('x');
    assert_eq!(read(carrier, &elsewhere, &keys), bad);
    let mut changed = good;
    let body = [&changed.request.body()[..], b"&Body=more"].concat();
    *changed.request.body_mut() = body.into();
    assert_eq!(read(carrier, &changed, &keys), bad);
}
