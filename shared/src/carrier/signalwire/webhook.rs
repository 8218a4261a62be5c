//! Webhooks: authenticate first, read afterwards, refuse whatever is not proven.
//!
//! What we ask for comes as cXML forms. The API description calls the same
//! payloads JSON, so fields of the same names are taken from JSON as well, and
//! the native status callback is read by its own names. Native calls are not:
//! they want an answer in another language than [`super::reply`] writes.

use http::header;
use serde_json::Value;

use super::{signature::Signed, status};
use crate::{
    carrier::{CarrierEvent, WebhookError, WebhookKey},
    domain::{
        AccountId, CallOutcome, E164,
        carrier::{CarrierCallId, CarrierMessageId},
        webhooks::{WebhookKind, WebhookPath},
    },
};

/// The signature's header, and the name older adapters look for.
const SIGNATURE: [&str; 2] = ["x-signalwire-signature", "x-twilio-signature"];

/// Native names of a message's status callback, and the form's for the same.
const NATIVE: [(&str, &str); 4] = [
    ("id", "MessageSid"),
    ("project_id", "AccountSid"),
    ("status", "MessageStatus"),
    ("error_code", "ErrorCode"),
];

type Webhook<'a> = http::Request<&'a [u8]>;

/// How a body is written, and so how it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Form,
    Json,
}

/// Authenticates a webhook that arrived at `public_url` and reads it.
pub(super) fn read(
    webhook: &Webhook<'_>,
    public_url: &str,
    keys: &[WebhookKey],
) -> Result<CarrierEvent, WebhookError> {
    let headers = webhook.headers();
    let signature = SIGNATURE
        .into_iter()
        .find_map(|name| headers.get(name))
        .ok_or(WebhookError::Unsigned)?;
    let signed = Signed {
        url: public_url,
        body: webhook.body(),
        signature: signature.to_str().unwrap_or_default(),
    };
    let authentic = match encoding(webhook) {
        Some(Encoding::Form) => signed.is_authentic_form(keys),
        Some(Encoding::Json) => signed.is_authentic_json(keys),
        None => false,
    };
    if !authentic {
        return Err(WebhookError::BadSignature);
    }
    Fields::of(webhook)
        .and_then(|fields| fields.event(is_for_news(public_url)))
        .ok_or(WebhookError::Unrecognised)
}

/// Whether an address is one for news, where nothing comes in.
fn is_for_news(url: &str) -> bool {
    let path = url.find("/webhooks/").and_then(|start| url.get(start..));
    let path = path.and_then(WebhookPath::read);
    path.is_some_and(|path| path.kind == WebhookKind::Status)
}

/// The number a webhook says it is for. Proves nothing.
pub(super) fn addressee(webhook: &Webhook<'_>) -> Option<E164> {
    Fields::of(webhook)?.get("To")?.parse().ok()
}

/// Who a webhook says it is from. Proves nothing.
pub(super) fn sender(webhook: &Webhook<'_>) -> Option<String> {
    let fields = Fields::of(webhook)?;
    let from = fields.get("From").filter(|from| !from.is_empty())?;
    Some(from.to_owned())
}

fn encoding(webhook: &Webhook<'_>) -> Option<Encoding> {
    let content_type = webhook.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let media_type = content_type.split(';').next()?.trim();
    if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Some(Encoding::Form)
    } else if media_type.eq_ignore_ascii_case("application/json") {
        Some(Encoding::Json)
    } else {
        None
    }
}

