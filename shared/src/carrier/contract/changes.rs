//! Promises of changing an owned number: wiring, moving, giving back.

use std::time::Duration;

use super::{
    Carrier, Effect, ErrorKind, World,
    scene::{kept, own, present, refused, tenant, webhooks},
};

/// Wiring can be set any number of times, and what the carrier then has is what
/// was set last.
pub async fn wiring_is_set_and_read_back(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    let moved = webhooks(carrier, 2);
    assert!(!carrier.wiring(&number, &moved).complete());
    for _ in 0..2 {
        kept(carrier.configure(&tenant.account, &number, &moved).await);
    }
    let now = present(carrier, &tenant.account, &number.e164).await;
    assert!(carrier.wiring(&now, &moved).complete(), "{now:?}");
    assert_eq!(now.reference, number.reference, "the reference is gone");
    let before = carrier.wiring(&now, &webhooks(carrier, 1));
    assert!(!before.voice() && !before.sms(), "{now:?}");
}

/// Where a carrier keeps new numbers for a while, it says so, and keeps them.
pub async fn a_fresh_number_is_held(carrier: &dyn Carrier, world: &dyn World) {
    let hold = carrier.capabilities().release_hold;
    if hold.is_zero() {
        return;
    }
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    let kept_back = (ErrorKind::Held, Effect::None);
    refused(carrier.release(&tenant.account, &number).await, kept_back);
    world.pass(hold.saturating_sub(Duration::from_mins(1)));
    refused(carrier.release(&tenant.account, &number).await, kept_back);
    present(carrier, &tenant.account, &number.e164).await;
}

/// After the hold a number goes back, is gone, and cannot be given back again.
pub async fn a_number_is_given_back_once(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    world.pass(carrier.capabilities().release_hold + Duration::from_mins(1));
    kept(carrier.release(&tenant.account, &number).await);
    assert_eq!(kept(carrier.get(&tenant.account, &number.e164).await), None);
    let gone = (ErrorKind::NotFound, Effect::None);
    refused(carrier.release(&tenant.account, &number).await, gone);
}

/// A number that moves is in the new account and no longer in the old one;
/// carriers that cannot do it say so without doing anything.
pub async fn a_number_moves_between_accounts(carrier: &dyn Carrier, world: &dyn World) {
    let from = tenant(carrier, world, "from").await;
    let to = tenant(carrier, world, "to").await;
    let number = own(carrier, world, &from).await;
    let moved = carrier.transfer(&from.account, &number, &to.account).await;
    if !carrier.capabilities().transfer {
        refused(moved, (ErrorKind::Unsupported, Effect::None));
        present(carrier, &from.account, &number.e164).await;
        return;
    }
    kept(moved);
    let now = present(carrier, &to.account, &number.e164).await;
    assert_eq!(now.account, to.account.id);
    assert_eq!(kept(carrier.get(&from.account, &number.e164).await), None);
    assert_eq!(world.sold(&number.e164), 1);
}
