//! Items: a key, a few attributes that conditions and indexes read, and the thing
//! itself as one map.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};
use serde_dynamo::aws_sdk_dynamodb_1::{from_attribute_value, to_attribute_value};

use super::{
    error::{Error, Result},
    keys::Key,
};

/// Attributes of an item.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attribute that holds the thing itself.
pub(crate) const BODY: &str = "body";

#[expect(
    clippy::needless_pass_by_value,
    reason = "reads as the literal it stands for"
)]
pub(crate) fn s(text: impl ToString) -> AttributeValue {
    AttributeValue::S(text.to_string())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "reads as the literal it stands for"
)]
pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// `value` as an attribute.
pub(crate) fn attribute<T: Serialize>(what: &'static str, value: &T) -> Result<AttributeValue> {
    to_attribute_value(value).map_err(|error| Error::corrupt(what, error))
}

/// An item at `key` whose body is `value`.
pub(crate) fn item<T: Serialize>(key: &Key, what: &'static str, value: &T) -> Result<Item> {
    let mut item = key.attributes();
    item.insert(BODY.to_owned(), attribute(what, value)?);
    Ok(item)
}

/// The body of an item.
pub(crate) fn body<T: DeserializeOwned>(what: &'static str, item: &Item) -> Result<T> {
    let body = item
        .get(BODY)
        .cloned()
        .ok_or_else(|| Error::corrupt(what, "no body"))?;
    from_attribute_value(body).map_err(|error| Error::corrupt(what, error))
}

/// A text attribute, if the item has it.
pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .map(String::as_str)
}
