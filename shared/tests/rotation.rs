//! A rotated carrier token costs a retry, never a wrong outcome.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;

use numberline::{
    app::{AccountSource, Platform},
    carrier::{
        Account, AccountKeys, Connection, Credentials, NumberQuery, Request, Response, Transport,
        TransportError,
        signalwire::{Config, SignalWire},
    },
    domain::AccountId,
};

const PROJECT: &str = "7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55";

/// A carrier that knows the token `PTnew` and no other.
#[derive(Debug, Default)]
struct Rotated {
    asked: AtomicU32,
}

#[async_trait]
impl Transport for Rotated {
    async fn send(&self, request: Request, _: Connection) -> Result<Response, TransportError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let new = format!("{PROJECT}:PTnew");
        let new = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, new);
        let let_in = request
            .headers()
            .values()
            .any(|value| value == &format!("Basic {new}"));
        let (status, body) = if let_in {
            (200, r#"{"links":{},"data":[]}"#)
        } else {
            (401, r#"{"error":"Unauthorized"}"#)
        };
        Ok(http::Response::builder()
            .status(status)
            .body(body.into())
            .unwrap())
    }
}

/// A secret that holds `token` now.
#[derive(Debug)]
struct Secret {
    token: &'static str,
    read: AtomicU32,
}

#[async_trait]
impl AccountSource for Secret {
    async fn read(&self) -> Option<Account> {
        self.read.fetch_add(1, Ordering::SeqCst);
        Some(account(self.token))
    }

    async fn webhook_keys(&self) -> AccountKeys {
        AccountKeys::new()
    }
}

fn account(token: &str) -> Account {
    Account {
        id: AccountId::new(PROJECT),
        credentials: Credentials::new(token),
    }
}

fn world(token_now: &'static str) -> (Platform, Arc<Rotated>, Arc<Secret>) {
    let carrier = Arc::new(Rotated::default());
    let secret = Arc::new(Secret {
        token: token_now,
        read: AtomicU32::new(0),
    });
    let config = Config::new("https://acme.signalwire.com", &AccountId::new(PROJECT)).unwrap();
    let transport: Arc<dyn Transport> = Arc::<Rotated>::clone(&carrier);
    let adapter = SignalWire::new(config, transport);
    let source: Arc<dyn AccountSource> = Arc::<Secret>::clone(&secret);
    let platform = Platform::new(Arc::new(adapter), account("PTold")).renewed_from(source);
    (platform, carrier, secret)
}

fn query() -> NumberQuery {
    NumberQuery::any_in("512".parse().unwrap(), 5)
}

#[tokio::test]
async fn a_rotated_token_costs_one_retry() {
    let (platform, carrier, secret) = world("PTnew");
    platform.search(&query()).await.unwrap();
    platform.search(&query()).await.unwrap();
    assert_eq!(carrier.asked.load(Ordering::SeqCst), 3);
    assert_eq!(secret.read.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_was_not_rotated_is_not_tried_again() {
    let (platform, carrier, secret) = world("PTold");
    assert!(platform.search(&query()).await.is_err());
    assert_eq!(carrier.asked.load(Ordering::SeqCst), 1);
    assert_eq!(secret.read.load(Ordering::SeqCst), 1);
}
