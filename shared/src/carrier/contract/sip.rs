//! Promises of SIP credentials: one per name, and a password that nobody repeats.
//!
//! A carrier without them says so, and keeps the rest by having none.

use super::{
    Carrier, Effect, ErrorKind, Fault, Judgement, Step, World,
    scene::{Tenant, kept, order, own, refused, tenant},
};
use crate::{
    carrier::{Account, Credentials, SipCredential, SipCredentialRequest, SipPassword},
    domain::E164,
};

const PASSWORD: &str = "a-password-of-ours-7b1f6d0a";
const LOST: Judgement = (ErrorKind::Unavailable, Effect::Unknown);
const GONE: Judgement = (ErrorKind::NotFound, Effect::None);
const REJECTED: Judgement = (ErrorKind::Rejected, Effect::None);

fn request(name: &str, caller_id: &E164) -> SipCredentialRequest {
    SipCredentialRequest {
        username: kept(name.parse()),
        password: SipPassword::new(PASSWORD),
        caller_id: caller_id.clone(),
        display_name: Some("Ünï & Söhne".to_owned()),
    }
}

/// A tenant and what its phone is to be given; none where the carrier has no SIP.
async fn scene(carrier: &dyn Carrier, world: &dyn World) -> Option<(Tenant, SipCredentialRequest)> {
    if !carrier.capabilities().sip_credentials {
        return None;
    }
    let tenant = tenant(carrier, world, "one").await;
    let number = own(carrier, world, &tenant).await;
    Some((tenant, request("line_1", &number.e164)))
}

async fn make(
    carrier: &dyn Carrier,
    account: &Account,
    request: &SipCredentialRequest,
) -> SipCredential {
    kept(carrier.create_sip_credential(account, request, false).await)
}

/// A phone can register with what it was given, at the host it was told; a
/// carrier that has no SIP says so without doing anything.
pub async fn a_sip_credential_lets_a_phone_in(carrier: &dyn Carrier, world: &dyn World) {
    let Some((tenant, request)) = scene(carrier, world).await else {
        let platform = world.platform();
        let unsupported = (ErrorKind::Unsupported, Effect::None);
        let request = request("line_1", &order(carrier, world).await.e164);
        let made = carrier.create_sip_credential(&platform, &request, false);
        refused(made.await, unsupported);
        return;
    };
    let made = make(carrier, &tenant.account, &request).await;
    assert_eq!(made.username, request.username);
    assert!(!made.id.as_str().is_empty() && !made.registrar.is_empty());
    assert_eq!(world.sip_credentials(), 1);
    assert!(world.admits(&made, &request.password));
    assert!(!world.admits(&made, &SipPassword::new("another")));
}

/// Once taken away it lets nobody in, cannot be taken away again, and its name
/// is free.
pub async fn a_sip_credential_is_taken_away_once(carrier: &dyn Carrier, world: &dyn World) {
    let Some((tenant, request)) = scene(carrier, world).await else {
        return;
    };
    let made = make(carrier, &tenant.account, &request).await;
    let delete = || carrier.delete_sip_credential(&tenant.account, &made.id);
    kept(delete().await);
    assert_eq!(world.sip_credentials(), 0);
    assert!(!world.admits(&made, &request.password));
    refused(delete().await, GONE);
    make(carrier, &tenant.account, &request).await;
    refused(delete().await, GONE);
    assert_eq!(world.sip_credentials(), 1);
}

/// A name that is taken is refused, unless the caller says it is ours: then the
/// credential of that very name becomes what is asked for.
pub async fn a_taken_sip_name_is_refused_or_taken_over(carrier: &dyn Carrier, world: &dyn World) {
    let Some((tenant, mut request)) = scene(carrier, world).await else {
        return;
    };
    let account = &tenant.account;
    let made = make(carrier, account, &request).await;
    // Younger ones with names alike are not meant.
    for other in ["line_1.", "line_10", "a-line_1"] {
        make(carrier, account, &self::request(other, &request.caller_id)).await;
    }
    let before = std::mem::replace(&mut request.password, SipPassword::new("the-next"));
    let again = carrier.create_sip_credential(account, &request, false);
    refused(again.await, REJECTED);
    assert!(world.admits(&made, &before));
    let taken = kept(carrier.create_sip_credential(account, &request, true).await);
    assert_eq!(taken, made);
    assert!(world.admits(&taken, &request.password));
    assert!(!world.admits(&taken, &before));
    assert_eq!(world.sip_credentials(), 4);
}

