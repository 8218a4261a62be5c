//! Webhooks of the local carrier, as a developer makes them: posted to where the number's
//! events go, under the key that the Vault has for that address.

use anyhow::{Context as _, Result};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use http::Request;
use numberline::{
    carrier::{
        WebhookKey,
        local::{SIGNATURE, sign},
    },
    domain::E164,
};
use serde_json::{Map, Value, json};

use super::{
    Lab, Webhook,
    keys::Context,
    tables::{CORE, VAULT},
};

impl Lab {
    /// Somebody texts a number of the local carrier.
    pub(super) fn text_locally(&self, from: &str, to: &E164, body: &str) -> Result<Webhook> {
        let number = self.row(CORE, "LOCAL", &format!("SOLD#{to}"))?;
        let told = json!({
            "event": "message.received",
            "account": field(&number, "/body/account")?,
            "id": format!("{:032x}", self.chance.draw()),
            "from": from,
            "to": to,
            "body": body,
        });
        self.signed(field(&number, "/body/sms_url")?, &told.to_string())
    }

    fn signed(&self, url: &str, body: &str) -> Result<Webhook> {
        let token = url.rsplit('/').next().unwrap_or_default();
        let keys = self.row(VAULT, &format!("WEBHOOK#{token}"), "KEYS")?;
        let workspace = field(&keys, "/workspace")?.to_owned();
        let context = Context::from([
            ("workspace".to_owned(), workspace),
            ("purpose".to_owned(), "webhook-key".to_owned()),
        ]);
        let sealed = BASE64_STANDARD.decode(field(&keys, "/secret")?)?;
        let sealed = String::from_utf8(sealed)?;
        let opened = self.keys.open(&context, &sealed).context("a key opens")?;
        let key = String::from_utf8(BASE64_STANDARD.decode(opened)?)?;
        let signature = sign(&WebhookKey::new(key), url, body.as_bytes());
        let request = Request::post(url).header(SIGNATURE, signature);
        Ok(request.body(Bytes::from(body.to_owned()))?)
    }

    fn row(&self, table: &str, pk: &str, sk: &str) -> Result<Value> {
        let is = |item: &Map<String, Value>, name: &str, text: &str| {
            item.get(name).and_then(Value::as_str) == Some(text)
        };
        let mut items = self.tables.items(table)?.into_iter();
        let found = items.find(|item| is(item, "pk", pk) && is(item, "sk", sk));
        let found = found.with_context(|| format!("{table} has no {pk} {sk}"))?;
        Ok(Value::Object(found))
    }
}

fn field<'v>(row: &'v Value, path: &str) -> Result<&'v str> {
    let text = row.pointer(path).and_then(Value::as_str);
    text.with_context(|| format!("no {path}"))
}
