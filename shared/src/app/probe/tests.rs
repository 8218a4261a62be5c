//! What becomes of each answer a public address can give.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::{
    Bytes, Chance, Clock, Connection, Duration, E164, HEADER, Probe, ProbeKey, Prober, Request,
    Response, StatusCode, Subject, Transport, TransportError, TransportErrorKind, VerifyCode,
    Webhooks, WorkspaceId,
};
use crate::domain::{CarrierId, Timestamp, WebhookToken};

const NOW: Timestamp = Timestamp::from_millis(1_795_240_800_000);

#[derive(Debug)]
struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }

    async fn sleep(&self, _: Duration) {}
}

impl Chance for Still {
    fn draw(&self) -> u128 {
        7
    }
}

/// What a public address does with a request.
type Behaviour = fn(&Request) -> Result<(u16, String), TransportErrorKind>;

#[derive(Debug)]
struct Address {
    behaviour: Behaviour,
    asked: Mutex<Vec<Request>>,
}

#[async_trait]
impl Transport for Address {
    async fn send(
        &self,
        request: Request,
        connection: Connection,
    ) -> Result<Response, TransportError> {
        assert_eq!(connection, Connection::Fresh);
        let answer = (self.behaviour)(&request);
        self.asked.lock().unwrap().push(request);
        let (status, body) = answer.map_err(|kind| TransportError::new(kind, "a test"))?;
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(response)
    }
}

fn key() -> ProbeKey {
    ProbeKey::derived("PSK_made_up")
}

fn workspace() -> WorkspaceId {
    WorkspaceId::derived(1)
}

/// Our own receiver, with `key`, for a number of `owner`.
fn ours(request: &Request, key: &ProbeKey, owner: Option<&WorkspaceId>) -> (u16, String) {
    let signed = request.headers().get(HEADER);
    let signed = signed.map_or("", |value| value.to_str().unwrap());
    let token = WebhookToken::derived(1);
    match Probe::read(key, &token, request.body(), signed, NOW) {
        Ok(probe) => {
            let echo = probe.echo(key, &request.uri().to_string(), owner);
            (200, serde_json::to_string(&echo).unwrap())
        }
        Err(_) => (403, r#"{"code":"not_proven"}"#.to_owned()),
    }
}

fn is_signed(request: &Request) -> bool {
    request.headers().contains_key(HEADER)
}

async fn found(base: &str, behaviour: Behaviour) -> (Vec<VerifyCode>, Vec<Request>) {
    found_with(Some(&key()), base, behaviour).await
}

async fn found_with(
    key: Option<&ProbeKey>,
    base: &str,
    behaviour: Behaviour,
) -> (Vec<VerifyCode>, Vec<Request>) {
    let address = Arc::new(Address {
        behaviour,
        asked: Mutex::default(),
    });
    let prober = Prober {
        transport: Arc::<Address>::clone(&address),
        clock: Arc::new(Still),
        chance: Arc::new(Still),
    };
    let webhooks = Webhooks::new(base, &CarrierId::new("local"), WebhookToken::derived(1));
    let number: E164 = "+15125550123".parse().unwrap();
    let subject = Subject {
        webhooks: &webhooks,
        number: &number,
        workspace: &workspace(),
    };
    let codes = prober.probe(key, subject).await;
    let asked = std::mem::take(&mut *address.asked.lock().unwrap());
    (codes, asked)
}

#[tokio::test]
async fn each_answer_of_a_public_address_has_its_code() {
    let cases: [(&[VerifyCode], Behaviour); 14] = [
        (&[], |request| Ok(ours(request, &key(), Some(&workspace())))),
        (&[VerifyCode::WrongSigningKey], |request| {
            let other = ProbeKey::derived("PSK_another");
            Ok(ours(request, &other, Some(&workspace())))
        }),
        (&[VerifyCode::ProbeWrongWorkspace], |request| {
            Ok(ours(request, &key(), Some(&WorkspaceId::derived(2))))
        }),
        (&[VerifyCode::ProbeWrongWorkspace], |request| {
            Ok(ours(request, &key(), None))
        }),
        (&[VerifyCode::ProbeSlow], |_| {
            Err(TransportErrorKind::Timeout)
        }),
        (&[VerifyCode::ProbeUnreachable], |_| {
            Err(TransportErrorKind::Connect)
        }),
        (&[VerifyCode::ProbeUnreachable], |_| {
            Err(TransportErrorKind::Interrupted)
        }),
        (&[VerifyCode::ProbeFailed], |_| Ok((503, String::new()))),
        (&[VerifyCode::ProbeRefused], |_| {
            Ok((404, r#"{"message":"Not Found"}"#.to_owned()))
        }),
        (&[VerifyCode::ProbeRefused], |_| {
            Ok((403, "<h1>Forbidden</h1>".to_owned()))
        }),
        (&[VerifyCode::ProbeWrongAnswer], |_| {
            Ok((301, String::new()))
        }),
        (
            &[
                VerifyCode::ProbeWrongAnswer,
                VerifyCode::ProbeNotRefusedUnsigned,
            ],
            |_| Ok((200, "<h1>Welcome</h1>".to_owned())),
        ),
        (&[VerifyCode::ProbeNotRefusedUnsigned], |request| {
            Ok(if is_signed(request) {
                ours(request, &key(), Some(&workspace()))
            } else {
                (204, String::new())
            })
        }),
        (&[VerifyCode::ProbeAddressMismatch], |request| {
            let mut seen = request.clone();
            *seen.uri_mut() = "http://10.0.0.1/webhooks".parse().unwrap();
            Ok(ours(&seen, &key(), Some(&workspace())))
        }),
    ];
    for (place, (expected, behaviour)) in cases.into_iter().enumerate() {
        let (codes, asked) = found("https://hooks.example.com", behaviour).await;
        assert_eq!(codes, expected, "case {place}");
        assert_eq!(asked.len(), 2, "case {place}: nothing is repeated");
    }
}

#[tokio::test]
async fn one_probe_is_signed_and_one_is_not() {
    let (_, asked) = found("https://hooks.example.com", |_| Ok((500, String::new()))).await;
    let signed: Vec<bool> = asked.iter().map(is_signed).collect();
    assert_eq!(signed, [true, false]);
    for request in asked {
        let address =
            "https://hooks.example.com/webhooks/local/probe/wht_00000000000000000000000001";
        assert_eq!(request.uri().to_string(), address);
        let text = String::from_utf8(request.body().to_vec()).unwrap();
        assert!(!text.contains(key().expose()) && !text.contains(workspace().as_str()));
    }
}

#[tokio::test]
async fn nothing_is_sent_in_the_open_or_without_a_key() {
    let (codes, asked) = found("http://hooks.example.com", |_| Ok((200, String::new()))).await;
    assert_eq!(codes, [VerifyCode::AddressNotHttps]);
    assert!(asked.is_empty());
    let (codes, asked) = found("http://127.0.0.1:4600", |request| {
        Ok(ours(request, &key(), Some(&workspace())))
    })
    .await;
    assert_eq!((codes, asked.len()), (vec![], 2));
    let open = |_: &Request| Ok((200, String::new()));
    let (codes, asked) = found_with(None, "https://hooks.example.com", open).await;
    assert_eq!(codes, [VerifyCode::ProbeKeyMissing]);
    assert!(asked.is_empty());
}
