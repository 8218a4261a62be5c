//! Promises of subprojects: one per name, and never one without its secrets.

use std::time::Duration;

use super::{
    Carrier, Effect, ErrorKind, Fault, Step, World,
    scene::{kept, own, refused, tenant},
};
use crate::carrier::{Account, CreatedSubproject, Result};

pub(super) const NAME: &str = "numberline-ws_1";

pub(super) async fn take_over(carrier: &dyn Carrier, world: &dyn World) -> CreatedSubproject {
    kept(look_and_ensure(carrier, world).await)
}

/// What a second attempt does: it looks, and takes over what is there.
pub(super) async fn look_and_ensure(
    carrier: &dyn Carrier,
    world: &dyn World,
) -> Result<CreatedSubproject> {
    let platform = world.platform();
    let known = carrier.find_subproject(&platform, NAME).await?;
    carrier
        .ensure_subproject(&platform, NAME, known.as_ref())
        .await
}

fn account(made: CreatedSubproject) -> Account {
    Account {
        id: made.account,
        credentials: made.credentials,
    }
}

/// A new subproject's secrets open it, and it is not the platform's account.
pub async fn a_new_subproject_can_be_used_at_once(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    assert_ne!(tenant.account.id, world.platform().id);
    let number = own(carrier, world, &tenant).await;
    assert_eq!(number.account, tenant.account.id);
}

/// Looking first finds the subproject of that very name and replaces its
/// secrets; with none to find, one is made.
pub async fn a_subproject_is_taken_over_with_new_secrets(carrier: &dyn Carrier, world: &dyn World) {
    // Others with names alike are not meant.
    for other in ["ws_1 ", "ws_10", "ws_"] {
        tenant(carrier, world, other).await;
    }
    let first = take_over(carrier, world).await;
    assert_eq!(world.subprojects(), 4);
    let second = take_over(carrier, world).await;
    assert_eq!(second.account, first.account);
    assert_ne!(second.credentials.expose(), first.credentials.expose());
    assert_ne!(second.webhook_key.expose(), first.webhook_key.expose());
    assert_eq!(world.subprojects(), 4);
    kept(carrier.check_credentials(&account(second)).await);
}

/// It exists but nobody can open it: the outcome is unknown, and looking first
/// takes it over instead of making a second.
pub async fn an_interrupted_creation_is_taken_over(carrier: &dyn Carrier, world: &dyn World) {
    for (fault, kind) in [
        (Fault::LostRequest, ErrorKind::Unavailable),
        (Fault::LostResponse, ErrorKind::Unavailable),
        (Fault::RateLimit, ErrorKind::RateLimited),
    ] {
        world.fail(Step::CreateSecret, fault, 1);
        let made = look_and_ensure(carrier, world).await;
        refused(made, (kind, Effect::Unknown));
        assert_eq!(world.subprojects(), 1, "{fault:?}");
    }
    let made = take_over(carrier, world).await;
    assert_eq!(world.subprojects(), 1);
    kept(carrier.check_credentials(&account(made)).await);
}

/// The same when the answer to the creation itself is lost.
pub async fn a_lost_creation_is_taken_over(carrier: &dyn Carrier, world: &dyn World) {
    let platform = world.platform();
    world.fail(Step::CreateSubproject, Fault::LostResponse, 1);
    let made = carrier.ensure_subproject(&platform, NAME, None).await;
    refused(made, (ErrorKind::Unavailable, Effect::Unknown));
    assert_eq!(world.asked(Step::CreateSubproject), 1);
    take_over(carrier, world).await;
    assert_eq!(world.subprojects(), 1);
}

/// A subproject that owns a number stays; an empty one is closed, and is then gone.
pub async fn a_subproject_is_closed_once_it_owns_nothing(carrier: &dyn Carrier, world: &dyn World) {
    let platform = world.platform();
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    let close = || carrier.close_subproject(&platform, &tenant.account);
    refused(close().await, (ErrorKind::Rejected, Effect::None));
    world.pass(carrier.capabilities().release_hold + Duration::from_mins(1));
    kept(carrier.release(&tenant.account, &number).await);
    kept(close().await);
    assert_eq!(world.subprojects(), 0);
    refused(close().await, (ErrorKind::NotFound, Effect::None));
}
