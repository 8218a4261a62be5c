//! Promises of buying, the one thing that must not happen twice.

use std::time::Duration;

use super::{
    Carrier, Effect, ErrorKind, Fault, Step, World,
    scene::{Tenant, buy, buyer, kept, order, refused, tenant, there},
};
use crate::carrier::{Account, Credentials, PurchaseOrder};

async fn scene(carrier: &dyn Carrier, world: &dyn World) -> (Tenant, Account, PurchaseOrder) {
    let tenant = tenant(carrier, world, "one").await;
    let buyer = buyer(carrier, world, &tenant);
    (tenant, buyer, order(carrier, world).await)
}

/// The number ordered, in the account that ordered it, with our reference and
/// our wiring.
pub async fn a_purchase_buys_exactly_what_was_ordered(carrier: &dyn Carrier, world: &dyn World) {
    let (_, buyer, order) = scene(carrier, world).await;
    let bought = buy(carrier, &buyer, &order).await;
    let found = there(kept(carrier.find_purchase(&buyer, &order).await));
    assert_eq!(bought, found);
    assert_eq!((&bought.e164, &bought.account), (&order.e164, &buyer.id));
    assert_eq!(bought.reference.as_ref(), Some(&order.reference));
    assert!(carrier.wiring(&bought, &order.webhooks).complete());
    assert!(bought.purchased_at.is_some());
    assert_eq!(world.sold(&order.e164), 1);
}

/// What somebody else has bought is refused, and nothing happens.
pub async fn a_number_that_is_gone_is_refused(carrier: &dyn Carrier, world: &dyn World) {
    let (_, buyer, order) = scene(carrier, world).await;
    let gone = (ErrorKind::NumberUnavailable, Effect::None);
    let rival = tenant(carrier, world, "rival").await;
    buy(carrier, &rival.account, &order).await;
    if rival.account.id != buyer.id {
        refused(carrier.purchase(&buyer, &order).await, gone);
        assert_eq!(kept(carrier.find_purchase(&buyer, &order).await), None);
    }
    assert_eq!(world.sold(&order.e164), 1);
}

/// Our own number is refused like somebody else's: only looking tells them apart.
pub async fn a_number_that_is_ours_is_not_sold_again(carrier: &dyn Carrier, world: &dyn World) {
    let (_, buyer, order) = scene(carrier, world).await;
    let bought = buy(carrier, &buyer, &order).await;
    let gone = (ErrorKind::NumberUnavailable, Effect::None);
    refused(carrier.purchase(&buyer, &order).await, gone);
    let found = kept(carrier.find_purchase(&buyer, &order).await);
    assert_eq!(found, Some(bought));
    assert_eq!(world.sold(&order.e164), 1);
}

/// It was sold, we cannot know, and looking finds it.
pub async fn a_lost_response_is_unknown_and_found_again(carrier: &dyn Carrier, world: &dyn World) {
    let (_, buyer, order) = scene(carrier, world).await;
    world.fail(Step::Purchase, Fault::LostResponse, 1);
    let lost = (ErrorKind::Unavailable, Effect::Unknown);
    refused(carrier.purchase(&buyer, &order).await, lost);
    let found = there(kept(carrier.find_purchase(&buyer, &order).await));
    assert_eq!((&found.e164, &found.account), (&order.e164, &buyer.id));
    assert_eq!(world.sold(&order.e164), 1);
    assert_eq!(world.asked(Step::Purchase), 1);
}

/// It was not sold, we cannot know, and looking finds nothing.
pub async fn a_lost_request_is_unknown_and_absent(carrier: &dyn Carrier, world: &dyn World) {
    let (_, buyer, order) = scene(carrier, world).await;
    world.fail(Step::Purchase, Fault::LostRequest, 1);
    let lost = (ErrorKind::Unavailable, Effect::Unknown);
    refused(carrier.purchase(&buyer, &order).await, lost);
    assert_eq!(kept(carrier.find_purchase(&buyer, &order).await), None);
    assert_eq!(world.asked(Step::Purchase), 1);
}

/// A 5xx says nothing about what was done.
pub async fn a_failing_carrier_is_not_asked_to_sell_twice(
    carrier: &dyn Carrier,
    world: &dyn World,
) {
    let (_, buyer, order) = scene(carrier, world).await;
    world.fail(Step::Purchase, Fault::ServerError, 1);
    let failed = (ErrorKind::Unavailable, Effect::Unknown);
    refused(carrier.purchase(&buyer, &order).await, failed);
    assert_eq!(world.asked(Step::Purchase), 1);
}

/// What was never sent did nothing.
pub async fn a_refused_connection_had_no_effect(carrier: &dyn Carrier, world: &dyn World) {
    let (_, buyer, order) = scene(carrier, world).await;
    let nobody = world.unreachable();
    let unsent = (ErrorKind::Unavailable, Effect::None);
    refused(nobody.purchase(&buyer, &order).await, unsent);
    refused(nobody.get(&buyer, &order.e164).await, unsent);
}

/// Told to slow down, we do not try again here; whoever waits knows how long.
pub async fn a_limited_rate_says_how_long_to_wait(carrier: &dyn Carrier, world: &dyn World) {
    let (_, buyer, order) = scene(carrier, world).await;
    world.fail(Step::Purchase, Fault::RateLimit, 1);
    let limited = (ErrorKind::RateLimited, Effect::None);
    let error = refused(carrier.purchase(&buyer, &order).await, limited);
    assert!(
        error
            .retry_after()
            .is_some_and(|wait| wait > Duration::ZERO)
    );
    assert_eq!(world.asked(Step::Purchase), 1);
}

/// Bad credentials are not a refusal of the number.
pub async fn wrong_credentials_are_told_apart(carrier: &dyn Carrier, world: &dyn World) {
    let (tenant, _, order) = scene(carrier, world).await;
    let stranger = Account {
        id: tenant.account.id.clone(),
        credentials: Credentials::new("not-the-secret"),
    };
    let denied = (ErrorKind::Unauthenticated, Effect::None);
    refused(carrier.check_credentials(&stranger).await, denied);
    refused(carrier.purchase(&stranger, &order).await, denied);
    refused(carrier.get(&stranger, &order.e164).await, denied);
    assert_eq!(world.sold(&order.e164), 0);
}

/// The check takes what the carrier takes, of the platform and of a subproject.
pub async fn good_credentials_are_taken(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    kept(carrier.check_credentials(&tenant.account).await);
    kept(carrier.check_credentials(&world.platform()).await);
}
