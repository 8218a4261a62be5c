//! What an owned number does with calls and messages.
//!
//! Kept under the native names; the Compatibility API sees the part of them
//! it has names for.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::Value;

use super::{
    params::{self, Fields, Params},
    refusal::Refusal,
};

/// What a member may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// An absolute http or https URL.
    Url,
    /// `GET` or `POST`.
    Method,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
    /// The identifier of a thing the simulator has none of.
    Foreign,
}

const CALL_HANDLERS: &[&str] = &[
    "relay_context",
    "relay_topic",
    "relay_script",
    "relay_application",
    "laml_webhooks",
];
const MESSAGE_HANDLERS: &[&str] = &[
    "relay_context",
    "relay_topic",
    "relay_application",
    "laml_webhooks",
];
const MODES: &[&str] = &["voice", "fax"];

/// A member of a number's configuration.
#[derive(Clone, Copy, Debug)]
struct Member {
    native: &'static str,
    holds: Holds,
    start: Option<&'static str>,
    laml: Option<&'static str>,
}

const fn member(native: &'static str, holds: Holds) -> Member {
    Member {
        native,
        holds,
        start: None,
        laml: None,
    }
}

const fn url(native: &'static str, laml: &'static str) -> Member {
    Member {
        laml: Some(laml),
        ..member(native, Holds::Url)
    }
}

const fn method(native: &'static str, laml: &'static str) -> Member {
    Member {
        start: Some("POST"),
        laml: Some(laml),
        ..member(native, Holds::Method)
    }
}

const fn foreign(native: &'static str, laml: &'static str) -> Member {
    Member {
        laml: Some(laml),
        ..member(native, Holds::Foreign)
    }
}

const fn handler(native: &'static str, words: &'static [&'static str]) -> Member {
    Member {
        start: Some("laml_webhooks"),
        ..member(native, Holds::Word(words))
    }
}

const RECEIVE_MODE: Member = Member {
    start: Some("voice"),
    laml: Some("VoiceReceiveMode"),
    ..member("call_receive_mode", Holds::Word(MODES))
};

/// Everything a number can be configured with.
const TABLE: [Member; 29] = [
    handler("call_handler", CALL_HANDLERS),
    RECEIVE_MODE,
    url("call_request_url", "VoiceUrl"),
    method("call_request_method", "VoiceMethod"),
    url("call_fallback_url", "VoiceFallbackUrl"),
    method("call_fallback_method", "VoiceFallbackMethod"),
    url("call_status_callback_url", "StatusCallback"),
    method("call_status_callback_method", "StatusCallbackMethod"),
    foreign("call_laml_application_id", "VoiceApplicationSid"),
    member("call_dialogflow_agent_id", Holds::Foreign),
    member("call_relay_topic", Holds::Text),
    member("call_relay_topic_status_callback_url", Holds::Url),
    member("call_relay_script_url", Holds::Url),
    member("call_relay_context", Holds::Text),
    member("call_relay_context_status_callback_url", Holds::Url),
    member("call_relay_application", Holds::Text),
    member("call_relay_connector_id", Holds::Foreign),
    member("call_sip_endpoint_id", Holds::Foreign),
    member("call_verto_resource", Holds::Foreign),
    member("call_video_room_id", Holds::Foreign),
    handler("message_handler", MESSAGE_HANDLERS),
    url("message_request_url", "SmsUrl"),
    method("message_request_method", "SmsMethod"),
    url("message_fallback_url", "SmsFallbackUrl"),
    method("message_fallback_method", "SmsFallbackMethod"),
    foreign("message_laml_application_id", "SmsApplicationSid"),
    member("message_relay_topic", Holds::Text),
    member("message_relay_context", Holds::Text),
    member("message_relay_application", Holds::Text),
];

/// The native names a number can be configured with.
pub(super) fn native_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|member| member.native)
}

/// The Compatibility names a number can be configured with.
pub(super) fn laml_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter_map(|member| member.laml)
}

/// Members to be changed.
pub(super) type Changes = BTreeMap<&'static str, Option<String>>;

/// Where a number's calls and messages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Routing {
    members: Changes,
}

