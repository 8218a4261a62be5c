//! Where a number's calls and messages go, as the Compatibility API shows it.
//!
//! A trunk goes before an application, and that before an address. What the native
//! API calls handlers (scripts, agents, resources) is not shown here.

use serde::{Deserialize, Deserializer};

use crate::carrier::{Route, Routes};

/// The members of a number that say where its events go.
#[derive(Default, Deserialize)]
pub(super) struct Routing {
    voice_url: Option<String>,
    voice_method: Option<String>,
    #[serde(default)]
    voice_fallback_url: Shown,
    voice_fallback_method: Option<String>,
    voice_application_sid: Option<String>,
    trunk_sid: Option<String>,
    sms_url: Option<String>,
    sms_method: Option<String>,
    #[serde(default)]
    sms_fallback_url: Shown,
    sms_fallback_method: Option<String>,
    sms_application_sid: Option<String>,
    #[serde(default)]
    status_callback: Shown,
    status_callback_method: Option<String>,
}

/// A member that may be left out, which is not the same as null: null is said.
#[derive(Default)]
enum Shown {
    #[default]
    Nothing,
    Value(Option<String>),
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Value)
    }
}

impl From<Routing> for Routes {
    fn from(routing: Routing) -> Self {
        let voice = if is_set(routing.trunk_sid.as_deref()) {
            Route::Trunk
        } else if is_set(routing.voice_application_sid.as_deref()) {
            Route::Application
        } else {
            address(routing.voice_url, routing.voice_method)
        };
        let sms = if is_set(routing.sms_application_sid.as_deref()) {
            Route::Application
        } else {
            address(routing.sms_url, routing.sms_method)
        };
        Self {
            voice,
            voice_fallback: shown_address(
                routing.voice_fallback_url,
                routing.voice_fallback_method,
            ),
            sms,
            sms_fallback: shown_address(routing.sms_fallback_url, routing.sms_fallback_method),
            status: shown_address(routing.status_callback, routing.status_callback_method),
        }
    }
}

/// An address that is not shown is taken as not set: calls and messages are not
/// believed to arrive without it.
fn address(url: Option<String>, method: Option<String>) -> Route {
    match url {
        Some(url) if is_set(Some(&url)) => Route::Address { url, method },
        Some(_) | None => Route::Unset,
    }
}

/// An address that the carrier may leave out of its answer.
fn shown_address(url: Shown, method: Option<String>) -> Route {
    match url {
        Shown::Value(url) => address(url, method),
        Shown::Nothing => Route::Hidden,
    }
}

fn is_set(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Route, Routes, Routing};

    const OURS: &str = "https://hooks.example.com/x";

    fn routes(members: Value) -> Routes {
        let routing: Routing = serde_json::from_value(members).unwrap();
        routing.into()
    }

    fn at(method: &str) -> Route {
        Route::Address {
            url: OURS.to_owned(),
            method: Some(method.to_owned()),
        }
    }

    #[test]
    fn addresses_are_read_with_their_methods() {
        let read = routes(json!({
            "voice_url": OURS, "voice_method": "GET",
            "voice_fallback_url": OURS, "voice_fallback_method": "POST",
            "sms_url": OURS, "sms_method": "POST",
            "sms_fallback_url": OURS, "sms_fallback_method": "GET",
            "status_callback": OURS, "status_callback_method": "POST",
            "voice_application_sid": null, "sms_application_sid": "", "trunk_sid": null,
        }));
        let expected = Routes {
            voice: at("GET"),
            voice_fallback: at("POST"),
            sms: at("POST"),
            sms_fallback: at("GET"),
            status: at("POST"),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_null_is_not_set_and_what_is_missing_is_hidden() {
        let null = json!({"voice_fallback_url": null, "sms_url": "", "status_callback": null});
        let expected = Routes {
            voice: Route::Unset,
            voice_fallback: Route::Unset,
            sms: Route::Unset,
            sms_fallback: Route::Hidden,
            status: Route::Unset,
        };
        assert_eq!(routes(null), expected);
    }

    #[test]
    fn a_trunk_goes_before_an_application_and_that_before_an_address() {
        let both = routes(json!({
            "voice_url": OURS, "voice_application_sid": "app", "trunk_sid": "trunk",
            "sms_url": OURS, "sms_application_sid": "app",
        }));
        assert_eq!(both.voice, Route::Trunk);
        assert_eq!(both.sms, Route::Application);
        let application = routes(json!({"voice_url": OURS, "voice_application_sid": "app"}));
        assert_eq!(application.voice, Route::Application);
        assert_eq!(application.sms, Route::Unset);
    }
}
