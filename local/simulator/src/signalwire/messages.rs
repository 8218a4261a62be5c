//! Messages that were sent or came in, and how to read them back.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    numbers_laml::paged,
    paging::{self, Page, Wanted},
    refusal::Refusal,
    route::Dialect,
};

/// Every status a message can have.
pub(super) const STATUSES: [&str; 7] = [
    "queued",
    "initiated",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "received",
];

/// Statuses of callbacks that a message itself never shows.
const PASSING: [&str; 2] = ["sending", "receiving"];

/// The status with this name.
pub(super) fn status(name: &str) -> Option<&'static str> {
    STATUSES
        .into_iter()
        .chain(PASSING)
        .find(|status| *status == name)
}

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) seq: u64,
    pub(super) id: String,
    pub(super) account: String,
    pub(super) outbound: bool,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) body: String,
    pub(super) media: Vec<String>,
    /// Where statuses are told, and in which API's words.
    pub(super) callback: Option<(String, Dialect)>,
    /// Which status it has from when on, oldest first.
    pub(super) course: Vec<(Timestamp, &'static str)>,
    pub(super) error_code: Option<String>,
    pub(super) created_at: Timestamp,
}

impl Message {
    /// The status at `now`, and since when it holds.
    pub(super) fn status(&self, now: Timestamp) -> (Timestamp, &'static str) {
        self.course
            .iter()
            .rev()
            .find(|(from, _)| *from <= now)
            .copied()
            .unwrap_or((self.created_at, "queued"))
    }

    /// How many parts the text is billed as: 160 characters or 153 each, 70 or
    /// 67 where a character is not plain.
    pub(super) fn segments(&self) -> usize {
        let plain = self.body.is_ascii();
        let length = self.body.encode_utf16().count();
        let (one, each) = if plain { (160, 153) } else { (70, 67) };
        if length <= one {
            1
        } else {
            length.div_ceil(each)
        }
    }
}

/// `GET /Accounts/{sid}/Messages`.
pub(super) fn list(desk: &mut Desk<'_, '_>) -> Outcome {
    let query = desk.query();
    let [number, size, token] = paging::LAML;
    query.only(&[
        "DateSent",
        "DateSent<",
        "DateSent>",
        "From",
        "To",
        "Status",
        number,
        size,
        token,
    ])?;
    let wanted = Wanted::read(&query, Dialect::Laml)?;
    let now = desk.world.now();
    let wants = |name: &str, is: &str| query.filled(name).is_none_or(|wanted| wanted == is);
    let day = |message: &Message| message.created_at.strftime("%Y-%m-%d").to_string();
    let mut found: Vec<(u64, &Message)> = desk
        .world
        .signalwire
        .messages
        .values()
        .filter(|message| message.account == desk.account)
        .filter(|message| wants("From", &message.from) && wants("To", &message.to))
        .filter(|message| wants("Status", message.status(now).1))
        .filter(|message| wants("DateSent", &day(message)))
        .filter(|message| {
            let day = day(message);
            let before = query.filled("DateSent<").is_none_or(|limit| *day < *limit);
            before && query.filled("DateSent>").is_none_or(|limit| *day > *limit)
        })
        .map(|message| (message.seq, message))
        .collect();
    found.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    let page = Page::cut(found, wanted);
    let items = page.items.iter().map(|message| view_laml(message, now));
    let items: Vec<Value> = items.collect();
    let body = paged(&page, desk.path(), &query, "messages", &items);
    Ok(Answer::Ok(body))
}

/// `GET /Accounts/{sid}/Messages/{sid}`.
pub(super) fn get(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    let now = desk.world.now();
    desk.world
        .signalwire
        .messages
        .get(id)
        .filter(|message| message.account == desk.account)
        .map(|message| Answer::Ok(view_laml(message, now)))
        .ok_or_else(Refusal::not_found)
}

/// A message as the Compatibility API shows it: numbers where Twilio has
/// texts, a text where Twilio has a number.
pub(super) fn view_laml(message: &Message, now: Timestamp) -> Value {
    let (since, status) = message.status(now);
    let uri = super::laml_uri(&message.account, "Messages", &message.id);
    let sent_at = message
        .course
        .iter()
        .find(|(from, status)| *from <= now && *status == "sent")
        .map(|(from, _)| super::rfc2822(*from));
    json!({
        "sid": message.id,
        "account_sid": message.account,
        "api_version": "2010-04-01",
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "status": status,
        "direction": if message.outbound { "outbound-api" } else { "inbound" },
        "num_segments": message.segments(),
        "num_media": message.media.len(),
        "price": null,
        "price_unit": "USD",
        "error_code": message.error_code,
        "error_message": message.error_code.as_ref().map(|_| "The message could not be sent"),
        "messaging_service_sid": null,
        "date_created": super::rfc2822(message.created_at),
        "date_updated": super::rfc2822(since),
        "date_sent": sent_at,
        "uri": uri,
        "subresource_uris": {"media": format!("{uri}/Media")},
    })
}

/// A message as the native API shows it.
pub(super) fn view_native(message: &Message, now: Timestamp) -> Value {
    json!({
        "id": message.id,
        "project_id": message.account,
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "status": message.status(now).1,
        "direction": if message.outbound { "outbound" } else { "inbound" },
        "kind": if message.media.is_empty() { "sms" } else { "mms" },
        "media": message.media,
        "number_of_segments": message.segments(),
        "error_code": message.error_code,
        "error_message": message.error_code.as_ref().map(|_| "The message could not be sent"),
        "created_at": super::iso(message.created_at),
        "status_callback_url": message.callback.as_ref().map(|(url, _)| url),
        "message_uri": format!("/api/messaging/logs/{}", message.id),
    })
}