impl Default for Routing {
    /// As a number is right after a purchase: Compatibility handlers without URLs.
    fn default() -> Self {
        let start = |member: &Member| (member.native, member.start.map(str::to_owned));
        Self {
            members: TABLE.iter().map(start).collect(),
        }
    }
}

impl Routing {
    pub(super) fn text(&self, native: &str) -> Option<&str> {
        self.members.get(native)?.as_deref()
    }

    /// The member as it is sent: a text or `null`.
    pub(super) fn value(&self, native: &str) -> Value {
        self.text(native).map_or(Value::Null, Value::from)
    }

    pub(super) fn change(&mut self, changes: Changes) {
        self.members.extend(changes);
    }
}

/// The changes in a native request.
pub(super) fn native_changes(fields: &Fields) -> Result<Changes, Refusal> {
    let mut changes = Changes::new();
    for Member {
        native,
        holds,
        start,
        ..
    } in TABLE
    {
        if !fields.members.contains_key(native) {
            continue;
        }
        let text = fields.text(native)?.filter(|text| !text.is_empty());
        if let Some(text) = text {
            check(holds, native, text)?;
        }
        let text = text.or_else(|| start.filter(|_| holds != Holds::Url));
        changes.insert(native, text.map(str::to_owned));
    }
    Ok(changes)
}

/// The changes in a Compatibility request. An empty value takes a URL away; a URL
/// makes the number answer with cXML.
pub(super) fn laml_changes(form: &Params) -> Result<Changes, Refusal> {
    let mut changes = Changes::new();
    for Member {
        native,
        holds,
        start,
        laml,
    } in TABLE
    {
        let Some((name, text)) = laml.and_then(|name| Some((name, form.get(name)?))) else {
            continue;
        };
        let text = Some(text).filter(|text| !text.is_empty());
        if let Some(text) = text {
            check(holds, name, text)?;
        }
        let handler = match native {
            "call_request_url" => Some("call_handler"),
            "message_request_url" => Some("message_handler"),
            _ => None,
        };
        if let Some(handler) = handler {
            changes.insert(handler, Some("laml_webhooks".to_owned()));
        }
        let text = text.or_else(|| start.filter(|_| holds != Holds::Url));
        changes.insert(native, text.map(str::to_owned));
    }
    Ok(changes)
}

fn check(holds: Holds, name: &str, text: &str) -> Result<(), Refusal> {
    let refusal = match holds {
        Holds::Url if !params::is_url(text) => Refusal::invalid(
            "not_an_http_url",
            21402,
            &format!("`{name}` must be an HTTP or HTTPS URL"),
        ),
        Holds::Method if !["GET", "POST"].contains(&text) => Refusal::invalid(
            "invalid_http_method",
            21209,
            &format!("`{name}` must be GET or POST"),
        ),
        Holds::Word(words) if !words.contains(&text) => Refusal::invalid(
            "invalid_parameter",
            21209,
            &format!("`{name}` must be one of {}", words.join(", ")),
        ),
        Holds::Foreign => {
            let message = format!("`{name}` names nothing in this project");
            let refusal = Refusal::invalid("provided_id_is_unrecognized", 21420, &message);
            refusal.status(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Holds::Url | Holds::Method | Holds::Word(_) | Holds::Text => return Ok(()),
    };
    Err(refusal.about(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_laml_names_cover_the_webhooks() {
        let native: std::collections::BTreeSet<_> = native_names().collect();
        assert_eq!(native.len(), TABLE.len());
        assert_eq!(laml_names().count(), 13);
    }

    #[test]
    fn what_is_wrong_is_refused_by_name() {
        for (holds, text, code, laml) in [
            (Holds::Url, "hooks", "not_an_http_url", 21402),
            (Holds::Method, "post", "invalid_http_method", 21209),
            (Holds::Word(MODES), "tty", "invalid_parameter", 21209),
            (Holds::Foreign, "x", "provided_id_is_unrecognized", 21420),
        ] {
            let refusal = check(holds, "it", text).unwrap_err();
            assert_eq!((refusal.code, refusal.laml), (code, laml));
            assert_eq!(refusal.field.as_deref(), Some("it"));
        }
        assert_eq!(check(Holds::Text, "it", "anything"), Ok(()));
    }
}
