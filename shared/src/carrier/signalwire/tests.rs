//! The adapter over a transport that answers from a script.

mod sip;

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;

use super::{Config, ID, SignalWire};
use crate::{
    carrier::{
        Account, Carrier, Connection, Credentials, Effect, Error, ErrorKind, NumberQuery, Purchase,
        PurchaseOrder, Request, Response, Transport, TransportError, TransportErrorKind,
    },
    domain::{AccountId, WebhookToken, Webhooks},
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
    });
    let config = Config::new("https://acme.signalwire.com", &platform().id).unwrap();
    let transport: Arc<dyn Transport> = Arc::<Script>::clone(&script);
    (SignalWire::new(config, transport), script)
}

impl Script {
    fn sent(&self) -> Vec<(Connection, String)> {
        self.sent.lock().unwrap().clone()
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
    assert_eq!(script.sent().len(), 2);
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

const CREATED: Turn = Answer(
    201,
    r#"{"id":"3f0d","name":"n","signing_key":"PSK-secret"}"#,
);
const MINTED: Turn = Answer(200, r#"{"id":"t","name":"numberline","token":"PT-minted"}"#);

#[tokio::test]
async fn a_new_subproject_is_made_without_looking() {
    let (carrier, script) = scripted(&[CREATED, MINTED]);
    let made = carrier
        .ensure_subproject(&platform(), "n", false)
        .await
        .unwrap();
    assert_eq!(made.account.as_str(), "3f0d");
    assert_eq!(made.credentials.expose(), "PT-minted");
    assert_eq!(made.webhook_key.expose(), "PSK-secret");
    assert_eq!(
        script.paths(),
        ["POST /api/projects", "POST /api/project/tokens"]
    );
    assert!(
        script
            .sent()
            .iter()
            .all(|(connection, _)| *connection == Connection::Fresh)
    );
}

#[tokio::test]
async fn a_known_subproject_gets_new_secrets() {
    let first = r#"{"data":[
        {"id":"root","name":"n","subproject":false,"parent_project_id":null,"created_at":"2026-01-01T00:00:00Z"},
        {"id":"like","name":"n2","subproject":true,"parent_project_id":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","created_at":"2026-01-02T00:00:00Z"},
        {"id":"young","name":"n","subproject":true,"parent_project_id":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","created_at":"2026-02-01T00:00:00Z"}],
        "links":{"next":"/api/projects?page_number=1"}}"#;
    let second = r#"{"data":[
        {"id":"old","name":"n","subproject":true,"parent_project_id":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","created_at":"2026-01-31T00:00:00Z"}],
        "links":{}}"#;
    let rotated = Answer(200, r#"{"id":"old","signing_key":"PSK-rotated"}"#);
    let (carrier, script) = scripted(&[Answer(200, first), Answer(200, second), rotated, MINTED]);
    let taken = carrier
        .ensure_subproject(&platform(), "n", true)
        .await
        .unwrap();
    assert_eq!(taken.account.as_str(), "old");
    assert_eq!(taken.webhook_key.expose(), "PSK-rotated");
    let expected = [
        "GET /api/projects",
        "GET /api/projects",
        "POST /api/projects/old/signing-key/rotate",
        "POST /api/project/tokens",
    ];
    assert_eq!(script.paths(), expected);
}

#[tokio::test]
async fn once_a_subproject_may_exist_every_failure_is_unknown() {
    let none = Answer(200, r#"{"data":[],"links":{}}"#);
    for (look_first, turns, kind, effect) in [
        (
            false,
            &[Answer(422, "")][..],
            ErrorKind::Rejected,
            Effect::None,
        ),
        (
            false,
            &[Answer(500, "")],
            ErrorKind::Unavailable,
            Effect::Unknown,
        ),
        (
            false,
            &[Answer(201, r#"{"id":"3f0d"}"#)],
            ErrorKind::Unexpected,
            Effect::Unknown,
        ),
        (
            false,
            &[CREATED, Answer(401, "")],
            ErrorKind::Unauthenticated,
            Effect::Unknown,
        ),
        (
            false,
            &[CREATED, Answer(429, "")],
            ErrorKind::RateLimited,
            Effect::Unknown,
        ),
        (
            false,
            &[CREATED, Break(TransportErrorKind::Connect)],
            ErrorKind::Unavailable,
            Effect::Unknown,
        ),
        (
            true,
            &[Answer(500, "")],
            ErrorKind::Unavailable,
            Effect::None,
        ),
        (
            true,
            &[none, CREATED, Answer(500, "")],
            ErrorKind::Unavailable,
            Effect::Unknown,
        ),
    ] {
        let (carrier, _) = scripted(turns);
        let error = carrier
            .ensure_subproject(&platform(), "n", look_first)
            .await
            .unwrap_err();
        assert_eq!(state(&error), (kind, effect), "{turns:?}");
    }
}

#[tokio::test]
async fn the_platform_is_not_closed() {
    let (carrier, script) = scripted(&[Answer(204, "")]);
    let error = carrier
        .close_subproject(&platform(), &platform())
        .await
        .unwrap_err();
    assert_eq!(state(&error), (ErrorKind::Rejected, Effect::None));
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn no_secret_is_in_an_error_or_in_what_is_printed() {
    let garbled = Answer(
        200,
        r#"{"id":"3f0d","signing_key":["PSK-secret"],"token":{"a":"PT-secret"}}"#,
    );
    let (carrier, script) = scripted(&[garbled]);
    let error = carrier
        .ensure_subproject(&platform(), "n", false)
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
    assert_eq!(capabilities.call_timeout.as_secs(), 10 + 2 * 3);
    assert!(capabilities.purchase_in_subproject && capabilities.transfer);
    assert!(capabilities.sip_credentials && !capabilities.asynchronous_purchase);
}