/// Whether it was made cannot be known; looking first settles it either way.
pub async fn a_lost_sip_credential_is_taken_over(carrier: &dyn Carrier, world: &dyn World) {
    let Some((tenant, mut request)) = scene(carrier, world).await else {
        return;
    };
    let account = &tenant.account;
    let mut asked = 0;
    for (name, fault) in [
        ("lost-response", Fault::LostResponse),
        ("lost-request", Fault::LostRequest),
        ("failed", Fault::ServerError),
    ] {
        request.username = kept(name.parse());
        world.fail(Step::CreateSipCredential, fault, 1);
        let made = carrier.create_sip_credential(account, &request, false);
        refused(made.await, LOST);
        asked += 1;
        assert_eq!(world.asked(Step::CreateSipCredential), asked, "{fault:?}");
        let made = kept(carrier.create_sip_credential(account, &request, true).await);
        assert!(world.admits(&made, &request.password), "{fault:?}");
        asked = world.asked(Step::CreateSipCredential);
    }
    assert_eq!(world.sip_credentials(), 3);
}

/// Whether it was taken away cannot be known; asking again settles it.
pub async fn a_lost_removal_of_a_sip_credential_is_asked_again(
    carrier: &dyn Carrier,
    world: &dyn World,
) {
    let Some((tenant, request)) = scene(carrier, world).await else {
        return;
    };
    let made = make(carrier, &tenant.account, &request).await;
    let delete = || carrier.delete_sip_credential(&tenant.account, &made.id);
    world.fail(Step::DeleteSipCredential, Fault::LostRequest, 1);
    refused(delete().await, LOST);
    assert_eq!(world.sip_credentials(), 1);
    world.fail(Step::DeleteSipCredential, Fault::LostResponse, 1);
    refused(delete().await, LOST);
    assert_eq!(world.asked(Step::DeleteSipCredential), 2);
    refused(delete().await, GONE);
    assert_eq!(world.sip_credentials(), 0);
}

/// Bad credentials make nothing and take nothing away, and neither does another
/// account of ours.
pub async fn a_sip_credential_is_its_accounts_own(carrier: &dyn Carrier, world: &dyn World) {
    let Some((tenant, request)) = scene(carrier, world).await else {
        return;
    };
    let stranger = Account {
        id: tenant.account.id.clone(),
        credentials: Credentials::new("not-the-secret"),
    };
    let denied = (ErrorKind::Unauthenticated, Effect::None);
    for look_first in [false, true] {
        let made = carrier.create_sip_credential(&stranger, &request, look_first);
        refused(made.await, denied);
    }
    let made = make(carrier, &tenant.account, &request).await;
    let delete = carrier.delete_sip_credential(&stranger, &made.id);
    refused(delete.await, denied);
    let other = self::tenant(carrier, world, "other").await.account;
    refused(carrier.delete_sip_credential(&other, &made.id).await, GONE);
    // Looking first does not see it there, and the caller's number is not theirs.
    let taken = carrier.create_sip_credential(&other, &request, true);
    refused(taken.await, REJECTED);
    assert_eq!(world.sip_credentials(), 1);
    assert!(world.admits(&made, &request.password));
}

/// The password is in nothing that is printed, and in no book of the carrier's.
pub async fn a_sip_password_is_told_to_nobody(carrier: &dyn Carrier, world: &dyn World) {
    let Some((tenant, request)) = scene(carrier, world).await else {
        return;
    };
    let made = make(carrier, &tenant.account, &request).await;
    let again = carrier.create_sip_credential(&tenant.account, &request, false);
    let taken = refused(again.await, REJECTED);
    world.fail(Step::CreateSipCredential, Fault::LostResponse, 1);
    let next = self::request("line_2", &request.caller_id);
    let again = carrier.create_sip_credential(&tenant.account, &next, false);
    let lost = refused(again.await, LOST);
    let told = [
        format!("{carrier:?} {request:?} {made:?} {taken} {taken:?} {lost} {lost:?}"),
        world.books(),
    ];
    assert!(told.iter().all(|told| !told.contains(PASSWORD)), "{told:?}");
}
