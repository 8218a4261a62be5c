//! The adapter over a transport that answers from a script.

mod sip;
mod subprojects;

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;

use super::{Config, ID, SignalWire};
use crate::{
    carrier::{
        Account, Carrier, Connection, Credentials, Effect, Error, ErrorKind, NumberQuery, Purchase,
        PurchaseOrder, Request, Response, Transport, TransportError, TransportErrorKind,
    },
    domain::{AccountId, WebhookToken, Webhooks, webhooks::WebhookKind},
};

const PLATFORM: &str = "7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55";
const NUMBERS: &str = include_str!("../../../tests/fixtures/signalwire-numbers.json");

/// What a request brings.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Answer(u16, &'static str),
    Break(TransportErrorKind),
}

use Turn::{Answer, Break};

/// Plays its turns in order, then again the last; remembers what was sent.
struct Script {
    turns: Mutex<VecDeque<Turn>>,
    sent: Mutex<Vec<(Connection, String)>>,
    targets: Mutex<Vec<String>>,
    pauses: AtomicUsize,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Script {:?}", self.sent())
    }
}

#[async_trait::async_trait]
impl Transport for Script {
    async fn send(
        &self,
        request: Request,
        connection: Connection,
    ) -> Result<Response, TransportError> {
        let line = format!("{} {}", request.method(), request.uri().path());
        self.sent.lock().unwrap().push((connection, line));
        let target = request.uri().path_and_query().unwrap().to_string();
        self.targets.lock().unwrap().push(target);
        let mut turns = self.turns.lock().unwrap();
        let turn = if turns.len() > 1 {
            turns.pop_front()
        } else {
            turns.front().copied()
        };
        match turn.unwrap() {
            Answer(status, body) => Ok(http::Response::builder()
                .status(status)
                .body(Bytes::from_static(body.as_bytes()))
                .unwrap()),
            Break(kind) => Err(TransportError::new(kind, "scripted")),
        }
    }

    async fn pause(&self) {
        self.pauses.fetch_add(1, Ordering::Relaxed);
    }
}

fn platform() -> Account {
    Account {
        id: AccountId::new(PLATFORM),
        credentials: Credentials::new("PT-secret"),
    }
}

fn scripted(turns: &[Turn]) -> (SignalWire, Arc<Script>) {
    let script = Arc::new(Script {
        turns: Mutex::new(turns.iter().copied().collect()),
        sent: Mutex::default(),
        targets: Mutex::default(),
        pauses: AtomicUsize::default(),
    });
    let config = Config::new("https://acme.signalwire.com", &platform().id).unwrap();
    let transport: Arc<dyn Transport> = Arc::<Script>::clone(&script);
    (SignalWire::new(config, transport), script)
}

impl Script {
    fn sent(&self) -> Vec<(Connection, String)> {
        self.sent.lock().unwrap().clone()
    }

    /// Paths and queries, in order.
    fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }

    fn pauses(&self) -> usize {
        self.pauses.load(Ordering::Relaxed)
    }

    fn paths(&self) -> Vec<String> {
        self.sent().into_iter().map(|(_, line)| line).collect()
    }
}

fn order() -> PurchaseOrder {
    PurchaseOrder {
        e164: "+14155550142".parse().unwrap(),
        reference: "ord_7".to_owned(),
        webhooks: Webhooks::new("https://hooks.example.com", &ID, WebhookToken::derived(1)),
    }
}

fn query() -> NumberQuery {
    NumberQuery::any_in("415".parse().unwrap(), 1)
}

fn state(error: &Error) -> (ErrorKind, Effect) {
    (error.kind(), error.effect())
}

#[tokio::test]
async fn a_purchase_is_sent_once_and_on_a_connection_of_its_own() {
    use TransportErrorKind::{Interrupted, Timeout};
    for (turn, kind, effect) in [
        (Answer(500, ""), ErrorKind::Unavailable, Effect::Unknown),
        (Break(Timeout), ErrorKind::Unavailable, Effect::Unknown),
        (Break(Interrupted), ErrorKind::Unavailable, Effect::Unknown),
        (Answer(429, ""), ErrorKind::RateLimited, Effect::None),
        (
            Answer(201, "<html>"),
            ErrorKind::Unexpected,
            Effect::Unknown,
        ),
        (Answer(422, ""), ErrorKind::NumberUnavailable, Effect::None),
    ] {
        let (carrier, script) = scripted(&[turn]);
        let error = carrier.purchase(&platform(), &order()).await.unwrap_err();
        assert_eq!(state(&error), (kind, effect), "{turn:?}");
        let sent = script.sent();
        assert_eq!(sent.len(), 1, "{turn:?}");
        assert!(
            sent.iter()
                .all(|(connection, _)| *connection == Connection::Fresh)
        );
    }
}

