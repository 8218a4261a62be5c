//! Projects over the Compatibility API, where they are called accounts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    numbers_laml::paged,
    paging::{self, Page, Wanted},
    params::Params,
    projects,
    refusal::Refusal,
    route::Dialect,
    state::Project,
};

/// `POST /Accounts`: makes a subproject.
pub(super) fn create(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let form = desk.form();
    let name = friendly_name(&form)?;
    let id = projects::create(desk, name, BTreeMap::new())?;
    let project = projects::find(desk, &id)?;
    Ok(Answer::Created(view(project, Some(project.key.expose()))))
}

/// `GET /Accounts`: the caller's project and those below it.
pub(super) fn list(desk: &mut Desk<'_, '_>) -> Outcome {
    let query = desk.query();
    let [number, size, token] = paging::LAML;
    query.only(&["FriendlyName", number, size, token])?;
    let wanted = Wanted::read(&query, Dialect::Laml)?;
    let page = Page::cut(projects::listed(desk, query.filled("FriendlyName")), wanted);
    let items: Vec<Value> = page
        .items
        .iter()
        .map(|project| view(project, None))
        .collect();
    let body = paged(&page, desk.path(), &query, "accounts", &items);
    Ok(Answer::Ok(body))
}

/// `GET /Accounts/{sid}`.
pub(super) fn get(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    projects::find(desk, id).map(|project| Answer::Ok(view(project, None)))
}

/// `POST /Accounts/{sid}`: changes the name; there is no other status than
/// active.
pub(super) fn update(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    projects::find(desk, id)?;
    let form = desk.form();
    let name = friendly_name(&form)?;
    projects::update(desk, id, Some(name), BTreeMap::new())?;
    projects::find(desk, id).map(|project| Answer::Ok(view(project, None)))
}

fn friendly_name(form: &Params) -> Result<&str, Refusal> {
    form.only(&["FriendlyName"])?;
    form.filled("FriendlyName")
        .filter(|name| name.chars().count() <= 64)
        .ok_or_else(|| {
            let message = "The friendly name must be between 1 and 64 characters long";
            Refusal::invalid("missing_required_parameter", 20002, message).about("FriendlyName")
        })
}

/// A project as an account. The token is never shown, the signing key once.
fn view(project: &Project, key: Option<&str>) -> Value {
    let uri = format!("/api/laml/2010-04-01/Accounts/{}", project.id);
    let lists = [
        ("available_phone_numbers", "AvailablePhoneNumbers"),
        ("applications", "Applications"),
        ("calls", "Calls"),
        ("conferences", "Conferences"),
        ("incoming_phone_numbers", "IncomingPhoneNumbers"),
        ("queues", "Queues"),
        ("recordings", "Recordings"),
        ("messages", "Messages"),
        ("transcriptions", "Transcriptions"),
    ];
    let absent = [
        "addresses",
        "authorized_connect_apps",
        "connect_apps",
        "keys",
        "notifications",
        "outgoing_caller_ids",
        "sandbox",
        "sip",
        "short_codes",
        "usage",
    ];
    let mut below: BTreeMap<&str, Option<String>> = absent.map(|name| (name, None)).into();
    below.extend(lists.map(|(name, path)| (name, Some(format!("{uri}/{path}")))));
    json!({
        "sid": project.id,
        "friendly_name": project.name,
        "status": "active",
        "auth_token": "redacted",
        "date_created": super::rfc2822(project.created_at),
        "date_updated": super::rfc2822(project.updated_at),
        "type": "Full",
        "owner_account_sid": project.parent,
        "region_preference": "us",
        "uri": uri,
        "subproject": project.parent.is_some(),
        "signing_key": key,
        "subresource_uris": below,
    })
}
