//! Where a number's events go as its carrier shows it, against where we set them to go.

use crate::domain::{
    Webhooks,
    verify::{Channel, Fault, VerifyCode, works},
    webhooks::WebhookKind,
};

/// Where one kind of events goes, as a carrier shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The carrier does not show it, so nothing can be said.
    #[default]
    Hidden,
    /// Nowhere.
    Unset,
    /// To an address.
    Address {
        /// Which.
        url: String,
        /// By which HTTP method, if the carrier shows it.
        method: Option<String>,
    },
    /// To an application at the carrier, whatever address is set.
    Application,
    /// To a trunk, whatever address or application is set.
    Trunk,
}

/// Where a number's events go, as its carrier shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    /// Calls.
    pub voice: Route,
    /// Calls, when the first address fails.
    pub voice_fallback: Route,
    /// Messages.
    pub sms: Route,
    /// Messages, when the first address fails.
    pub sms_fallback: Route,
    /// News of calls.
    pub status: Route,
}

/// What keeps a number's events from coming to us, by what its carrier shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WiringReport {
    /// What is wrong, channel by channel.
    pub faults: Vec<Fault>,
}

impl Route {
    /// To `url`, by POST.
    #[must_use]
    pub fn to(url: impl Into<String>) -> Self {
        Self::Address {
            url: url.into(),
            method: Some("POST".to_owned()),
        }
    }

    /// What is wrong where events shall be posted to `ours`.
    fn fault(&self, ours: &str) -> Option<VerifyCode> {
        match self {
            Self::Hidden => None,
            Self::Unset => Some(VerifyCode::NotSet),
            Self::Application => Some(VerifyCode::OverriddenByApplication),
            Self::Trunk => Some(VerifyCode::OverriddenByTrunk),
            Self::Address { url, .. } if url != ours => Some(VerifyCode::UrlMismatch),
            Self::Address { method, .. } => {
                let posts = |method: &String| method.eq_ignore_ascii_case("POST");
                let wrong = !method.as_ref().is_none_or(posts);
                wrong.then_some(VerifyCode::WrongMethod)
            }
        }
    }
}

impl Routes {
    /// Everything as we set it. A fallback is the same address once more.
    #[must_use]
    pub fn as_set(webhooks: &Webhooks) -> Self {
        let to = |kind| Route::to(webhooks.url(kind));
        Self {
            voice: to(WebhookKind::Voice),
            voice_fallback: to(WebhookKind::Voice),
            sms: to(WebhookKind::Sms),
            sms_fallback: to(WebhookKind::Sms),
            status: to(WebhookKind::Status),
        }
    }
}

impl WiringReport {
    /// What `routes` have against `webhooks`.
    #[must_use]
    pub fn of(routes: &Routes, webhooks: &Webhooks) -> Self {
        let channels = [
            (Channel::Voice, &routes.voice, WebhookKind::Voice),
            (
                Channel::VoiceFallback,
                &routes.voice_fallback,
                WebhookKind::Voice,
            ),
            (Channel::Sms, &routes.sms, WebhookKind::Sms),
            (Channel::SmsFallback, &routes.sms_fallback, WebhookKind::Sms),
            (Channel::Status, &routes.status, WebhookKind::Status),
        ];
        let faults = channels.into_iter().filter_map(|(channel, route, kind)| {
            let code = route.fault(&webhooks.url(kind))?;
            Some(Fault { channel, code })
        });
        Self {
            faults: faults.collect(),
        }
    }

    /// Whether everything comes to us.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether calls come to us.
    #[must_use]
    pub fn voice(&self) -> bool {
        works(&self.faults, Channel::Voice)
    }

    /// Whether messages come to us.
    #[must_use]
    pub fn sms(&self) -> bool {
        works(&self.faults, Channel::Sms)
    }

    /// Whether setting the webhooks again puts anything right.
    #[must_use]
    pub fn is_mended_by_configuring(&self) -> bool {
        let mut faults = self.faults.iter();
        faults.any(|fault| fault.code.is_mended_by_configuring())
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, Fault, Route, Routes, VerifyCode, Webhooks, WiringReport};
    use crate::domain::{CarrierId, WebhookToken, webhooks::WebhookKind};

    fn webhooks() -> Webhooks {
        let base = "https://hooks.example.com";
        Webhooks::new(base, &CarrierId::new("local"), WebhookToken::derived(1))
    }

    fn by(method: Option<&str>, kind: WebhookKind) -> Route {
        Route::Address {
            url: webhooks().url(kind),
            method: method.map(ToOwned::to_owned),
        }
    }

    #[track_caller]
    fn check(routes: &Routes, expected: &[(Channel, VerifyCode)], voice: bool, sms: bool) {
        let report = WiringReport::of(routes, &webhooks());
        let faults = expected.iter().map(|(channel, code)| Fault {
            channel: *channel,
            code: *code,
        });
        assert_eq!(report.faults, faults.collect::<Vec<_>>());
        assert_eq!((report.voice(), report.sms()), (voice, sms));
        assert_eq!(report.complete(), expected.is_empty());
    }

    #[test]
    fn what_was_set_is_complete_and_what_is_hidden_is_not_held_against_it() {
        check(&Routes::as_set(&webhooks()), &[], true, true);
        check(&Routes::default(), &[], true, true);
        let silent = Routes {
            voice: by(None, WebhookKind::Voice),
            sms: by(Some("post"), WebhookKind::Sms),
            ..Routes::default()
        };
        check(&silent, &[], true, true);
    }

    #[test]
    fn every_fault_of_a_route_has_its_code() {
        for (route, code) in [
            (Route::Unset, VerifyCode::NotSet),
            (
                Route::to("https://elsewhere.example.com"),
                VerifyCode::UrlMismatch,
            ),
            (
                Route::to(webhooks().url(WebhookKind::Sms)),
                VerifyCode::UrlMismatch,
            ),
            (by(Some("GET"), WebhookKind::Voice), VerifyCode::WrongMethod),
            (Route::Application, VerifyCode::OverriddenByApplication),
            (Route::Trunk, VerifyCode::OverriddenByTrunk),
        ] {
            let routes = Routes {
                voice: route,
                ..Routes::as_set(&webhooks())
            };
            check(&routes, &[(Channel::Voice, code)], false, true);
        }
    }

    #[test]
    fn every_channel_is_looked_at() {
        let nothing = Routes {
            voice: Route::Unset,
            voice_fallback: Route::Unset,
            sms: Route::Unset,
            sms_fallback: Route::Unset,
            status: Route::Unset,
        };
        let channels = [
            Channel::Voice,
            Channel::VoiceFallback,
            Channel::Sms,
            Channel::SmsFallback,
            Channel::Status,
        ];
        let faults = channels.map(|channel| (channel, VerifyCode::NotSet));
        check(&nothing, &faults, false, false);
        let news = Routes {
            status: Route::Unset,
            ..Routes::as_set(&webhooks())
        };
        check(&news, &[(Channel::Status, VerifyCode::NotSet)], true, true);
    }
}
