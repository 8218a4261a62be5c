//! Webhooks of the local carrier: JSON that a developer posts, proven like any other.

use serde::Deserialize;

use super::{SIGNATURE, signature, texts::segments};
use crate::{
    carrier::{CarrierEvent, WebhookError, WebhookKey},
    domain::{
        AccountId, CallOutcome, E164, MessageStatus,
        carrier::{CarrierCallId, CarrierMessageId},
    },
};

type Webhook<'a> = http::Request<&'a [u8]>;

/// What can be told.
#[derive(Deserialize)]
#[serde(tag = "event")]
enum Told {
    /// Somebody texts a number of ours.
    #[serde(rename = "message.received")]
    MessageReceived {
        account: AccountId,
        id: CarrierMessageId,
        from: String,
        to: E164,
        body: String,
    },
    /// What became of a text of ours.
    #[serde(rename = "message.status")]
    MessageStatus {
        account: AccountId,
        id: CarrierMessageId,
        status: News,
        reason: Option<Reason>,
    },
    /// Somebody calls a number of ours.
    #[serde(rename = "call.received")]
    CallReceived {
        account: AccountId,
        id: CarrierCallId,
        from: String,
        to: E164,
    },
    /// A call to a number of ours is over.
    #[serde(rename = "call.ended")]
    CallEnded {
        account: AccountId,
        id: CarrierCallId,
        from: String,
        to: E164,
        outcome: CallOutcome,
        #[serde(default)]
        seconds: u32,
    },
    /// What became of a call.
    #[serde(rename = "call.status")]
    CallStatus { account: AccountId },
}

/// How far a text of ours got.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum News {
    Sent,
    Delivered,
    Undelivered,
    Failed,
}

/// Why a text got no further, in the words tenants read for every carrier.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reason {
    NotRegistered,
    OptedOut,
    Unreachable,
    Blocked,
    CarrierError,
}

/// Authenticates a webhook that arrived at `public_url` and reads it.
pub(super) fn read(
    webhook: &Webhook<'_>,
    public_url: &str,
    keys: &[WebhookKey],
) -> Result<CarrierEvent, WebhookError> {
    let signature = webhook.headers().get(SIGNATURE);
    let signature = signature.ok_or(WebhookError::Unsigned)?;
    let signature = signature.to_str().unwrap_or_default();
    if !signature::fits(keys, public_url, webhook.body(), signature) {
        return Err(WebhookError::BadSignature);
    }
    let told: Told =
        serde_json::from_slice(webhook.body()).map_err(|_| WebhookError::Unrecognised)?;
    told.event().ok_or(WebhookError::Unrecognised)
}

/// The number a webhook says it is for. Proves nothing.
pub(super) fn addressee(webhook: &Webhook<'_>) -> Option<E164> {
    #[derive(Deserialize)]
    struct Addressed {
        to: E164,
    }
    let addressed: Addressed = serde_json::from_slice(webhook.body()).ok()?;
    Some(addressed.to)
}

/// Who a webhook says it is from. Proves nothing.
pub(super) fn sender(webhook: &Webhook<'_>) -> Option<String> {
    #[derive(Deserialize)]
    struct Sent {
        from: String,
    }
    let sent: Sent = serde_json::from_slice(webhook.body()).ok()?;
    Some(sent.from).filter(|from| !from.is_empty())
}

impl Told {
    fn event(self) -> Option<CarrierEvent> {
        Some(match self {
            Self::MessageReceived {
                account,
                id,
                from,
                to,
                body,
            } => CarrierEvent::MessageReceived {
                account,
                id: Some(id).filter(|id| !id.as_str().is_empty())?,
                from: Some(from).filter(|from| !from.is_empty())?,
                to,
                segments: segments(&body),
                body,
            },
            Self::MessageStatus {
                account,
                id,
                status,
                reason,
            } => CarrierEvent::MessageStatus {
                account,
                id,
                status: status.in_our_words(),
                failure: status.failure(reason),
            },
            Self::CallReceived {
                account,
                id,
                from,
                to,
            } => CarrierEvent::CallReceived {
                account,
                id: Some(id).filter(|id| !id.as_str().is_empty())?,
                from,
                to,
            },
            Self::CallEnded {
                account,
                id,
                from,
                to,
                outcome,
                seconds,
            } => CarrierEvent::CallEnded {
                account,
                id: Some(id).filter(|id| !id.as_str().is_empty())?,
                from,
                to,
                outcome,
                seconds,
            },
            Self::CallStatus { account } => CarrierEvent::Other { account },
        })
    }
}

impl News {
    fn in_our_words(self) -> MessageStatus {
        match self {
            Self::Sent => MessageStatus::Sent,
            Self::Delivered => MessageStatus::Delivered,
            Self::Undelivered => MessageStatus::Undelivered,
            Self::Failed => MessageStatus::Failed,
        }
    }

    /// Only what failed has a reason, and it always has one.
    fn failure(self, reason: Option<Reason>) -> Option<String> {
        let failed = matches!(self, Self::Undelivered | Self::Failed);
        failed.then(|| reason.unwrap_or(Reason::CarrierError).word().to_owned())
    }
}

impl Reason {
    fn word(self) -> &'static str {
        match self {
            Self::NotRegistered => "not_registered",
            Self::OptedOut => "opted_out",
            Self::Unreachable => "unreachable",
            Self::Blocked => "blocked",
            Self::CarrierError => "carrier_error",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CarrierEvent, SIGNATURE, WebhookError, WebhookKey, read};
    use crate::{carrier::local::sign, domain::MessageStatus};

    const URL: &str = "https://hooks.example.com/webhooks/local/sms/wht_1";

    fn told(body: &str) -> Result<CarrierEvent, WebhookError> {
        let key = WebhookKey::new("a-key");
        let signature = sign(&key, URL, body.as_bytes());
        let webhook = http::Request::builder().header(SIGNATURE, signature);
        read(&webhook.body(body.as_bytes()).unwrap(), URL, &[key])
    }

    fn news(status: &str) -> CarrierEvent {
        told(&format!(
            r#"{{"event": "message.status", "account": "a", "id": "m", {status}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn only_what_failed_has_a_reason_and_it_always_has_one() {
        use MessageStatus::{Delivered, Failed, Undelivered};
        for (said, expected, reason) in [
            (
                r#""status": "delivered", "reason": "blocked""#,
                Delivered,
                None,
            ),
            (r#""status": "failed""#, Failed, Some("carrier_error")),
            (
                r#""status": "undelivered", "reason": "opted_out""#,
                Undelivered,
                Some("opted_out"),
            ),
        ] {
            let CarrierEvent::MessageStatus {
                status, failure, ..
            } = news(said)
            else {
                panic!("{said}");
            };
            assert_eq!((status, failure.as_deref()), (expected, reason), "{said}");
        }
    }

    #[test]
    fn what_is_proven_and_not_understood_is_said_so() {
        for body in [
            "",
            "{}",
            r#"{"event": "message.read", "account": "a"}"#,
            r#"{"event": "message.received", "account": "a", "id": "m", "from": "", "to": "+15125550100", "body": ""}"#,
            r#"{"event": "message.received", "account": "a", "id": "", "from": "x", "to": "+15125550100", "body": ""}"#,
            r#"{"event": "call.received", "account": "a", "from": "x", "to": "5550100"}"#,
            r#"{"event": "message.status", "account": "a", "id": "m", "status": "teleported"}"#,
        ] {
            assert_eq!(told(body), Err(WebhookError::Unrecognised), "{body}");
        }
    }
}
