//! Buying a number: what both APIs do when they sell one.

use serde_json::Value;

use super::{
    call::Desk,
    fields::{Changes, Routing},
    params,
    refusal::Refusal,
    state::Number,
};
use crate::{Carrier, Kind, Rules, clock, ledger::Note};

/// Sells `e164` to the account at the desk, once and for all, and gives the
/// carrier's identifier back.
pub(super) fn buy(
    desk: &mut Desk<'_, '_>,
    e164: &str,
    name: Option<&str>,
    changes: Changes,
) -> Result<String, Refusal> {
    let (world, account) = (&mut *desk.world, &desk.account);
    if !params::is_e164(e164) {
        let message = format!("`{e164}` is not in E.164 format");
        return Err(Refusal::invalid("not_e164", 21401, &message).about("number"));
    }
    let rules = &world.settings.rules;
    if rules.insufficient_balance {
        return Err(Refusal::insufficient_balance());
    }
    if world.signalwire.count_of(account) >= rules.numbers_allowed() {
        return Err(Refusal::account_limit());
    }
    let Some(bought) = world.stock.sell(Carrier::SignalWire, e164) else {
        return Err(could_not(&world.settings.rules));
    };
    let now = world.clock.now();
    let listed_at = clock::later_ms(now, world.settings.rules.settle_delay_ms);
    let mut routing = Routing::default();
    routing.change(changes);
    let number = Number {
        seq: world.signalwire.next_seq(),
        id: world.random.uuid(),
        account: account.clone(),
        name: name.map(str::to_owned),
        bought,
        routing,
        trunk: None,
        purchased_at: now,
        updated_at: now,
        listed_at,
    };
    let id = number.id.clone();
    world.enter(noted(Kind::Purchase, &number));
    world.signalwire.numbers.insert(id.clone(), number);
    Ok(id)
}

/// A number that is not for sale, or not any more.
///
/// The documents name no Compatibility code for it and customers see another native
/// wording than documented, so both are rules.
pub(super) fn could_not(rules: &Rules) -> Refusal {
    let mut refusal = Refusal::invalid(
        "could_not_purchase",
        rules.laml_purchase_refusal_code,
        "The phone number could not be purchased",
    );
    refusal.vague = rules.is_vague();
    refusal.about("number")
}

/// An entry about a number, with the URLs it has now.
pub(super) fn noted(kind: Kind, number: &Number) -> Note {
    let mut note = Note::new(Carrier::SignalWire, kind, &number.account)
        .number(number.e164())
        .reference(number.name.as_deref())
        .id(&number.id);
    for (name, member) in [
        ("voiceUrl", "call_request_url"),
        ("smsUrl", "message_request_url"),
        ("statusUrl", "call_status_callback_url"),
    ] {
        if let Some(url) = number.routing.text(member) {
            note = note.detail(name, Value::from(url));
        }
    }
    note
}