/// A webhook's fields under the form's names. Of a repeated field the first counts.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn of(webhook: &Webhook<'_>) -> Option<Self> {
        let body = *webhook.body();
        match encoding(webhook)? {
            Encoding::Form => Some(Self(form_urlencoded::parse(body).into_owned().collect())),
            Encoding::Json => match serde_json::from_slice(body).ok()? {
                Value::Object(members) => Some(Self(members.iter().filter_map(member).collect())),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Array(_) => None,
            },
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let fields = self.0.iter();
        let (_, value) = fields.into_iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// What it tells, at an address `for_news` or at one where things come in.
    fn event(&self, for_news: bool) -> Option<CarrierEvent> {
        let account = AccountId::new(self.get("AccountSid").filter(|id| !id.is_empty())?);
        let message = self.get("MessageSid").or_else(|| self.get("SmsSid"));
        if let Some(id) = message.filter(|id| !id.is_empty()) {
            return self.message(account, CarrierMessageId::new(id), for_news);
        }
        let call = self.get("CallSid").filter(|id| !id.is_empty())?;
        self.call(account, CarrierCallId::new(call))
    }

    /// A message that came in has no status, or the one that says so. News that one came
    /// in is for nobody: it is told of at the address where it comes in.
    fn message(
        &self,
        account: AccountId,
        id: CarrierMessageId,
        for_news: bool,
    ) -> Option<CarrierEvent> {
        let word = match self.get("MessageStatus") {
            None | Some("received") if !for_news => return self.text(account, id),
            word => word?,
        };
        if status::comes_in(word) {
            return Some(CarrierEvent::Other { account });
        }
        let status = status::of_word(word)?;
        Some(CarrierEvent::MessageStatus {
            account,
            id,
            status,
            failure: status::failure(status, self.get("ErrorCode")),
        })
    }

    fn text(&self, account: AccountId, id: CarrierMessageId) -> Option<CarrierEvent> {
        let segments = self.get("NumSegments");
        Some(CarrierEvent::MessageReceived {
            account,
            id,
            from: self.get("From").filter(|from| !from.is_empty())?.to_owned(),
            to: self.get("To")?.parse().ok()?,
            body: self.get("Body").unwrap_or_default().to_owned(),
            segments: segments.and_then(|count| count.parse().ok()).unwrap_or(1),
        })
    }

    /// A call that is coming in asks; every other word about a call is news.
    fn call(&self, account: AccountId, id: CarrierCallId) -> Option<CarrierEvent> {
        let status = self.get("CallStatus").unwrap_or_default();
        let from = self.get("From").unwrap_or_default().to_owned();
        let to = self.get("To").and_then(|to| to.parse().ok());
        if self.asks(status) {
            let to = to?;
            return Some(CarrierEvent::CallReceived {
                account,
                id,
                from,
                to,
            });
        }
        let (Some(outcome), Some(to), true) = (status::of_call(status), to, self.is_incoming_leg())
        else {
            return Some(CarrierEvent::Other { account });
        };
        Some(CarrierEvent::CallEnded {
            account,
            id,
            from,
            to,
            outcome,
            seconds: self.seconds(outcome),
        })
    }

    /// Whether this is a call that wants to know what to do.
    fn asks(&self, status: &str) -> bool {
        self.get("Direction") == Some("inbound")
            && matches!(status, "ringing" | "in-progress")
            && self.get("CallbackSource").is_none()
    }

    /// Whether news is of the call that came in, and not of the second leg of one that
    /// went on: that one has a parent and goes outbound. The number's own callback
    /// names neither.
    fn is_incoming_leg(&self) -> bool {
        let inbound = self.get("Direction").is_none_or(|way| way == "inbound");
        inbound && self.get("ParentCallSid").is_none_or(str::is_empty)
    }

    /// A call that was not answered took no time, whatever rang how long.
    fn seconds(&self, outcome: CallOutcome) -> u32 {
        match outcome {
            CallOutcome::Completed => {
                let seconds = self.get("CallDuration");
                seconds
                    .and_then(|seconds| seconds.parse().ok())
                    .unwrap_or(0)
            }
            CallOutcome::Failed => 0,
        }
    }
}

/// A member of a JSON body as a field, under the form's name.
fn member((name, value): (&String, &Value)) -> Option<(String, String)> {
    let native = NATIVE.into_iter().find(|(native, _)| native == name);
    let name = native.map_or(name.as_str(), |(_, form)| form);
    let value = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some((name.to_owned(), value))
}

#[cfg(test)]
mod tests;
