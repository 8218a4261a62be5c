//! Telling the customer what came in: texts and statuses of texts. Calls are
//! in `inbound/calls.rs`.

use http::Method;

use super::{
    callbacks,
    messages::{self, Message},
    state::Number,
    webhook::{self, Subject},
};
use crate::{Inbound, InboundError, InboundKind, inbound::Telling, world::World};

mod calls;

/// Prepares what the customer is to be told.
pub(crate) fn inbound(world: &mut World, inbound: &Inbound) -> Result<Telling, InboundError> {
    match inbound.kind {
        InboundKind::Sms => sms(world, inbound),
        InboundKind::Status => status(world, inbound),
        InboundKind::Call => calls::ringing(world, inbound),
        InboundKind::CallStatus => calls::ended(world, inbound),
    }
}

/// Who is told, about whom.
#[derive(Debug)]
struct Parties {
    from: String,
    to: String,
    account: String,
    /// The owned number; none when the receiver was named outright.
    number: Option<Number>,
}

impl Parties {
    fn read(world: &World, inbound: &Inbound) -> Result<Self, InboundError> {
        let needed =
            |field: &Option<String>, name| field.clone().ok_or(InboundError::Missing(name));
        let (to, from) = (needed(&inbound.to, "to")?, needed(&inbound.from, "from")?);
        let number = world.signalwire.by_e164(&to).cloned();
        let owner = number.as_ref().map(|number| number.account.clone());
        let account = inbound.account.clone().or(owner);
        let account = account.ok_or_else(|| InboundError::UnknownNumber(to.clone()))?;
        if !world.signalwire.projects.contains_key(&account) {
            return Err(InboundError::UnknownAccount(account));
        }
        Ok(Self {
            from,
            to,
            account,
            number,
        })
    }

    /// What the number does with this kind of thing: the word of a handler. A trunk
    /// goes before an application, and that before every handler.
    fn handler(&self, inbound: &Inbound, member: &str) -> &str {
        let Some(number) = self.number.as_ref().filter(|_| inbound.url.is_none()) else {
            return "laml_webhooks";
        };
        let calls = member == "call_handler";
        let application = if calls {
            "call_laml_application_id"
        } else {
            "message_laml_application_id"
        };
        if calls && number.trunk.is_some() {
            return "trunk";
        }
        if number.routing.text(application).is_some() {
            return "application";
        }
        number.routing.text(member).unwrap_or("laml_webhooks")
    }

    /// The URL and the method of one kind of webhook.
    fn target(&self, inbound: &Inbound, member: &str) -> Result<(String, Method), InboundError> {
        if let Some(url) = &inbound.url {
            return Ok((url.clone(), Method::POST));
        }
        let number = self.number.as_ref();
        number
            .and_then(|number| configured(number, member))
            .ok_or_else(|| InboundError::NoUrl(self.to.clone()))
    }

    /// Where to turn when that fails; nowhere if a URL was named outright.
    fn fallback(&self, inbound: &Inbound, member: &str) -> Option<(String, Method)> {
        let number = self.number.as_ref().filter(|_| inbound.url.is_none())?;
        configured(number, member)
    }

    /// Everything put together and signed.
    fn tell(
        self,
        key: Option<&str>,
        id: String,
        params: &[(String, String)],
        subject: Subject,
        targets: ((String, Method), Option<(String, Method)>),
    ) -> Result<Telling, InboundError> {
        let request = |(url, method): (String, Method)| {
            webhook::form(&method, &url, params, key, subject).ok_or(InboundError::BadUrl(url))
        };
        let (main, fallback) = targets;
        Ok(Telling {
            id,
            account: self.account,
            number: Some(self.to),
            main: request(main)?,
            fallback: fallback.map(request).transpose()?,
        })
    }
}

fn configured(number: &Number, member: &str) -> Option<(String, Method)> {
    let url = number.routing.text(&format!("{member}_url"))?;
    let method = match number.routing.text(&format!("{member}_method")) {
        Some("GET") => Method::GET,
        _ => Method::POST,
    };
    Some((url.to_owned(), method))
}

fn sms(world: &mut World, inbound: &Inbound) -> Result<Telling, InboundError> {
    let parties = Parties::read(world, inbound)?;
    if parties.handler(inbound, "message_handler") != "laml_webhooks" {
        return Err(InboundError::NoUrl(parties.to));
    }
    let target = parties.target(inbound, "message_request")?;
    let fallback = parties.fallback(inbound, "message_fallback");
    let id = inbound.id.clone().unwrap_or_else(|| world.random.uuid());
    let message = received(world, inbound, &parties, &id);
    let mut params = callbacks::params(&message);
    for (place, url) in message.media.iter().enumerate() {
        params.push((format!("MediaUrl{place}"), url.clone()));
        params.push((format!("MediaContentType{place}"), "image/jpeg".to_owned()));
    }
    // Told twice, it is still one message.
    let kept = world.signalwire.messages.entry(id.clone());
    kept.or_insert(message);
    let key = callbacks::key(world, &parties.account, inbound.signing);
    let targets = (target, fallback);
    parties.tell(key.as_deref(), id, &params, Subject::Message, targets)
}

fn received(world: &mut World, inbound: &Inbound, parties: &Parties, id: &str) -> Message {
    let now = world.now();
    Message {
        seq: world.signalwire.next_seq(),
        id: id.to_owned(),
        account: parties.account.clone(),
        outbound: false,
        from: parties.from.clone(),
        to: parties.to.clone(),
        body: inbound.body.clone().unwrap_or_default(),
        media: inbound.media.clone(),
        callback: None,
        course: vec![(now, "received")],
        error_code: None,
        created_at: now,
    }
}

/// A message that was sent takes a course of its own.
fn status(world: &mut World, inbound: &Inbound) -> Result<Telling, InboundError> {
    let id = inbound.id.clone().ok_or(InboundError::Missing("id"))?;
    let name = inbound.status.as_deref().unwrap_or("delivered");
    let status =
        messages::status(name).ok_or_else(|| InboundError::UnknownStatus(name.to_owned()))?;
    let now = world.now();
    let message = world.signalwire.messages.get_mut(&id);
    let message = message.ok_or_else(|| InboundError::UnknownMessage(id.clone()))?;
    let configured = message.callback.as_ref().map(|(url, _)| url.clone());
    let url = inbound.url.clone().or(configured);
    let url = url.ok_or_else(|| InboundError::NoUrl(id.clone()))?;
    message.course.push((now, status));
    message.error_code.clone_from(&inbound.error_code);
    let message = message.clone();
    let main = callbacks::status(world, &message, &url, status, inbound.signing)
        .ok_or(InboundError::BadUrl(url))?;
    Ok(Telling {
        id,
        account: message.account,
        number: Some(message.from),
        main,
        fallback: None,
    })
}
