//! What most promises begin with: a tenant, an order, a number.

use std::fmt::Debug;

use super::{Judgement, World};
use crate::{
    carrier::{
        Account, Carrier, Error, NumberQuery, OwnedNumber, Purchase, PurchaseOrder, Result,
        WebhookKey,
    },
    domain::{E164, Timestamp, WebhookToken, Webhooks},
};

/// The time of every webhook that is read here.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_795_240_800_000);

/// A workspace's account and the key of its webhooks.
pub(super) struct Tenant {
    pub(super) account: Account,
    pub(super) key: WebhookKey,
}

/// What a promise says must succeed.
#[track_caller]
pub(super) fn kept<T, E: Debug>(result: std::result::Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => broken(&format!("not {error:?}")),
    }
}

/// What a promise says must fail, and how.
#[track_caller]
pub(super) fn refused<T: Debug>(result: Result<T>, expected: Judgement) -> Error {
    match result {
        Ok(value) => broken(&format!("must fail, not bring {value:?}")),
        Err(error) => {
            assert_eq!((error.kind(), error.effect()), expected, "{error:?}");
            error
        }
    }
}

/// What a promise says must be there.
#[track_caller]
pub(super) fn there<T>(value: Option<T>) -> T {
    match value {
        Some(value) => value,
        None => broken("must be there"),
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "the test fails here")]
fn broken(promise: &str) -> ! {
    panic!("a promise is broken: {promise}")
}

/// Another workspace's account, with working secrets.
pub(super) async fn tenant(carrier: &dyn Carrier, world: &dyn World, name: &str) -> Tenant {
    let name = format!("numberline-{name}");
    let made = kept(
        carrier
            .ensure_subproject(&world.platform(), &name, None)
            .await,
    );
    Tenant {
        account: Account {
            id: made.account,
            credentials: made.credentials,
        },
        key: made.webhook_key,
    }
}

/// Where the events of the account that `token` stands for go.
pub(super) fn webhooks(carrier: &dyn Carrier, token: u128) -> Webhooks {
    let base = "https://hooks.example.com";
    Webhooks::new(base, &carrier.id(), WebhookToken::derived(token))
}

/// Orders of numbers that are for sale.
pub(super) async fn orders(
    carrier: &dyn Carrier,
    world: &dyn World,
    count: u8,
) -> Vec<PurchaseOrder> {
    let query = NumberQuery::any_in(world.area_code(), count);
    let offers = kept(carrier.search(&world.platform(), &query).await);
    assert_eq!(offers.len(), usize::from(count), "not enough for sale");
    offers
        .into_iter()
        .enumerate()
        .map(|(place, offer)| PurchaseOrder {
            e164: offer.e164,
            reference: format!("ord_{place}"),
            webhooks: webhooks(carrier, 1),
        })
        .collect()
}

/// The order of one number that is for sale.
pub(super) async fn order(carrier: &dyn Carrier, world: &dyn World) -> PurchaseOrder {
    there(orders(carrier, world, 1).await.pop())
}

/// Where `tenant` buys: in its own account, or in the platform's.
pub(super) fn buyer(carrier: &dyn Carrier, world: &dyn World, tenant: &Tenant) -> Account {
    if carrier.capabilities().purchase_in_subproject {
        tenant.account.clone()
    } else {
        world.platform()
    }
}

/// Buys `order` in `account`, and has the number as the carrier has it.
pub(super) async fn buy(
    carrier: &dyn Carrier,
    account: &Account,
    order: &PurchaseOrder,
) -> OwnedNumber {
    match kept(carrier.purchase(account, order).await) {
        Purchase::Owned(number) => number,
        Purchase::Pending { .. } => there(kept(carrier.find_purchase(account, order).await)),
    }
}

/// Buys a number for `tenant`, wherever the carrier wants it bought.
pub(super) async fn own(carrier: &dyn Carrier, world: &dyn World, tenant: &Tenant) -> OwnedNumber {
    let order = order(carrier, world).await;
    let buyer = buyer(carrier, world, tenant);
    let number = buy(carrier, &buyer, &order).await;
    if buyer.id == tenant.account.id {
        return number;
    }
    kept(carrier.transfer(&buyer, &number, &tenant.account).await);
    present(carrier, &tenant.account, &order.e164).await
}

/// The number as `account` has it.
pub(super) async fn present(carrier: &dyn Carrier, account: &Account, e164: &E164) -> OwnedNumber {
    there(kept(carrier.get(account, e164).await))
}