#[tokio::test]
async fn a_connection_that_was_not_made_is_tried_again_and_given_up() {
    let refused = Break(TransportErrorKind::Connect);
    let (carrier, script) = scripted(&[refused]);
    let error = carrier.purchase(&platform(), &order()).await.unwrap_err();
    assert_eq!(state(&error), (ErrorKind::Unavailable, Effect::None));
    assert_eq!(script.sent().len(), 3);
    assert_eq!(script.pauses(), 2, "a pause before each repeat");
    let (carrier, script) = scripted(&[refused, refused, Answer(422, "")]);
    let error = carrier.purchase(&platform(), &order()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NumberUnavailable);
    assert_eq!(script.sent().len(), 3);
}

#[tokio::test]
async fn a_read_is_repeated_once() {
    let found = Answer(
        200,
        r#"{"data":[{"number":"+14155550142"},{"number":"+14155550143"}]}"#,
    );
    for turn in [Answer(502, ""), Break(TransportErrorKind::Timeout)] {
        let (carrier, script) = scripted(&[turn, found]);
        let offers = carrier.search(&platform(), &query()).await.unwrap();
        assert_eq!(offers.len(), 1, "more than asked for");
        assert_eq!(script.sent().len(), 2, "{turn:?}");
        let (carrier, script) = scripted(&[turn]);
        let error = carrier.search(&platform(), &query()).await.unwrap_err();
        assert_eq!(state(&error), (ErrorKind::Unavailable, Effect::None));
        assert_eq!(script.sent().len(), 2, "{turn:?}");
    }
    let (carrier, script) = scripted(&[Answer(429, "")]);
    let error = carrier.search(&platform(), &query()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_sale_of_something_else_is_not_ours_to_explain() {
    let other = r#"{"sid":"s","account_sid":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","phone_number":"+14155550143"}"#;
    let elsewhere = r#"{"sid":"s","account_sid":"another","phone_number":"+14155550142"}"#;
    for body in [other, elsewhere] {
        let (carrier, _) = scripted(&[Answer(201, body)]);
        let error = carrier.purchase(&platform(), &order()).await.unwrap_err();
        assert_eq!(state(&error), (ErrorKind::Unexpected, Effect::Unknown));
    }
    let bought = r#"{"sid":"s","account_sid":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","phone_number":"+14155550142"}"#;
    let (carrier, _) = scripted(&[Answer(201, bought)]);
    let purchase = carrier.purchase(&platform(), &order()).await.unwrap();
    assert!(matches!(purchase, Purchase::Owned(number) if number.e164 == order().e164));
}

#[tokio::test]
async fn a_number_is_looked_for_to_the_end_of_the_list() {
    let others = r#"{"incoming_phone_numbers":[{"sid":"s","account_sid":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","phone_number":"+141555501420"}],
        "next_page_uri":"/api/laml/2010-04-01/next"}"#;
    let end = r#"{"incoming_phone_numbers":[],"next_page_uri":null}"#;
    let e164 = order().e164;
    let (carrier, script) = scripted(&[Answer(200, others), Answer(200, NUMBERS)]);
    let found = carrier.get(&platform(), &e164).await.unwrap().unwrap();
    assert_eq!(found.reference.as_deref(), Some("ord_7"));
    assert_eq!(
        script.paths().last().unwrap(),
        "GET /api/laml/2010-04-01/next"
    );
    let (carrier, script) = scripted(&[Answer(200, others), Answer(200, end)]);
    assert_eq!(
        carrier.find_purchase(&platform(), &order()).await.unwrap(),
        None
    );
    assert_eq!(script.sent().len(), 3);
}

#[tokio::test]
async fn an_absence_is_believed_after_everything_was_looked_through() {
    let end = r#"{"incoming_phone_numbers":[],"next_page_uri":null}"#;
    let ours = Answer(200, NUMBERS);
    let everything =
        format!("/api/laml/2010-04-01/Accounts/{PLATFORM}/IncomingPhoneNumbers?PageSize=200");
    let (carrier, script) = scripted(&[ours]);
    assert!(
        carrier
            .get(&platform(), &order().e164)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(script.sent().len(), 1, "what is shown needs no second look");
    let (carrier, script) = scripted(&[Answer(200, end), ours]);
    let found = carrier.find_purchase(&platform(), &order()).await.unwrap();
    assert!(found.is_some(), "the filter showed nothing, the list does");
    assert_eq!(script.targets().last().unwrap(), &everything);
    let (carrier, script) = scripted(&[Answer(200, end)]);
    assert_eq!(carrier.get(&platform(), &order().e164).await.unwrap(), None);
    assert_eq!(script.sent().len(), 2);
    let (carrier, _) = scripted(&[Answer(200, end), Answer(500, "")]);
    let error = carrier.get(&platform(), &order().e164).await.unwrap_err();
    assert_eq!(state(&error), (ErrorKind::Unavailable, Effect::None));
}

#[tokio::test]
async fn a_page_that_says_nothing_of_the_next_is_not_the_last() {
    for body in [
        r#"{"incoming_phone_numbers":[]}"#,
        r#"{"incoming_phone_numbers":[],"next_page_uri":7}"#,
    ] {
        let (carrier, _) = scripted(&[Answer(200, body)]);
        let error = carrier.get(&platform(), &order().e164).await.unwrap_err();
        assert_eq!(
            state(&error),
            (ErrorKind::Unexpected, Effect::None),
            "{body}"
        );
    }
    let (carrier, _) = scripted(&[Answer(200, r#"{"data":[]}"#)]);
    let made = carrier.find_subproject(&platform(), "n").await;
    assert_eq!(
        state(&made.unwrap_err()),
        (ErrorKind::Unexpected, Effect::None)
    );
}

/// In the platform's account a number is an order's under the order's reference, and the
/// carrier may show a name of its own for it.
#[tokio::test]
async fn a_purchase_is_known_by_its_addresses_where_its_name_is_not_shown() {
    let ours = order().webhooks.url(WebhookKind::Voice);
    for (voice, reference) in [
        (ours.as_str(), "ord_7"),
        ("https://elsewhere.example.com", "(415) 555-0142"),
    ] {
        let body = format!(
            r#"{{"incoming_phone_numbers":[{{"sid":"s","account_sid":"{PLATFORM}","phone_number":"+14155550142",
            "friendly_name":"(415) 555-0142","voice_url":"{voice}","voice_method":"POST"}}],"next_page_uri":null}}"#
        );
        let (carrier, _) = scripted(&[Answer(200, body.leak())]);
        let found = carrier.find_purchase(&platform(), &order()).await;
        let found = found.unwrap().unwrap();
        assert_eq!(found.reference.as_deref(), Some(reference));
    }
}

