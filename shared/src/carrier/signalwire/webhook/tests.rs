use http::Request;

use super::{
    CarrierEvent, Fields, WebhookError, WebhookKey, WebhookKind, addressee, is_for_news, read,
    sender,
};
use crate::{
    carrier::signalwire::ID,
    domain::{AccountId, CallOutcome, MessageId, MessageStatus, WebhookToken, Webhooks},
};

const FORM: &str = "application/x-www-form-urlencoded";
const URL: &str = "https://hooks.example.com/v1/signalwire/voice";
const KEY: &str = "PSK_kQ7vT2mX9dL4nR8sB1wZ";
/// Known answer S3, signed for `URL` with port 443.
const CALL: &str = "CallSid=5d0c1f3e-7777-4888-9999-aaaabbbbcccc\
    &AccountSid=7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55&ApiVersion=2010-04-01&Direction=inbound\
    &From=%2B12125550199&To=%2B14155550123&CallStatus=ringing";
const SIGNATURE: &str = "mwrB0v2HC8VL2jgy7OoxU7BmBfo=";

fn post<'a>(content_type: &str, headers: &[(&str, &str)], body: &'a str) -> Request<&'a [u8]> {
    let mut request = Request::post("/").header("content-type", content_type);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.as_bytes()).unwrap()
}

fn read_call(content_type: &str, headers: &[(&str, &str)]) -> Result<(), WebhookError> {
    let keys = [WebhookKey::new(KEY)];
    read(&post(content_type, headers, CALL), URL, &keys).map(drop)
}

#[test]
fn only_a_signature_in_its_header_opens_a_webhook() {
    use WebhookError::{BadSignature, Unsigned};
    let named = |name| [(name, SIGNATURE)];
    for (content_type, headers, expected) in [
        (FORM, &named("X-SignalWire-Signature")[..], Ok(())),
        (FORM, &named("X-Twilio-Signature"), Ok(())),
        (
            "application/X-WWW-form-urlencoded; charset=UTF-8",
            &named("x-twilio-signature"),
            Ok(()),
        ),
        (FORM, &[], Err(Unsigned)),
        (FORM, &named("X-Signature"), Err(Unsigned)),
        (FORM, &[("X-SignalWire-Signature", "")], Err(BadSignature)),
        (FORM, &[("X-SignalWire-Signature", "ä")], Err(BadSignature)),
        (
            "application/json",
            &named("X-SignalWire-Signature"),
            Err(BadSignature),
        ),
        (
            "text/plain",
            &named("X-SignalWire-Signature"),
            Err(BadSignature),
        ),
        // The alias does not get a second chance.
        (
            FORM,
            &[
                ("X-SignalWire-Signature", "x"),
                ("X-Twilio-Signature", SIGNATURE),
            ],
            Err(BadSignature),
        ),
    ] {
        assert_eq!(
            read_call(content_type, headers),
            expected,
            "{content_type} {headers:?}"
        );
    }
}

#[test]
fn content_is_judged_after_the_signature() {
    let forged = post(FORM, &[("X-SignalWire-Signature", "x")], "nonsense");
    let keys = [WebhookKey::new("12345")];
    assert_eq!(read(&forged, URL, &keys), Err(WebhookError::BadSignature));
    // Known answer S4: authentic, and nothing we know.
    let body = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
    let signature = ("X-SignalWire-Signature", "eMV0TTCyejiqoUSkV7IwWuk0CRc=");
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    let strange = post(FORM, &[signature], body);
    assert_eq!(read(&strange, url, &keys), Err(WebhookError::Unrecognised));
}

fn event_at(content_type: &str, body: &str, for_news: bool) -> Option<CarrierEvent> {
    let event = Fields::of(&post(content_type, &[], body))?.event(for_news)?;
    assert_eq!(event.account().as_str(), "p");
    Some(event)
}

fn event(content_type: &str, body: &str) -> Option<CarrierEvent> {
    event_at(content_type, body, false)
}

#[test]
fn news_that_a_text_came_in_is_no_text_and_no_status_of_ours() {
    let text = "MessageSid=m&AccountSid=p&From=%2B12125550199&To=%2B14155550123&Body=x";
    let other = Some(CarrierEvent::Other {
        account: AccountId::new("p"),
    });
    for word in ["receiving", "received"] {
        let news = format!("{text}&MessageStatus={word}");
        assert_eq!(event_at(FORM, &news, true), other, "{word}");
        let native = format!(r#"{{"id":"m","project_id":"p","status":"{word}"}}"#);
        let read = event_at("application/json", &native, true);
        assert_eq!(read, other, "{word}");
    }
    assert_eq!(event_at(FORM, text, true), None);
    let came = event(FORM, &format!("{text}&MessageStatus=received"));
    assert!(matches!(came, Some(CarrierEvent::MessageReceived { .. })));
    let coming = event(FORM, &format!("{text}&MessageStatus=receiving"));
    assert_eq!(coming, other);
}

#[test]
fn an_address_says_whether_it_is_for_news() {
    let webhooks = Webhooks::new("https://hooks.example.com", &ID, WebhookToken::derived(1));
    let message = MessageId::derived(7);
    assert!(is_for_news(&webhooks.url(WebhookKind::Status)));
    assert!(is_for_news(&webhooks.message_status_url(&message)));
    assert!(!is_for_news(&webhooks.url(WebhookKind::Sms)));
    assert!(!is_for_news("https://hooks.example.com/status"));
}

#[test]
fn a_text_that_came_in_is_read() {
    let form = "MessageSid=m&AccountSid=p&From=%2B12125550199&To=%2B14155550123\
        &Body=Hi+%2B+%C3%BCn%C3%AF&NumSegments=2&NumMedia=0";
    let json = r#"{"MessageSid":"m","AccountSid":"p","From":"+12125550199",
        "To":"+14155550123","Body":"Hi + ünï","NumSegments":2}"#;
    for (content_type, body) in [(FORM, form), ("application/json", json)] {
        let Some(CarrierEvent::MessageReceived {
            id,
            from,
            to,
            body,
            segments,
            ..
        }) = event(content_type, body)
        else {
            panic!("{content_type}");
        };
        assert_eq!((id.as_str(), from.as_str()), ("m", "+12125550199"));
        assert_eq!(
            (to.as_str(), body.as_str(), segments),
            ("+14155550123", "Hi + ünï", 2)
        );
    }
}

