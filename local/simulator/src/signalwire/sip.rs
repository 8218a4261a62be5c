//! SIP endpoints, and the profile of a project that they share.
//!
//! Both are of the native API: `/api/relay/rest/endpoints/sip`, deprecated and
//! described (2026-08-21), and `/api/relay/rest/sip_profile`. Calls that come in
//! for an endpoint ring its phone; handlers for them are not simulated.

mod profile;
mod settings;

use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    numbers_native::paged,
    paging::{self, Page, Wanted},
    refusal::Refusal,
    route::{Dialect, Sip},
    state::State,
};
use crate::{Carrier, Kind, Registration, ledger::Note};

use settings::Settings;

/// A SIP endpoint of a project.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    seq: u64,
    id: String,
    pub(super) account: String,
    settings: Settings,
}

/// Serves one of the endpoints of this module.
pub(super) fn answer(desk: &mut Desk<'_, '_>, action: Sip<'_>) -> Outcome {
    if action != Sip::List {
        desk.query().only(&[])?;
    }
    match action {
        Sip::Profile => Ok(Answer::Ok(profile::view(&desk.account))),
        Sip::List => list(desk),
        Sip::Create => create(desk),
        Sip::Get(id) => find(desk, id).map(|endpoint| Answer::Ok(view(endpoint))),
        Sip::Update(id) => update(desk, id),
        Sip::Delete(id) => delete(desk, id),
    }
}

/// Whether a phone is let in.
pub(crate) fn registers(state: &State, phone: &Registration) -> bool {
    state.sip_endpoints.values().any(|endpoint| {
        profile::domain(&endpoint.account) == phone.domain
            && endpoint.settings.username == phone.username
            && endpoint.settings.password == phone.password
    })
}

/// `POST`: makes an endpoint; 200, not 201.
fn create(desk: &mut Desk<'_, '_>) -> Outcome {
    let fields = desk.fields()?;
    let settings = Settings::new(&fields)?;
    settings.check(desk, None)?;
    let world = &mut *desk.world;
    let endpoint = Endpoint {
        seq: world.signalwire.next_seq(),
        id: world.random.uuid(),
        account: desk.account.clone(),
        settings,
    };
    Ok(enter(desk, Kind::SipCredential, endpoint))
}

/// `PUT /{id}`: changes what it names.
fn update(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    let mut endpoint = find(desk, id)?.clone();
    let fields = desk.fields()?;
    endpoint.settings.change(&fields)?;
    endpoint.settings.check(desk, Some(id))?;
    Ok(enter(desk, Kind::SipCredentialUpdate, endpoint))
}

fn enter(desk: &mut Desk<'_, '_>, kind: Kind, endpoint: Endpoint) -> Answer {
    let (note, view) = (noted(kind, &endpoint), view(&endpoint));
    let endpoints = &mut desk.world.signalwire.sip_endpoints;
    endpoints.insert(endpoint.id.clone(), endpoint);
    desk.world.enter(note);
    Answer::Ok(view)
}

/// `DELETE /{id}`.
fn delete(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    let note = noted(Kind::SipCredentialDeletion, find(desk, id)?);
    desk.world.signalwire.sip_endpoints.remove(id);
    desk.world.enter(note);
    Ok(Answer::Gone)
}

/// `GET`: the project's endpoints, a page at a time.
fn list(desk: &Desk<'_, '_>) -> Outcome {
    let query = desk.query();
    let [number, size, token] = paging::NATIVE;
    query.only(&["filter_username", "filter_caller_id", number, size, token])?;
    let wanted = Wanted::read(&query, Dialect::Relay)?;
    let named = |part: &str, text: Option<&str>| text.is_some_and(|text| text.contains(part));
    let mut found: Vec<(u64, &Endpoint)> = own(desk)
        .filter(|endpoint| {
            let username = Some(endpoint.settings.username.as_str());
            let part = query.filled("filter_username");
            part.is_none_or(|part| named(part, username))
        })
        .filter(|endpoint| {
            let part = query.filled("filter_caller_id");
            part.is_none_or(|part| named(part, endpoint.settings.caller_id.as_deref()))
        })
        .map(|endpoint| (endpoint.seq, endpoint))
        .collect();
    found.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    let page = Page::cut(found, wanted);
    let data: Vec<Value> = page.items.iter().map(|endpoint| view(endpoint)).collect();
    Ok(Answer::Ok(paged(&page, desk.path(), &query, &data)))
}

/// The caller's own endpoints.
fn own<'d>(desk: &'d Desk<'_, '_>) -> impl Iterator<Item = &'d Endpoint> {
    let endpoints = desk.world.signalwire.sip_endpoints.values();
    endpoints.filter(|endpoint| endpoint.account == desk.account)
}

fn find<'d>(desk: &'d Desk<'_, '_>, id: &str) -> Result<&'d Endpoint, Refusal> {
    own(desk)
        .find(|endpoint| endpoint.id == id)
        .ok_or_else(Refusal::not_found)
}

/// An endpoint as it is shown: never with its password.
fn view(endpoint: &Endpoint) -> Value {
    let Settings {
        username,
        password: _,
        caller_id,
        send_as,
        ciphers,
        codecs,
        encryption,
    } = &endpoint.settings;
    let mut view = json!({
        "type": "sip_endpoint",
        "id": endpoint.id,
        "username": username,
        "caller_id": caller_id,
        "send_as": send_as,
        "ciphers": ciphers,
        "codecs": codecs,
        "encryption": encryption,
    });
    if let Some(members) = view.as_object_mut() {
        let handling = HANDLING.map(|name| (name.to_owned(), Value::Null));
        members.extend(handling);
    }
    view
}

/// Members that say what becomes of a call to the endpoint: shown, and without a value.
const HANDLING: [&str; 17] = [
    "call_handler",
    "calling_handler_resource_id",
    "call_request_url",
    "call_request_method",
    "call_fallback_url",
    "call_fallback_method",
    "call_status_callback_url",
    "call_status_callback_method",
    "call_laml_application_id",
    "call_dialogflow_agent_id",
    "call_relay_topic",
    "call_relay_topic_status_callback_url",
    "call_relay_context",
    "call_relay_context_status_callback_url",
    "call_relay_application",
    "call_video_room_id",
    "call_relay_script_url",
];

fn noted(kind: Kind, endpoint: &Endpoint) -> Note {
    let note = Note::new(Carrier::SignalWire, kind, &endpoint.account)
        .id(&endpoint.id)
        .reference(Some(&endpoint.settings.username));
    match endpoint.settings.number() {
        Some(number) => note.number(number),
        None => note,
    }
}
