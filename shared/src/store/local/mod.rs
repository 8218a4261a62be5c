//! The local carrier's books: which accounts it opened and which numbers it sold,
//! in one partition of Core that nothing else reads.
//!
//! Reads are repeated as all reads are. Writes go out once: a carrier's adapter never
//! repeats a sale, and what became of a write without an answer is for the order
//! machine to find out, here as at any carrier.

mod rows;
mod unwritten;

use aws_sdk_dynamodb::{Client, error::SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::retry::RetryConfig;
use serde::{Serialize, de::DeserializeOwned};

pub use rows::{OpenedAccount, SentText, SipEntry, SoldNumber};
pub use unwritten::{Ending, Unwritten};

use super::{
    core::{Core, Paging},
    cursor::{Cursor, Listed},
    error::Result,
    item::{body, item, s},
    keys::{Key, LOCAL, SOLD},
};
use crate::domain::{
    AccountId, AreaCode, E164, Webhooks, carrier::CarrierNumberId, webhooks::WebhookKind,
};

/// More rows than an area code has numbers.
const AREA_CODE_MAX: i32 = 200;

/// The local carrier's books.
#[derive(Clone, Debug)]
pub struct LocalBooks {
    core: Core,
    /// Sends each request once.
    once: Client,
}

/// Whether a write was made: not, where its condition did not hold.
type Written = std::result::Result<bool, Unwritten>;

impl LocalBooks {
    /// The books in `core`.
    #[must_use]
    pub fn new(core: Core) -> Self {
        let settings = core.client.config().to_builder();
        let settings = settings.retry_config(RetryConfig::disabled());
        let once = Client::from_conf(settings.build());
        Self { core, once }
    }

    /// The account called `id`, if it is open.
    pub async fn account(&self, id: &AccountId) -> Result<Option<OpenedAccount>> {
        self.read("local account", &Key::local_account(id)).await
    }

    /// The sale of `e164`, if it was sold and not given back.
    pub async fn number(&self, e164: &E164) -> Result<Option<SoldNumber>> {
        self.read("local number", &Key::local_number(e164)).await
    }

    /// The SIP entry of `account` under `username`, if there is one.
    pub async fn sip_entry(&self, account: &AccountId, username: &str) -> Result<Option<SipEntry>> {
        let key = Key::local_sip(account, username);
        self.read("local SIP entry", &key).await
    }

    /// What is sold of an area code.
    pub async fn sold_in(&self, area_code: AreaCode) -> Result<Vec<E164>> {
        let page = Paging {
            cursor: None,
            limit: AREA_CODE_MAX,
            oldest_first: true,
        };
        let prefix = format!("{SOLD}+1{area_code}");
        let listed = self.core.list(LOCAL.to_owned(), &prefix, page).await?;
        let sold = listed.items.iter().map(sold_number);
        sold.map(|number| Ok(number?.e164)).collect()
    }

    /// One page of what is sold, to whomever: `limit` rows from `cursor` on.
    pub async fn sold(&self, cursor: Option<&Cursor>, limit: u8) -> Result<Listed<SoldNumber>> {
        let page = Paging {
            cursor,
            limit: limit.into(),
            oldest_first: true,
        };
        let listed = self.core.list(LOCAL.to_owned(), SOLD, page).await?;
        listed.try_map(sold_number)
    }

    /// Opens an account. False if it is open already.
    pub async fn open(&self, account: &OpenedAccount) -> Written {
        self.add(&Key::local_account(&account.id), "local account", account)
            .await
    }

    /// Gives an account a new secret, of which `hash` is kept. False if it is not open.
    pub async fn renew(&self, account: &AccountId, hash: &str) -> Written {
        let update = self
            .once
            .update_item()
            .table_name(&self.core.table)
            .set_key(Some(Key::local_account(account).attributes()))
            .update_expression("SET body.secret_hash = :hash")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":hash", s(hash));
        settled("renew local account", update.send().await)
    }

    /// Closes an account. False if it is not open.
    pub async fn close(&self, account: &AccountId) -> Written {
        let delete = self
            .once
            .delete_item()
            .table_name(&self.core.table)
            .set_key(Some(Key::local_account(account).attributes()))
            .condition_expression("attribute_exists(pk)");
        settled("close local account", delete.send().await)
    }

    /// Sells a number. False if it is somebody's: of all who want it one gets it.
    pub async fn sell(&self, sale: &SoldNumber) -> Written {
        self.add(&Key::local_number(&sale.e164), "local number", sale)
            .await
    }

    /// Points a number's events at `webhooks`. False if it is not `account`'s.
    pub async fn rewire(&self, e164: &E164, account: &AccountId, webhooks: &Webhooks) -> Written {
        let update = self
            .once
            .update_item()
            .table_name(&self.core.table)
            .set_key(Some(Key::local_number(e164).attributes()))
            .update_expression("SET body.voice_url = :voice, body.sms_url = :sms")
            .condition_expression("body.#account = :account")
            .expression_attribute_names("#account", "account")
            .expression_attribute_values(":voice", s(webhooks.url(WebhookKind::Voice)))
            .expression_attribute_values(":sms", s(webhooks.url(WebhookKind::Sms)))
            .expression_attribute_values(":account", s(account));
        settled("rewire local number", update.send().await)
    }

    /// Moves a number to account `to`. False if it is not `from`'s.
    pub async fn hand_over(&self, e164: &E164, from: &AccountId, to: &AccountId) -> Written {
        let update = self
            .once
            .update_item()
            .table_name(&self.core.table)
            .set_key(Some(Key::local_number(e164).attributes()))
            .update_expression("SET body.#account = :to")
            .condition_expression("body.#account = :from")
            .expression_attribute_names("#account", "account")
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":to", s(to));
        settled("hand over local number", update.send().await)
    }

    /// Takes a number back: it is for sale again. False if that sale is not `account`'s.
    pub async fn take_back(
        &self,
        e164: &E164,
        account: &AccountId,
        id: &CarrierNumberId,
    ) -> Written {
        let delete = self
            .once
            .delete_item()
            .table_name(&self.core.table)
            .set_key(Some(Key::local_number(e164).attributes()))
            .condition_expression("body.#account = :account AND body.#id = :id")
            .expression_attribute_names("#account", "account")
            .expression_attribute_names("#id", "id")
            .expression_attribute_values(":account", s(account))
            .expression_attribute_values(":id", s(id));
        settled("take local number back", delete.send().await)
    }

    /// Adds a SIP entry. False if its name is taken.
    pub async fn add_sip_entry(&self, entry: &SipEntry) -> Written {
        let key = Key::local_sip(&entry.account, &entry.username);
        self.add(&key, "local SIP entry", entry).await
    }

    /// Replaces the SIP entry of the same name and id. False if it is gone.
    pub async fn replace_sip_entry(&self, entry: &SipEntry) -> Written {
        let key = Key::local_sip(&entry.account, &entry.username);
        let row =
            item(&key, "local SIP entry", entry).map_err(|error| Unwritten::not_sent(&error))?;
        let put = self
            .once
            .put_item()
            .table_name(&self.core.table)
            .set_item(Some(row))
            .condition_expression("body.#id = :id")
            .expression_attribute_names("#id", "id")
            .expression_attribute_values(":id", s(&entry.id));
        settled("replace local SIP entry", put.send().await)
    }

    /// Removes the SIP entry `id` of `account`. False if there is none.
    pub async fn remove_sip_entry(&self, account: &AccountId, username: &str, id: &str) -> Written {
        let delete = self
            .once
            .delete_item()
            .table_name(&self.core.table)
            .set_key(Some(Key::local_sip(account, username).attributes()))
            .condition_expression("body.#id = :id")
            .expression_attribute_names("#id", "id")
            .expression_attribute_values(":id", s(id));
        settled("remove local SIP entry", delete.send().await)
    }

    /// Writes down a text that was handed over.
    pub async fn send(&self, text: &SentText) -> Written {
        self.add(&Key::local_text(&text.id), "local text", text)
            .await
    }

    async fn read<T: DeserializeOwned>(&self, what: &'static str, key: &Key) -> Result<Option<T>> {
        let item = self.core.get(key).await?;
        item.as_ref().map(|item| body(what, item)).transpose()
    }

    /// Puts a row where there is none.
    async fn add<T: Serialize>(&self, key: &Key, what: &'static str, row: &T) -> Written {
        let row = item(key, what, row).map_err(|error| Unwritten::not_sent(&error))?;
        let put = self
            .once
            .put_item()
            .table_name(&self.core.table)
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(pk)");
        settled(what, put.send().await)
    }
}

fn sold_number(item: &super::item::Item) -> Result<SoldNumber> {
    body("local number", item)
}

/// How a write with a condition ended.
fn settled<O, E>(
    operation: &'static str,
    sent: std::result::Result<O, SdkError<E, HttpResponse>>,
) -> Written
where
    E: std::error::Error + aws_sdk_dynamodb::error::ProvideErrorMetadata + Send + Sync + 'static,
{
    match sent {
        Ok(_) => Ok(true),
        Err(error) => Unwritten::unless_refused(operation, &error),
    }
}
