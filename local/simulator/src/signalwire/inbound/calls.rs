//! Telling the customer about calls to a number.

use serde_json::json;

use super::{Parties, Subject, callbacks, webhook};
use crate::{Inbound, InboundError, inbound::Telling, signalwire::rfc2822, world::World};

/// A call rings; the customer is asked what to do with it.
pub(super) fn ringing(world: &mut World, inbound: &Inbound) -> Result<Telling, InboundError> {
    let parties = Parties::read(world, inbound)?;
    let id = inbound.id.clone().unwrap_or_else(|| world.random.uuid());
    match parties.handler(inbound, "call_handler") {
        "relay_script" => return script(world, inbound, parties, id),
        "laml_webhooks" => {}
        _ => return Err(InboundError::NoUrl(parties.to)),
    }
    let target = parties.target(inbound, "call_request")?;
    let fallback = parties.fallback(inbound, "call_fallback");
    let params = [
        ("CallSid", id.clone()),
        ("AccountSid", parties.account.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("Direction", "inbound".to_owned()),
        ("From", parties.from.clone()),
        ("To", parties.to.clone()),
        ("CallStatus", "ringing".to_owned()),
    ];
    let params = params.map(|(name, value)| (name.to_owned(), value));
    let key = callbacks::key(world, &parties.account, inbound.signing);
    let targets = (target, fallback);
    parties.tell(key.as_deref(), id, &params, Subject::Call, targets)
}

/// A number answered by a script is told in JSON, signed over the raw body.
fn script(
    world: &World,
    inbound: &Inbound,
    parties: Parties,
    id: String,
) -> Result<Telling, InboundError> {
    let number = parties.number.as_ref();
    let url = number.and_then(|number| number.routing.text("call_relay_script_url"));
    let url = url.ok_or_else(|| InboundError::NoUrl(parties.to.clone()))?;
    let body = json!({
        "call": {
            "call_id": id,
            "call_state": "created",
            "direction": "inbound",
            "type": "phone",
            "from": parties.from,
            "to": parties.to,
            "headers": [],
            "project_id": parties.account,
        },
        "vars": {},
        "envs": {},
        "params": {},
    });
    let key = callbacks::key(world, &parties.account, inbound.signing);
    let main = webhook::json(url, &body.to_string(), key.as_deref(), Subject::Call)
        .ok_or_else(|| InboundError::BadUrl(url.to_owned()))?;
    Ok(Telling {
        id,
        account: parties.account,
        number: Some(parties.to),
        main,
        fallback: None,
    })
}

/// A call has ended; the number's status callback hears of it.
pub(super) fn ended(world: &mut World, inbound: &Inbound) -> Result<Telling, InboundError> {
    let parties = Parties::read(world, inbound)?;
    let status = inbound.status.as_deref().unwrap_or("completed");
    if !["completed", "failed"].contains(&status) {
        return Err(InboundError::UnknownStatus(status.to_owned()));
    }
    let target = parties.target(inbound, "call_status_callback")?;
    let id = inbound.id.clone().unwrap_or_else(|| world.random.uuid());
    let params = [
        ("CallSid", id.clone()),
        ("AccountSid", parties.account.clone()),
        ("From", parties.from.clone()),
        ("To", parties.to.clone()),
        ("Timestamp", rfc2822(world.now())),
        ("CallStatus", status.to_owned()),
        ("CallDuration", inbound.duration.unwrap_or(12).to_string()),
        ("AudioInMos", "4.50".to_owned()),
    ];
    let params = params.map(|(name, value)| (name.to_owned(), value));
    let key = callbacks::key(world, &parties.account, inbound.signing);
    parties.tell(key.as_deref(), id, &params, Subject::Call, (target, None))
}
