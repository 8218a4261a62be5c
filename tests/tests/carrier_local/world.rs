//! The local carrier's other side: its rows, read past the adapter, and webhooks as a
//! developer makes them.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use numberline::{
    carrier::{
        Account, Carrier, SipCredential, SipPassword, WebhookKey,
        contract::{Arrival, Fault, Happening, Signing, Step, World},
        local::{Local, SIGNATURE, platform, sign},
    },
    domain::{AreaCode, E164},
    store::body_hash,
};
use numberline_tests::lab::{CORE, Tables, VirtualClock};
use serde_json::{Map, Value, json};

use super::{counter::Counter, dice::Dice};

pub(super) struct Counted {
    pub(super) counter: Counter,
    pub(super) tables: Tables,
    pub(super) clock: VirtualClock,
    pub(super) dice: Arc<Dice>,
    pub(super) unreachable: Local,
}

type Row = Map<String, Value>;

impl Counted {
    /// The rows of one kind.
    fn rows(&self, kind: &str) -> Vec<Row> {
        let items = self.tables.items(CORE).unwrap().into_iter();
        let of_kind = items.filter(|item| text(item, "sk").starts_with(kind));
        let bodies = of_kind.map(|mut item| item.remove("body").unwrap_or_default());
        bodies
            .filter_map(|body| body.as_object().cloned())
            .collect()
    }

    fn row(&self, kind: &str, name: &str, value: &str) -> Row {
        let mut rows = self.rows(kind).into_iter();
        rows.find(|row| text(row, name) == value).unwrap()
    }

    /// Signs for `account` what is posted to `url`.
    fn signed(&self, account: &str, url: &str, told: &Value, signing: Signing) -> Arrival {
        let hash = self.row("ACCOUNT#", "id", account);
        let key = self.dice.key_beside(text(&hash, "secret_hash")).unwrap();
        let body = told.to_string();
        let signature = match signing {
            Signing::Good => Some(sign(&key, url, body.as_bytes())),
            Signing::Wrong => {
                let another = WebhookKey::new("another-key");
                Some(sign(&another, url, body.as_bytes()))
            }
            Signing::Empty => Some(sign(&WebhookKey::new(""), url, body.as_bytes())),
            Signing::Missing => None,
        };
        let mut request = http::Request::post(url);
        if let Some(signature) = signature {
            request = request.header(SIGNATURE, signature);
        }
        Arrival {
            public_url: url.to_owned(),
            request: request.body(Bytes::from(body)).unwrap(),
        }
    }

    fn number(&self, e164: &E164) -> Row {
        self.row("SOLD#", "e164", e164.as_str())
    }
}

fn text<'r>(row: &'r Row, name: &str) -> &'r str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[async_trait]
impl World for Counted {
    fn platform(&self) -> Account {
        platform()
    }

    fn delivers_at_once(&self) -> bool {
        true
    }

    fn area_code(&self) -> AreaCode {
        "512".parse().unwrap()
    }

    fn empty_area_code(&self) -> AreaCode {
        "907".parse().unwrap()
    }

    fn voice_only_area_code(&self) -> Option<AreaCode> {
        None
    }

    fn fail(&self, step: Step, fault: Fault, count: u32) {
        self.counter.arrange(step, fault, count);
    }

    fn fail_after(&self, step: Step, answered: u32, fault: Fault) {
        self.counter.arrange_after(step, answered, fault);
    }

    fn calm(&self) {
        self.counter.calm();
    }

    fn asked(&self, step: Step) -> u64 {
        self.counter.asked(step)
    }

    fn sold(&self, number: &E164) -> usize {
        let sold = self.rows("SOLD#");
        let of = sold
            .iter()
            .filter(|row| text(row, "e164") == number.as_str());
        of.count()
    }

    fn taken(&self) -> usize {
        self.rows("SENT#").len()
    }

    fn subprojects(&self) -> usize {
        self.rows("ACCOUNT#").len()
    }

    fn sip_credentials(&self) -> usize {
        self.rows("SIP#").len()
    }

    fn admits(&self, credential: &SipCredential, password: &SipPassword) -> bool {
        let SipCredential {
            id,
            username,
            registrar,
        } = credential;
        let offered = format!("{username}:{registrar}:{}", password.expose());
        let offered = body_hash(offered.as_bytes());
        let entries = self.rows("SIP#");
        let mut entries = entries.iter().filter(|row| text(row, "id") == id.as_str());
        entries.any(|row| text(row, "password_hash") == offered)
    }

    fn books(&self) -> String {
        serde_json::to_string(&self.tables.items(CORE).unwrap()).unwrap()
    }

    fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    fn unreachable(&self) -> Box<dyn Carrier> {
        Box::new(self.unreachable.clone())
    }

    async fn arrival(&self, happening: &Happening, signing: Signing) -> Arrival {
        let (row, url, told) = match happening {
            Happening::Text { from, to, body } => (
                self.number(to),
                "sms_url",
                json!({ "event": "message.received", "id": "text-1", "from": from, "to": to, "body": body }),
            ),
            Happening::Call { from, to } => (
                self.number(to),
                "voice_url",
                json!({ "event": "call.received", "id": "call-1", "from": from, "to": to }),
            ),
            Happening::Delivered { message } => (
                self.row("SENT#", "id", message.as_str()),
                "status_url",
                json!({ "event": "message.status", "id": message.as_str(), "status": "delivered" }),
            ),
            Happening::Undelivered { message } => (
                self.row("SENT#", "id", message.as_str()),
                "status_url",
                json!({
                    "event": "message.status",
                    "id": message.as_str(),
                    "status": "undelivered",
                    "reason": "unreachable",
                }),
            ),
        };
        let account = text(&row, "account");
        let mut told = told.as_object().cloned().unwrap_or_default();
        told.insert("account".to_owned(), json!(account));
        self.signed(account, text(&row, url), &told.into(), signing)
    }
}