#[tokio::test]
async fn a_search_by_area_code_stays_there() {
    let neighbours = Answer(
        200,
        r#"{"data":[{"number":"+16285550142"},{"number":"+14155550143"},{"number":"+15105550143"}]}"#,
    );
    let (carrier, _) = scripted(&[neighbours]);
    let any = NumberQuery::any_in("415".parse().unwrap(), 5);
    let offers = carrier.search(&platform(), &any).await.unwrap();
    let offers: Vec<_> = offers.iter().map(|offer| offer.e164.as_str()).collect();
    assert_eq!(offers, ["+14155550143"]);
}

#[tokio::test]
async fn the_platforms_credentials_open_its_projects_too() {
    let (carrier, script) = scripted(&[Answer(200, "{}")]);
    carrier.check_credentials(&platform()).await.unwrap();
    let numbers = format!("GET /api/laml/2010-04-01/Accounts/{PLATFORM}/IncomingPhoneNumbers");
    assert_eq!(script.paths(), [&numbers, "GET /api/projects"]);
    let (carrier, _) = scripted(&[Answer(200, "{}"), Answer(401, "")]);
    let refused = carrier.check_credentials(&platform()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthenticated);
    let (carrier, script) = scripted(&[Answer(200, "{}")]);
    let subproject = Account {
        id: AccountId::new("3f0d"),
        credentials: Credentials::new("PT-secret"),
    };
    carrier.check_credentials(&subproject).await.unwrap();
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_list_without_an_end_proves_nothing() {
    let endless = r#"{"incoming_phone_numbers":[],"next_page_uri":"/api/laml/2010-04-01/next"}"#;
    let (carrier, script) = scripted(&[Answer(200, endless)]);
    let error = carrier.get(&platform(), &order().e164).await.unwrap_err();
    assert_eq!(state(&error), (ErrorKind::Unexpected, Effect::None));
    assert_eq!(script.sent().len(), 50);
}

#[tokio::test]
async fn a_page_leaves_out_what_we_cannot_serve() {
    let (carrier, _) = scripted(&[Answer(200, NUMBERS)]);
    let page = carrier.list_owned(&platform(), None).await.unwrap();
    assert_eq!(page.items.len(), 1);
    let next = page.next.unwrap();
    let (carrier, script) = scripted(&[Answer(200, NUMBERS)]);
    carrier.list_owned(&platform(), Some(&next)).await.unwrap();
    assert!(next.starts_with(script.paths().remove(0).trim_start_matches("GET ")));
}

#[tokio::test]
async fn no_secret_is_in_an_error_or_in_what_is_printed() {
    let garbled = Answer(
        200,
        r#"{"id":"3f0d","signing_key":["PSK-secret"],"token":{"a":"PT-secret"}}"#,
    );
    let (carrier, script) = scripted(&[garbled]);
    let error = carrier
        .ensure_subproject(&platform(), "n", None)
        .await
        .unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    let everything = format!(
        "{carrier:?} {error} {error:?} {source} {script:?} {:?}",
        platform()
    );
    assert!(!everything.contains("secret"), "{everything}");
}

#[test]
fn a_call_takes_as_long_as_its_attempts() {
    let (carrier, _) = scripted(&[]);
    let capabilities = carrier.capabilities();
    assert_eq!(
        capabilities.call_timeout.as_millis(),
        10_000 + 2 * (3_000 + 300)
    );
    assert!(capabilities.purchase_in_subproject && capabilities.transfer);
    assert!(capabilities.sip_credentials && !capabilities.asynchronous_purchase);
}
