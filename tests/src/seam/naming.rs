//! Names of calls, read from the requests themselves.

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;

/// What a DynamoDB request is about: its table or index, and the kinds of items.
pub(super) fn dynamodb_target(operation: &str, request: &Value) -> String {
    let mut tables = BTreeSet::new();
    let mut kinds = Vec::new();
    match operation {
        "TransactWriteItems" => {
            for write in list(request, "TransactItems") {
                let writes = write
                    .as_object()
                    .into_iter()
                    .flat_map(|write| write.values());
                for write in writes {
                    tables.extend(text(write, "TableName"));
                    kinds.extend(kind(write));
                }
            }
        }
        "BatchGetItem" => {
            let asked = request.get("RequestItems").and_then(Value::as_object);
            for (table, wanted) in asked.into_iter().flatten() {
                tables.insert(table.clone());
                kinds.extend(list(wanted, "Keys").filter_map(kind_of_key));
            }
        }
        _ => {
            tables.extend(text(request, "TableName"));
            kinds.extend(kind(request).or_else(|| text(request, "IndexName")));
        }
    }
    kinds.sort();
    let tables: Vec<String> = tables.into_iter().collect();
    format!("{}[{}]", tables.join("+"), kinds.join(" "))
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The kind of the item a single read or write is about.
fn kind(request: &Value) -> Option<String> {
    let key = request.get("Key").or_else(|| request.get("Item"))?;
    kind_of_key(key)
}

/// `ORDER` of the sort key `ORDER#ord_…`.
fn kind_of_key(key: &Value) -> Option<String> {
    let sort_key = key.get("sk")?.get("S")?.as_str()?;
    sort_key.split('#').next().map(str::to_owned)
}

/// The names of all requests that Numberline makes of a carrier.
pub const CARRIER_OPERATIONS: [&str; 12] = [
    "search",
    "purchase",
    "list",
    "release",
    "transfer",
    "configure",
    "create-subproject",
    "list-subprojects",
    "rotate-key",
    "create-token",
    "close-subproject",
    "send-message",
];

/// What a request asks of a carrier.
pub(super) fn carrier_operation(method: &Method, path: &str, body: &[u8]) -> String {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let name = match (method.as_str(), segments.as_slice()) {
        ("GET", [.., "phone_numbers", "search"]) => "search",
        ("POST", [.., "IncomingPhoneNumbers"]) => "purchase",
        ("GET", [.., "IncomingPhoneNumbers"]) => "list",
        ("DELETE", [.., "IncomingPhoneNumbers", _]) => "release",
        ("POST", [.., "IncomingPhoneNumbers", _]) if is_transfer(body) => "transfer",
        ("POST", [.., "IncomingPhoneNumbers", _]) => "configure",
        ("POST", [.., "projects"]) => "create-subproject",
        ("GET", [.., "projects"]) => "list-subprojects",
        ("DELETE", [.., "projects", _]) => "close-subproject",
        ("POST", [.., "signing-key", "rotate"]) => "rotate-key",
        ("POST", [.., "tokens"]) => "create-token",
        ("POST", [.., "Messages"]) => "send-message",
        _ => return format!("{method} {path}"),
    };
    name.to_owned()
}

fn is_transfer(form: &[u8]) -> bool {
    form.windows(b"AccountSid=".len())
        .any(|part| part == b"AccountSid=")
}