#[test]
fn news_of_a_message_is_read() {
    use MessageStatus::{Delivered, Queued, Undelivered};
    let json = r#"{"id":"m","project_id":"p","status":"delivered","error_code":null}"#;
    for (content_type, body, expected, reason) in [
        (
            FORM,
            "MessageSid=m&AccountSid=p&MessageStatus=sending",
            Queued,
            None,
        ),
        (
            FORM,
            "SmsSid=m&AccountSid=p&MessageStatus=undelivered&ErrorCode=30003&Body=x",
            Undelivered,
            Some("unreachable"),
        ),
        ("application/json", json, Delivered, None),
    ] {
        let Some(CarrierEvent::MessageStatus {
            id,
            status,
            failure,
            ..
        }) = event(content_type, body)
        else {
            panic!("{body}");
        };
        assert_eq!((id.as_str(), status), ("m", expected), "{body}");
        assert_eq!(failure.as_deref(), reason, "{body}");
    }
}

#[test]
fn a_call_asks_only_while_it_comes_in() {
    let base = "CallSid=c&AccountSid=p&From=anonymous&To=%2B14155550123";
    for (rest, asks) in [
        ("&Direction=inbound&CallStatus=ringing", true),
        ("&Direction=inbound&CallStatus=in-progress", true),
        (
            "&Direction=inbound&CallStatus=in-progress&CallbackSource=call-progress-events",
            false,
        ),
        ("&Direction=inbound&CallStatus=completed", false),
        ("&Direction=outbound-dial&CallStatus=ringing", false),
        ("&CallStatus=failed&CallDuration=0&Timestamp=x", false),
    ] {
        let asked = matches!(
            event(FORM, &format!("{base}{rest}")),
            Some(CarrierEvent::CallReceived { .. })
        );
        assert_eq!(asked, asks, "{rest}");
    }
}

#[test]
fn a_call_that_came_in_ends_once_and_its_second_leg_is_no_call_of_ours() {
    use CallOutcome::{Completed, Failed};
    let base = "CallSid=c&AccountSid=p&From=anonymous&To=%2B14155550123";
    let number = "&Timestamp=x&AudioInMos=4.5";
    for (rest, ended) in [
        (
            "&CallStatus=completed&CallDuration=61",
            Some((Completed, 61)),
        ),
        ("&CallStatus=completed", Some((Completed, 0))),
        (
            "&CallStatus=completed&CallDuration=-1",
            Some((Completed, 0)),
        ),
        ("&CallStatus=failed&CallDuration=12", Some((Failed, 0))),
        ("&CallStatus=no-answer&Direction=inbound", Some((Failed, 0))),
        (
            "&CallStatus=completed&CallDuration=9&ParentCallSid=",
            Some((Completed, 9)),
        ),
        (
            "&CallStatus=completed&CallDuration=9&ParentCallSid=c0",
            None,
        ),
        (
            "&CallStatus=completed&CallDuration=9&Direction=outbound-dial",
            None,
        ),
        (
            "&CallStatus=in-progress&CallbackSource=call-progress-events",
            None,
        ),
        ("&CallStatus=teleported", None),
    ] {
        let read = match event(FORM, &format!("{base}{rest}{number}")) {
            Some(CarrierEvent::CallEnded {
                id,
                from,
                outcome,
                seconds,
                ..
            }) => {
                assert_eq!((id.as_str(), from.as_str()), ("c", "anonymous"));
                Some((outcome, seconds))
            }
            Some(CarrierEvent::Other { .. }) => None,
            other => panic!("{rest}: {other:?}"),
        };
        assert_eq!(read, ended, "{rest}");
    }
}

#[test]
fn what_cannot_be_placed_is_not_an_event() {
    for body in [
        "",
        "AccountSid=p",
        "MessageSid=m&From=%2B12125550199&To=%2B14155550123",
        "MessageSid=m&AccountSid=&From=%2B12125550199&To=%2B14155550123",
        "MessageSid=&AccountSid=p&From=%2B12125550199&To=%2B14155550123",
        "MessageSid=m&AccountSid=p&To=%2B14155550123",
        "MessageSid=m&AccountSid=p&From=12345&To=12345",
        "MessageSid=m&AccountSid=p&MessageStatus=teleported",
        "CallSid=c&AccountSid=p&Direction=inbound&CallStatus=ringing&To=sip:x",
    ] {
        assert_eq!(event(FORM, body), None, "{body}");
    }
    assert_eq!(event("application/json", "[]"), None);
    assert_eq!(event("application/json", "{"), None);
}

#[test]
fn the_addressee_is_read_without_belief() {
    let to = addressee(&post(FORM, &[], CALL)).unwrap();
    assert_eq!(to.as_str(), "+14155550123");
    assert_eq!(addressee(&post(FORM, &[], "To=12345")), None);
    assert_eq!(addressee(&post("text/plain", &[], CALL)), None);
    let from = sender(&post(FORM, &[], CALL));
    assert_eq!(from.as_deref(), Some("+12125550199"));
    assert_eq!(sender(&post(FORM, &[], "From=")), None);
}
