//! Promises of sending: once, whatever happens to the answer.

use super::{
    Carrier, Effect, ErrorKind, Fault, Step, World,
    scene::{kept, order, own, refused, tenant, webhooks},
};
use crate::{
    carrier::OutgoingMessage,
    domain::{E164, MessageId, MessageStatus},
};

/// A message of ours. The recipient is fiction.
pub(super) fn message(carrier: &dyn Carrier, from: &E164, to: &E164) -> OutgoingMessage {
    let id = MessageId::derived(7);
    OutgoingMessage {
        from: from.clone(),
        to: to.clone(),
        body: "50% off & more, ünï 🎉".to_owned(),
        status_url: webhooks(carrier, 1).message_status_url(&id),
        id,
    }
}

/// Somebody outside, in another area code's range for fiction.
pub(super) fn somebody() -> E164 {
    kept("+12125550199".parse())
}

/// The carrier takes it, names it, and says how far it got: on its way; there, if that is
/// how it delivers.
pub async fn a_message_is_handed_over_once(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    let message = message(carrier, &number.e164, &somebody());
    let sent = kept(carrier.send_message(&tenant.account, &message).await);
    assert!(!sent.id.as_str().is_empty());
    let on_its_way = match sent.status {
        MessageStatus::Queued | MessageStatus::Sent => true,
        MessageStatus::Delivered => world.delivers_at_once(),
        MessageStatus::Sending
        | MessageStatus::Unknown
        | MessageStatus::Undelivered
        | MessageStatus::Failed
        | MessageStatus::Received => false,
    };
    assert!(on_its_way, "{sent:?}");
    assert!(sent.segments >= 1);
    assert_eq!(world.taken(), 1);
}

/// A message that may have been taken is never sent again by the adapter.
pub async fn a_message_of_unknown_fate_is_not_sent_again(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    let message = message(carrier, &number.e164, &somebody());
    let lost = (ErrorKind::Unavailable, Effect::Unknown);
    for (done, fault) in [Fault::LostResponse, Fault::LostRequest, Fault::ServerError]
        .into_iter()
        .enumerate()
    {
        world.fail(Step::SendMessage, fault, 1);
        refused(carrier.send_message(&tenant.account, &message).await, lost);
        assert_eq!(world.asked(Step::SendMessage), done as u64 + 1, "{fault:?}");
    }
    assert_eq!(world.taken(), 1);
}

/// A number that is not the account's cannot send.
pub async fn a_message_from_a_strange_number_is_refused(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let strange = order(carrier, world).await.e164;
    let message = message(carrier, &strange, &somebody());
    let rejected = (ErrorKind::Rejected, Effect::None);
    refused(
        carrier.send_message(&tenant.account, &message).await,
        rejected,
    );
    assert_eq!(world.taken(), 0);
}
