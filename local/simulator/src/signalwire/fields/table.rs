//! The table of a number's configuration: every member, what it may hold, and
//! what the two APIs call it.

use crate::signalwire::{params, refusal::Refusal};

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
    /// The identifier of a thing that no number is pointed at here.
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
pub(super) struct Member {
    /// Its name in the native API.
    pub(super) native: &'static str,
    holds: Holds,
    /// What it has on a fresh number.
    pub(super) start: Option<&'static str>,
    /// Its name in the Compatibility API.
    pub(super) laml: Option<&'static str>,
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
pub(super) const TABLE: [Member; 29] = [
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

impl Member {
    /// The value that `text` leaves behind, or why it is refused under `name`.
    /// A blank text takes the member back to what it was at the start.
    pub(super) fn read(&self, name: &str, text: &str) -> Result<Option<String>, Refusal> {
        if text.is_empty() {
            return Ok(self.start.map(str::to_owned));
        }
        check(self.holds, name, text)?;
        Ok(Some(text.to_owned()))
    }
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
            Refusal::invalid("provided_id_is_unrecognized", 21420, &message)
        }
        Holds::Url | Holds::Method | Holds::Word(_) | Holds::Text => return Ok(()),
    };
    Err(refusal.about(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_laml_names_cover_the_webhooks() {
        let native: BTreeSet<_> = TABLE.iter().map(|member| member.native).collect();
        assert_eq!(native.len(), TABLE.len());
        let laml: BTreeSet<_> = TABLE.iter().filter_map(|member| member.laml).collect();
        assert_eq!(laml.len(), 13);
    }

    #[test]
    fn a_blank_member_is_as_on_a_fresh_number() {
        let method = method("call_request_method", "VoiceMethod");
        assert_eq!(method.read("it", "").unwrap().as_deref(), Some("POST"));
        let url = url("call_request_url", "VoiceUrl");
        assert_eq!(url.read("it", "").unwrap(), None);
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
