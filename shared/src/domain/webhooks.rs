//! The addresses a carrier is told to post to.

use std::net::IpAddr;

use super::{
    carrier::CarrierId,
    id::{MessageId, WebhookToken},
};

/// The webhook addresses of one account at one carrier.
///
/// No query strings: proxies and local stacks rewrite them, and the signature
/// covers every byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhooks {
    prefix: String,
    token: WebhookToken,
}

/// What a webhook address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WebhookKind {
    /// An incoming call asks what to do.
    Voice,
    /// An incoming text.
    Sms,
    /// News of a call or a message.
    Status,
    /// A proof of our own that what is posted arrives: see [`super::probe`].
    Probe,
}

impl WebhookKind {
    /// The kind's segment of the path.
    #[must_use]
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Sms => "sms",
            Self::Status => "status",
            Self::Probe => "probe",
        }
    }
}

/// What the path of an arriving webhook says, before anything is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookPath {
    /// The carrier that claims to post.
    pub carrier: CarrierId,
    /// What for.
    pub kind: WebhookKind,
    /// Names the account, and so the key to check with.
    pub token: WebhookToken,
    /// The outgoing message a status is about.
    pub message: Option<MessageId>,
}

impl Webhooks {
    /// The addresses below `base` (scheme and host, no trailing slash) for the
    /// account that `token` names.
    #[must_use]
    pub fn new(base: &str, carrier: &CarrierId, token: WebhookToken) -> Self {
        Self {
            prefix: format!("{}/webhooks/{carrier}", base.trim_end_matches('/')),
            token,
        }
    }

    /// What the addresses carry in place of the account's name.
    #[must_use]
    pub const fn token(&self) -> &WebhookToken {
        &self.token
    }

    /// Whether what is posted is hidden on its way: https, or within this machine.
    #[must_use]
    pub fn is_private(&self) -> bool {
        let Some(rest) = self.prefix.strip_prefix("http://") else {
            return self.prefix.starts_with("https://");
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
            Some(_) | None => authority,
        };
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// The address for `kind`.
    #[must_use]
    pub fn url(&self, kind: WebhookKind) -> String {
        format!("{}/{}/{}", self.prefix, kind.segment(), self.token)
    }

    /// Where news of one outgoing message goes: its own address, so that late
    /// news of an unknown outcome finds the message.
    #[must_use]
    pub fn message_status_url(&self, message: &MessageId) -> String {
        format!("{}/{message}", self.url(WebhookKind::Status))
    }
}

impl WebhookPath {
    /// Reads `/webhooks/{carrier}/{kind}/{token}[/{message}]`.
    #[must_use]
    pub fn read(path: &str) -> Option<Self> {
        let mut segments = path.strip_prefix("/webhooks/")?.split('/');
        let carrier = CarrierId::from(segments.next().filter(|name| !name.is_empty())?);
        let kind = match segments.next()? {
            "voice" => WebhookKind::Voice,
            "sms" => WebhookKind::Sms,
            "status" => WebhookKind::Status,
            "probe" => WebhookKind::Probe,
            _ => return None,
        };
        let token = segments.next()?.parse().ok()?;
        let message = segments.next().map(str::parse).transpose().ok()?;
        segments.next().is_none().then_some(Self {
            carrier,
            kind,
            token,
            message,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{CarrierId, MessageId, WebhookKind, WebhookPath, WebhookToken, Webhooks};

    #[test]
    fn a_written_address_reads_back() {
        let token = WebhookToken::derived(42);
        let message = MessageId::derived(7);
        let carrier = CarrierId::new("local");
        let webhooks = Webhooks::new("https://hooks.example.com/", &carrier, token.clone());
        for (url, kind, message) in [
            (webhooks.url(WebhookKind::Voice), WebhookKind::Voice, None),
            (webhooks.url(WebhookKind::Probe), WebhookKind::Probe, None),
            (
                webhooks.message_status_url(&message),
                WebhookKind::Status,
                Some(message),
            ),
        ] {
            let path = url.strip_prefix("https://hooks.example.com").unwrap();
            let expected = WebhookPath {
                carrier: carrier.clone(),
                kind,
                token: token.clone(),
                message,
            };
            assert_eq!(WebhookPath::read(path), Some(expected));
        }
    }

    #[test]
    fn webhooks_travel_in_the_open_on_this_machine_only() {
        for (base, private) in [
            ("https://hooks.example.com", true),
            ("http://hooks.example.com", false),
            ("http://127.0.0.1:4600", true),
            ("http://[::1]:4600", true),
            ("http://localhost", true),
            ("http://localhost.example.com", false),
            ("ftp://127.0.0.1", false),
        ] {
            let carrier = CarrierId::new("local");
            let webhooks = Webhooks::new(base, &carrier, WebhookToken::derived(42));
            assert_eq!(webhooks.is_private(), private, "{base}");
        }
    }

    #[test]
    fn other_paths_are_not_webhooks() {
        for path in [
            "/",
            "/webhooks/",
            "/webhooks/x/fax/wht_0",
            "/webhooks/x/sms/",
            "/api/me",
        ] {
            assert_eq!(WebhookPath::read(path), None, "{path}");
        }
    }
}
