//! Sending a message: `/Accounts/{sid}/Messages` and
//! `/api/messaging/messages`.

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    messages::{self, Message},
    params,
    refusal::Refusal,
    route::Dialect,
};
use crate::{Carrier, Kind, clock, ledger::Note, outbox::Errand};

/// Characters of a text, all parts together.
const BODY_MAX: usize = 1600;
/// Media of one message.
const MEDIA_MAX: usize = 8;
/// Seconds a message may wait to be sent.
const VALIDITY: std::ops::RangeInclusive<u32> = 1..=172_800;

/// What is to be sent.
#[derive(Debug)]
struct Draft<'f> {
    to: &'f str,
    from: &'f str,
    body: &'f str,
    media: Vec<String>,
    callback: Option<&'f str>,
}

/// Over the Compatibility API: a form, 201.
pub(super) fn laml(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let form = desk.form();
    form.only(&[
        "To",
        "From",
        "Body",
        "MediaUrl",
        "MediaUrl[]",
        "StatusCallback",
        "ValidityPeriod",
        "SendAsMms",
        "ApplicationSid",
        "MaxPrice",
        "MessagingServiceSid",
    ])?;
    let to = form.filled("To").ok_or_else(|| {
        let message = "The 'To' number is required to send a message";
        Refusal::invalid("missing_required_parameter", 21604, message).about("To")
    })?;
    if form.filled("MessagingServiceSid").is_some() {
        let message = "The number group provided is unrecognized";
        return Err(Refusal::invalid(
            "provided_id_is_unrecognized",
            21701,
            message,
        ));
    }
    if form.filled("ApplicationSid").is_some() {
        let message = "The provided ApplicationSid does not exist";
        return Err(Refusal::invalid(
            "provided_id_is_unrecognized",
            21218,
            message,
        ));
    }
    let from = form.filled("From").ok_or_else(|| {
        let message = "The 'From' number is missing";
        Refusal::invalid("missing_required_parameter", 21603, message).about("From")
    })?;
    let in_range = |text: &str| {
        text.parse()
            .is_ok_and(|seconds| VALIDITY.contains(&seconds))
    };
    if form
        .filled("ValidityPeriod")
        .is_some_and(|text| !in_range(text))
    {
        let message = "The validity period provided is invalid";
        return Err(Refusal::invalid("invalid_parameter", 21624, message).about("ValidityPeriod"));
    }
    let media = form.all("MediaUrl").chain(form.all("MediaUrl[]"));
    let draft = Draft {
        to,
        from,
        body: form.get("Body").unwrap_or_default(),
        media: media.map(str::to_owned).collect(),
        callback: form.filled("StatusCallback"),
    };
    let id = send(desk, draft)?;
    shown(desk, &id)
}

/// Over the native API: JSON, 201.
pub(super) fn native(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let fields = desk.fields()?;
    fields.only(&[
        "to",
        "from",
        "body",
        "media",
        "send_as_mms",
        "status_callback",
        "custom_variables",
    ])?;
    fields.flag("send_as_mms")?;
    let draft = Draft {
        to: fields.required("to")?,
        from: fields.required("from")?,
        body: fields.text("body")?.unwrap_or_default(),
        media: fields.texts("media")?.unwrap_or_default(),
        callback: fields.text("status_callback")?,
    };
    let id = send(desk, draft)?;
    shown(desk, &id)
}

fn shown(desk: &Desk<'_, '_>, id: &str) -> Outcome {
    let messages = &desk.world.signalwire.messages;
    let message = messages.get(id).ok_or_else(Refusal::not_found)?;
    // What is answered is always the first status; the rest comes later.
    let at = message.created_at;
    let mut first = message.clone();
    first.course.truncate(1);
    first.error_code = None;
    Ok(Answer::Created(match desk.dialect {
        Dialect::Laml => messages::view_laml(&first, at),
        Dialect::Relay | Dialect::Api => messages::view_native(&first, at),
    }))
}

fn send(desk: &mut Desk<'_, '_>, draft: Draft<'_>) -> Result<String, Refusal> {
    check(desk, &draft)?;
    let world = &mut *desk.world;
    let now = world.now();
    let rules = &world.settings.rules;
    let broke = rules.insufficient_balance;
    let statuses: &[&'static str] = match (broke, draft.media.is_empty()) {
        (true, _) => &["queued", "failed"],
        // A picture message is never reported as delivered.
        (false, false) => &["queued", "sent"],
        (false, true) => &["queued", "sent", "delivered"],
    };
    let step = rules.message_step_ms;
    let course: Vec<_> = (0..)
        .map(|place: u64| clock::later_ms(now, step.saturating_mul(place)))
        .zip(statuses.iter().copied())
        .collect();
    let message = Message {
        seq: world.signalwire.next_seq(),
        id: world.random.uuid(),
        account: desk.account.clone(),
        outbound: true,
        from: draft.from.to_owned(),
        to: draft.to.to_owned(),
        body: draft.body.to_owned(),
        media: draft.media,
        callback: draft.callback.map(|url| (url.to_owned(), desk.dialect)),
        course,
        error_code: broke.then(|| "30002".to_owned()),
        created_at: now,
    };
    // Without a URL of its own, a message reports to nobody.
    if message.callback.is_some() {
        for (due, status) in &message.course {
            let errand = Errand {
                carrier: Carrier::SignalWire,
                message: message.id.clone(),
                status,
            };
            world.outbox.give(*due, errand);
        }
    }
    let note = Note::new(Carrier::SignalWire, Kind::Message, &message.account)
        .number(&message.from)
        .id(&message.id)
        .detail("to", message.to.as_str())
        .detail("segments", message.segments());
    world.enter(note);
    let id = message.id.clone();
    world.signalwire.messages.insert(id.clone(), message);
    Ok(id)
}

fn check(desk: &Desk<'_, '_>, draft: &Draft<'_>) -> Result<(), Refusal> {
    let refuse = |code, laml, message: &str| Err(Refusal::invalid(code, laml, message));
    if !params::is_e164(draft.to) {
        return refuse(
            "invalid_to_number",
            21211,
            "The 'To' number has invalid format",
        );
    }
    if !params::is_e164(draft.from) {
        return refuse(
            "invalid_from_number",
            21603,
            "The 'From' number has invalid format",
        );
    }
    if desk.world.signalwire.owned(draft.from) != Some(&desk.account) {
        let message = "The 'From' number is not a purchased number in your project";
        return refuse("invalid_from_number", 21210, message);
    }
    if draft.body.is_empty() && draft.media.is_empty() {
        return refuse(
            "body_or_media_required",
            21602,
            "A body or media is required",
        );
    }
    if draft.body.chars().count() > BODY_MAX {
        return refuse("character_limit_exceeded", 21617, "The body is too long");
    }
    if draft.media.len() > MEDIA_MAX {
        return refuse("media_limit_exceeded", 21623, "At most 8 media can be sent");
    }
    if !draft.media.iter().all(|url| params::is_url(url)) {
        return refuse("invalid_media_url", 21620, "The media URL is invalid");
    }
    if draft.callback.is_some_and(|url| !params::is_url(url)) {
        return refuse("not_an_http_url", 21456, "The callback URL is not valid");
    }
    if desk.world.settings.rules.campaign_required {
        let message = "The 'From' number must belong to an active campaign";
        return refuse("inactive_campaign", 21717, message);
    }
    Ok(())
}
