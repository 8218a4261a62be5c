//! Promises of what goes wrong: no answer is made up, and nothing is done twice.

use std::time::Duration;

use super::{
    Carrier, Effect, ErrorKind, Fault, Step, World,
    accounts::{look_and_ensure, take_over},
    scene::{buy, buyer, kept, orders, own, present, refused, tenant, there, webhooks},
};
use crate::carrier::Result;

/// Requests of one look that are broken one after another.
const LOOKS: u32 = 5;

/// What leaves the fate of a change open, the one that takes effect last.
const FATES: [Fault; 3] = [Fault::LostRequest, Fault::ServerError, Fault::LostResponse];

/// However far a look got before it failed: that a number is not there is said only when
/// everything was seen.
pub async fn a_look_that_fails_is_no_absence(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let buyer = buyer(carrier, world, &tenant);
    let mut orders = orders(carrier, world, 6).await;
    let absent = there(orders.pop());
    for order in &orders {
        buy(carrier, &buyer, order).await;
    }
    for fault in FATES {
        for (answered, by_order) in (0..LOOKS).flat_map(|n| [(n, false), (n, true)]) {
            let before = world.asked(Step::Look);
            world.fail_after(Step::Look, answered, fault);
            let looked = if by_order {
                carrier.find_purchase(&buyer, &absent).await
            } else {
                carrier.get(&buyer, &absent.e164).await
            };
            world.calm();
            if world.asked(Step::Look) > before + u64::from(answered) {
                refused(looked, (ErrorKind::Unavailable, Effect::None));
            } else {
                assert_eq!(kept(looked), None, "{fault:?} after {answered}");
            }
        }
    }
}

/// Every kind of open end is told as one, and nothing is sent again.
async fn is_left_open(world: &dyn World, step: Step, change: impl AsyncFn() -> Result<()>) {
    for fault in FATES {
        let before = world.asked(step);
        world.fail(step, fault, 1);
        let open = (ErrorKind::Unavailable, Effect::Unknown);
        refused(change().await, open);
        assert_eq!(world.asked(step), before + 1, "{step:?} {fault:?}");
    }
}

/// Wiring, moving and giving back: what is not answered is of unknown effect, and a look
/// tells what became of it.
pub async fn a_change_that_is_not_answered_is_not_repeated(
    carrier: &dyn Carrier,
    world: &dyn World,
) {
    let from = tenant(carrier, world, "from").await;
    let to = tenant(carrier, world, "to").await;
    let number = own(carrier, world, &from).await;
    let moved = webhooks(carrier, 2);
    let configure = async || carrier.configure(&from.account, &number, &moved).await;
    is_left_open(world, Step::Configure, configure).await;
    let wired = present(carrier, &from.account, &number.e164).await;
    assert!(carrier.wiring(&wired, &moved).complete(), "{wired:?}");
    let mut owner = &from.account;
    if carrier.capabilities().transfer {
        let transfer = async || carrier.transfer(owner, &number, &to.account).await;
        is_left_open(world, Step::Transfer, transfer).await;
        owner = &to.account;
        present(carrier, owner, &number.e164).await;
    }
    world.pass(carrier.capabilities().release_hold + Duration::from_mins(1));
    let release = async || carrier.release(owner, &number).await;
    is_left_open(world, Step::Release, release).await;
    assert_eq!(kept(carrier.get(owner, &number.e164).await), None);
}

/// The same of closing a subproject; once it is closed, it is not there to be closed.
pub async fn a_closure_that_is_not_answered_is_not_repeated(
    carrier: &dyn Carrier,
    world: &dyn World,
) {
    let platform = world.platform();
    let tenant = tenant(carrier, world, "one").await;
    let close = async || carrier.close_subproject(&platform, &tenant.account).await;
    is_left_open(world, Step::CloseSubproject, close).await;
    assert_eq!(world.subprojects(), 0);
    refused(close().await, (ErrorKind::NotFound, Effect::None));
}

/// Secrets that were replaced and not told are replaced again by who looks first.
pub async fn a_lost_replacement_of_secrets_is_made_again(carrier: &dyn Carrier, world: &dyn World) {
    let first = take_over(carrier, world).await;
    let replace = async || look_and_ensure(carrier, world).await.map(drop);
    is_left_open(world, Step::ReplaceSecret, replace).await;
    let second = take_over(carrier, world).await;
    assert_eq!(second.account, first.account);
    assert_eq!(world.subprojects(), 1);
}

/// A sale whose answer is cut off, or that is called refused for a failure within the
/// carrier, is no refusal: looking finds it.
pub async fn a_sale_that_is_told_wrongly_is_found(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let buyer = buyer(carrier, world, &tenant);
    let orders = orders(carrier, world, 2).await;
    for (order, fault) in orders.iter().zip([Fault::Garbled, Fault::FalseRefusal]) {
        let before = world.asked(Step::Purchase);
        world.fail(Step::Purchase, fault, 1);
        let told = carrier
            .purchase(&buyer, order)
            .await
            .map_err(|error| error.effect());
        assert_eq!(told, Err(Effect::Unknown), "{fault:?}");
        let found = there(kept(carrier.find_purchase(&buyer, order).await));
        assert_eq!(found.e164, order.e164);
        assert_eq!(world.sold(&order.e164), 1, "{fault:?}");
        assert_eq!(world.asked(Step::Purchase), before + 1, "{fault:?}");
    }
}
