//! Owned numbers over the Compatibility API:
//! `/Accounts/{sid}/IncomingPhoneNumbers`.

use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    fields,
    numbers::{self, Named, Naming},
    paging::{self, Page, Wanted},
    params::Params,
    purchase,
    refusal::Refusal,
    route::Dialect,
    state::{Number, pretty},
};
use crate::Rules;

/// Characters of the name that an update gives.
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 1..=255;

/// `POST`: buys a number and points it at its webhooks in one go.
pub(super) fn buy(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let form = desk.form();
    let mut known: Vec<&str> = fields::laml_names().collect();
    known.extend(["PhoneNumber", "FriendlyName"]);
    form.only(&known)?;
    let number = form.filled("PhoneNumber").ok_or_else(|| {
        let message = "A phone number must be provided to purchase a number";
        Refusal::invalid("missing_required_parameter", 21421, message).about("PhoneNumber")
    })?;
    let changes = fields::laml_changes(&form)?;
    let id = purchase::buy(desk, number, form.filled("FriendlyName"), changes)?;
    let number = numbers::find(desk, &id)?;
    Ok(Answer::Created(view(number, &desk.world.settings.rules)))
}

/// `GET`: the account's numbers, a page at a time.
pub(super) fn list(desk: &mut Desk<'_, '_>) -> Outcome {
    let query = desk.query();
    let [number, size, token] = paging::LAML;
    query.only(&["PhoneNumber", "FriendlyName", number, size, token])?;
    let wanted = Wanted::read(&query, Dialect::Laml)?;
    let rules = &desk.world.settings.rules;
    let part = query.filled("PhoneNumber");
    let name = query.filled("FriendlyName").map(Named::Exactly);
    let mut list = numbers::listed(desk, part, name);
    if !rules.laml_plus_is_literal && part.is_some_and(|part| part.contains('+')) {
        list.clear();
    }
    let page = Page::cut(list, wanted);
    let items: Vec<Value> = page.items.iter().map(|it| view(it, rules)).collect();
    let body = paged(&page, desk.path(), &query, "incoming_phone_numbers", &items);
    Ok(Answer::Ok(body))
}

/// A Compatibility page: the list under its own name, `next_page_uri` null at the end.
pub(super) fn paged<T>(
    page: &Page<T>,
    path: &str,
    query: &Params,
    name: &str,
    items: &[Value],
) -> Value {
    let links = page.links(path, query, Dialect::Laml);
    json!({
        "uri": links.current,
        "first_page_uri": links.first,
        "next_page_uri": links.next,
        "previous_page_uri": links.previous,
        "page": page.wanted().page,
        "page_size": page.wanted().size,
        name: items,
    })
}

/// `GET /{sid}`.
pub(super) fn get(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    shown(desk, id)
}

fn shown(desk: &Desk<'_, '_>, id: &str) -> Outcome {
    let rules = &desk.world.settings.rules;
    numbers::find(desk, id).map(|number| Answer::Ok(view(number, rules)))
}

/// `POST /{sid}`: changes name and routing; with `AccountSid` also the owner.
pub(super) fn update(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    numbers::find(desk, id)?;
    let form = desk.form();
    let mut known: Vec<&str> = fields::laml_names().collect();
    known.extend(["FriendlyName", "AccountSid", "EmergencyAddressSid"]);
    form.only(&known)?;
    if form.filled("EmergencyAddressSid").is_some() {
        let message = "The E911 address ID provided is not valid";
        return Err(Refusal::invalid(
            "provided_id_is_unrecognized",
            22109,
            message,
        ));
    }
    let changes = fields::laml_changes(&form)?;
    let naming = match form.get("FriendlyName") {
        Some(name) if !NAME_LENGTH.contains(&name.chars().count()) => {
            let message = "`FriendlyName` has 1 to 255 characters";
            return Err(Refusal::invalid_parameter("FriendlyName", message));
        }
        Some(name) => Naming::As(Some(name)),
        None => Naming::Kept,
    };
    // A refused transfer must not leave half of the request done.
    if let Some(to) = form.filled("AccountSid") {
        numbers::transfer(desk, id, to)?;
        to.clone_into(&mut desk.account);
    }
    if naming != Naming::Kept || !changes.is_empty() {
        numbers::configure(desk, id, naming, changes)?;
    }
    shown(desk, id)
}

/// `DELETE /{sid}`.
pub(super) fn release(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    numbers::release(desk, id)?;
    Ok(Answer::Gone)
}

/// A number as the Compatibility API shows it.
fn view(number: &Number, rules: &Rules) -> Value {
    let routing = |name| number.routing.value(name);
    let texts = number.bought.texts();
    let friendly_name = if rules.laml_shows_names {
        number.friendly_name()
    } else {
        pretty(&number.bought)
    };
    let mut view = json!({
        "sid": number.id,
        "account_sid": number.account,
        "account_id": number.account,
        "phone_number": number.e164(),
        "friendly_name": friendly_name,
        "country_code": number.bought.country,
        "origin": "signalwire",
        "api_version": "2010-04-01",
        "beta": false,
        "capabilities": {"voice": true, "sms": texts, "mms": texts, "fax": true},
        "address_requirements": "none",
        "address_sid": null,
        "identity_sid": null,
        "trunk_sid": number.trunk,
        "emergency_status": "Inactive",
        "emergency_address_sid": null,
        "voice_caller_id_lookup": null,
        "date_created": super::rfc2822(number.purchased_at),
        "date_updated": super::rfc2822(number.updated_at),
        "uri": super::laml_uri(&number.account, "IncomingPhoneNumbers", &number.id),
    });
    if let Some(members) = view.as_object_mut() {
        let names = [
            ("voice_url", "call_request_url"),
            ("voice_method", "call_request_method"),
            ("voice_fallback_url", "call_fallback_url"),
            ("voice_fallback_method", "call_fallback_method"),
            ("voice_application_sid", "call_laml_application_id"),
            ("sms_url", "message_request_url"),
            ("sms_method", "message_request_method"),
            ("sms_fallback_url", "message_fallback_url"),
            ("sms_fallback_method", "message_fallback_method"),
            ("sms_application_sid", "message_laml_application_id"),
            ("status_callback", "call_status_callback_url"),
            ("status_callback_method", "call_status_callback_method"),
        ];
        members.extend(names.map(|(laml, native)| (laml.to_owned(), routing(native))));
        if number.bought.toll_free {
            members.insert("verification_status".to_owned(), "unverified".into());
        }
    }
    view
}
