//! The addresses a carrier is told to post to.

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
}

impl WebhookKind {
    /// The kind's segment of the path.
    #[must_use]
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Sms => "sms",
            Self::Status => "status",
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
