//! The tables of `template.yaml` in memory, and DynamoDB's answers from them.

use anyhow::{Context, Result};
use dynoxide::{Database, DynoxideError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// The Core table's name.
pub const CORE: &str = "core";
/// The Messages table's name.
pub const MESSAGES: &str = "messages";
/// The Vault table's name.
pub const VAULT: &str = "vault";
/// The Ledger table's name.
pub const LEDGER: &str = "ledger";

/// An answer as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

/// The tables.
#[derive(Clone)]
pub struct Tables(Database);

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tables")
    }
}

impl Tables {
    /// Empty tables.
    pub fn new() -> Result<Self> {
        let database = Database::memory().context("no database in memory")?;
        for (name, index) in [
            (CORE, Some(("wake", "wake_shard", "wake_at", "KEYS_ONLY"))),
            (MESSAGES, Some(("by-time", "thread", "at", "ALL"))),
            (VAULT, None),
            (LEDGER, None),
        ] {
            let request = serde_json::from_value(definition(name, index))?;
            database.create_table(request)?;
        }
        Ok(Self(database))
    }

    /// What DynamoDB answers to `operation`.
    #[must_use]
    pub fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        let database = &self.0;
        let answer = match operation {
            "BatchGetItem" => answer(body, |request| database.batch_get_item(request)),
            "DeleteItem" => answer(body, |request| database.delete_item(request)),
            "GetItem" => answer(body, |request| database.get_item(request)),
            "PutItem" => answer(body, |request| database.put_item(request)),
            "Query" => answer(body, |request| database.query(request)),
            "TransactWriteItems" => answer(body, |request| database.transact_write_items(request)),
            "UpdateItem" => answer(body, |request| database.update_item(request)),
            other => Err(DynoxideError::ValidationException(format!(
                "{other} is not an operation Numberline uses"
            ))),
        };
        match answer {
            Ok(body) => Answer { status: 200, body },
            Err(error) => Answer {
                status: error.status_code(),
                body: error.to_json(),
            },
        }
    }

    /// Has what changes in `table` told from now on: its stream, and where that begins.
    pub(super) fn begin_stream(&self, table: &str) -> Result<(String, String)> {
        let database = &self.0;
        let stream = json!({ "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" });
        let request = json!({ "TableName": table, "StreamSpecification": stream });
        let updated = database.update_table(serde_json::from_value(request)?)?;
        let updated = serde_json::to_value(updated)?;
        let arn = text(&updated, "/TableDescription/LatestStreamArn")?;
        let request = serde_json::from_value(json!({ "StreamArn": arn }))?;
        let described = serde_json::to_value(database.describe_stream(request)?)?;
        let request = json!({
            "StreamArn": arn,
            "ShardId": text(&described, "/StreamDescription/Shards/0/ShardId")?,
            "ShardIteratorType": "TRIM_HORIZON",
        });
        let begun = database.get_shard_iterator(serde_json::from_value(request)?)?;
        let begun = serde_json::to_value(begun)?;
        Ok((arn, text(&begun, "/ShardIterator")?))
    }

    /// The records of a stream from `position` on, and the position after them.
    pub(super) fn read_stream(&self, position: &str) -> Result<(Vec<Value>, String)> {
        let request = serde_json::from_value(json!({ "ShardIterator": position }))?;
        let read = serde_json::to_value(self.0.get_records(request)?)?;
        let records = read.get("Records").and_then(Value::as_array);
        let records = records.cloned().unwrap_or_default();
        Ok((records, text(&read, "/NextShardIterator")?))
    }

    /// The sort keys of everything in a table.
    pub fn sort_keys(&self, table: &str) -> Result<Vec<String>> {
        let items = self.scan(json!({ "TableName": table, "ProjectionExpression": "sk" }))?;
        let keys = items.iter().filter_map(|item| item.get("sk")?.as_str());
        Ok(keys.map(str::to_owned).collect())
    }

    /// Everything in a table, as plain JSON.
    pub fn items(&self, table: &str) -> Result<Vec<Map<String, Value>>> {
        self.scan(json!({ "TableName": table }))
    }

    fn scan(&self, request: Value) -> Result<Vec<Map<String, Value>>> {
        let table = request.get("TableName").cloned().unwrap_or_default();
        let request = serde_json::from_value(request)?;
        let scanned = serde_json::to_value(self.0.scan(request)?)?;
        anyhow::ensure!(
            scanned.get("LastEvaluatedKey").is_none(),
            "{table} is too large"
        );
        let items = scanned.get("Items").and_then(Value::as_array);
        Ok(items
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .map(|item| {
                let plain = item
                    .iter()
                    .map(|(name, value)| (name.clone(), plain(value)));
                plain.collect()
            })
            .collect())
    }
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    Ok(text.with_context(|| pointer.to_owned())?.to_owned())
}

fn definition(name: &str, index: Option<(&str, &str, &str, &str)>) -> Value {
    let keys = |hash: &str, range: &str| {
        json!([
            { "AttributeName": hash, "KeyType": "HASH" },
            { "AttributeName": range, "KeyType": "RANGE" },
        ])
    };
    let mut texts = vec!["pk", "sk"];
    let mut definition = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": keys("pk", "sk"),
    });
    if let (Some((index, hash, range, projection)), Some(fields)) =
        (index, definition.as_object_mut())
    {
        texts.extend([hash, range]);
        let index = json!({
            "IndexName": index,
            "KeySchema": keys(hash, range),
            "Projection": { "ProjectionType": projection },
        });
        fields.insert("GlobalSecondaryIndexes".to_owned(), json!([index]));
    }
    let attributes: Vec<Value> = texts
        .into_iter()
        .map(|text| json!({ "AttributeName": text, "AttributeType": "S" }))
        .collect();
    if let Some(fields) = definition.as_object_mut() {
        fields.insert("AttributeDefinitions".to_owned(), json!(attributes));
    }
    definition
}

fn answer<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    run: impl FnOnce(Q) -> dynoxide::Result<A>,
) -> dynoxide::Result<String> {
    let unreadable =
        |error: serde_json::Error| DynoxideError::SerializationException(error.to_string());
    let request = serde_json::from_slice(body).map_err(unreadable)?;
    serde_json::to_string(&run(request)?).map_err(unreadable)
}

/// DynamoDB's JSON without its types.
fn plain(attribute: &Value) -> Value {
    let Some((kind, value)) = attribute.as_object().and_then(|typed| typed.iter().next()) else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap_or(Value::Null),
        ("NULL", _) => Value::Null,
        ("L", Value::Array(items)) => items.iter().map(plain).collect(),
        ("M", Value::Object(fields)) => {
            let fields = fields.iter();
            fields
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect()
        }
        (_, value) => value.clone(),
    }
}
