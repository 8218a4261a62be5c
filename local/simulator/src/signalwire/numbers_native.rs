//! Owned numbers over the native API: `/api/relay/rest/phone_numbers`.

use serde_json::{Map, Value, json};

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
    state::Number,
};

/// `POST`: buys a number. Name and webhooks cannot be given here; 200, not 201.
pub(super) fn buy(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let fields = desk.fields()?;
    fields.only(&["number"])?;
    let number = fields.required("number")?;
    let id = purchase::buy(desk, number, None, fields::Changes::new())?;
    shown(desk, &id)
}

/// `GET`: the account's numbers, a page at a time.
pub(super) fn list(desk: &mut Desk<'_, '_>) -> Outcome {
    let query = desk.query();
    let [number, size, token] = paging::NATIVE;
    query.only(&["filter_number", "filter_name", number, size, token])?;
    let wanted = Wanted::read(&query, Dialect::Relay)?;
    let part = query.filled("filter_number");
    let name = query.filled("filter_name").map(Named::Containing);
    let list = numbers::listed(desk, part, name);
    let page = Page::cut(list, wanted);
    let data: Vec<Value> = page.items.iter().map(|number| view(number)).collect();
    Ok(Answer::Ok(paged(&page, desk.path(), &query, &data)))
}

/// A native page: `links` and `data`; `next` is left out at the end.
pub(super) fn paged<T>(page: &Page<T>, path: &str, query: &Params, data: &[Value]) -> Value {
    let found = page.links(path, query, Dialect::Relay);
    let mut links = Map::new();
    links.insert("self".to_owned(), found.current.into());
    links.insert("first".to_owned(), found.first.into());
    if let Some(next) = found.next {
        links.insert("next".to_owned(), next.into());
    }
    if let Some(previous) = found.previous {
        links.insert("prev".to_owned(), previous.into());
    }
    json!({"links": links, "data": data})
}

/// `GET /{id}`.
pub(super) fn get(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    shown(desk, id)
}

/// `PUT /{id}`: changes name and routing.
pub(super) fn update(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    numbers::find(desk, id)?;
    let body = desk.fields()?;
    let mut known: Vec<&str> = fields::native_names().collect();
    known.push("name");
    body.only(&known)?;
    let naming = if body.members.contains_key("name") {
        Naming::As(body.text("name")?)
    } else {
        Naming::Kept
    };
    let changes = fields::native_changes(&body)?;
    numbers::configure(desk, id, naming, changes)?;
    shown(desk, id)
}

/// `DELETE /{id}`.
pub(super) fn release(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    numbers::release(desk, id)?;
    Ok(Answer::Gone)
}

fn shown(desk: &Desk<'_, '_>, id: &str) -> Outcome {
    numbers::find(desk, id)
        .map(|number| Answer::Ok(view(number)))
        .map_err(|_| Refusal::not_found())
}

/// A number as the native API shows it.
fn view(number: &Number) -> Value {
    let month = jiff::Span::new().months(1);
    let billed = number
        .purchased_at
        .to_zoned(jiff::tz::TimeZone::UTC)
        .checked_add(month)
        .map_or(number.purchased_at, |billed| billed.timestamp());
    let mut view = json!({
        "id": number.id,
        "number": number.e164(),
        "name": number.name,
        "capabilities": number.bought.capabilities(),
        "number_type": if number.bought.toll_free { "toll-free" } else { "longcode" },
        "country_code": number.bought.country,
        "e911_address_id": null,
        "e911_status": null,
        "created_at": super::iso(number.purchased_at),
        "updated_at": super::iso(number.updated_at),
        "next_billed_at": super::iso(billed),
        "calling_handler_resource_id": null,
        "messaging_handler_resource_id": null,
    });
    if let Some(members) = view.as_object_mut() {
        let routing =
            fields::native_names().map(|name| (name.to_owned(), number.routing.value(name)));
        members.extend(routing);
    }
    view
}
