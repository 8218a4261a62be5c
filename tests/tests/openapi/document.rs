//! The document by itself.

use std::collections::BTreeSet;

use numberline_events::Contract;
use roas::{v3_1::spec::Spec, validation::Validate};
use serde_json::Value;

fn contract() -> Contract {
    Contract::read().unwrap()
}

/// The validator knows the format's fields; one it does not know is lost on the way
/// through its types, which is how a misspelt one shows.
#[test]
fn it_is_valid_openapi() {
    let document = contract().document();
    let spec: Spec = serde_json::from_value(document.clone()).unwrap();
    spec.validate(enumset::EnumSet::empty(), None).unwrap();
    let mut lost = Vec::new();
    what_is_lost(
        "",
        document,
        &serde_json::to_value(&spec).unwrap(),
        &mut lost,
    );
    assert!(
        lost.is_empty(),
        "fields that OpenAPI does not have: {lost:?}"
    );
}

/// Where `before` says something that `after` does not.
fn what_is_lost(place: &str, before: &Value, after: &Value, lost: &mut Vec<String>) {
    match before {
        Value::Object(fields) => {
            for (name, value) in fields {
                what_is_lost(&format!("{place}/{name}"), value, &after[name], lost);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                what_is_lost(&format!("{place}/{index}"), item, &after[index], lost);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            if before != after {
                lost.push(place.to_owned());
            }
        }
    }
}

/// Every example beside a schema, with where it is.
fn examples<'d>(place: &str, value: &'d Value, found: &mut Vec<(String, &'d Value, &'d Value)>) {
    let Some(fields) = value.as_object() else {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            examples(&format!("{place}/{index}"), item, found);
        }
        return;
    };
    if let Some(schema) = fields.get("schema") {
        let one = fields.get("example").into_iter();
        let named = fields.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flatten();
        let many = named.map(|(_, example)| &example["value"]);
        found.extend(
            one.chain(many)
                .map(|value| (place.to_owned(), schema, value)),
        );
    }
    for (name, inner) in fields {
        examples(&format!("{place}/{name}"), inner, found);
    }
}

#[test]
fn every_example_is_of_its_schema() {
    let contract = contract();
    let mut found = Vec::new();
    examples("", contract.document(), &mut found);
    assert!(found.len() > 30, "examples have moved: {}", found.len());
    for (place, schema, value) in found {
        let checked = contract.check(schema, value);
        checked.unwrap_or_else(|fault| panic!("{place}: {fault:#}"));
    }
    let schemas = contract.document()["components"]["schemas"].as_object();
    for (name, schema) in schemas.unwrap() {
        for value in schema["examples"].as_array().into_iter().flatten() {
            contract.check_named(name, value).unwrap();
        }
    }
}

/// What carriers send has more fields than are read; everything else is ours.
const OPEN: [&str; 3] = ["CallForm", "MessageStatusForm", "TextForm"];

#[test]
fn every_object_is_closed() {
    let schemas = contract().document()["components"]["schemas"].as_object();
    let open: Vec<&str> = schemas
        .unwrap()
        .iter()
        .filter(|(_, schema)| schema["type"] == "object")
        .filter(|(_, schema)| schema["unevaluatedProperties"] != false)
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(open, OPEN);
}

/// Statuses that every operation of a kind answers with: those of the gateway and of
/// reading a request, which no use case says.
#[test]
fn no_operation_forgets_the_usual_answers() {
    for operation in contract().operations() {
        let statuses: BTreeSet<&str> = operation.statuses().into_iter().collect();
        let mut usual = vec!["503"];
        if operation.path.starts_with("/api/") {
            usual.extend(["401", "404", "429", "500"]);
        }
        if operation.request_body().is_some() {
            usual.push("413");
        }
        if operation.path.starts_with("/api/") && operation.request_body().is_some() {
            usual.extend(["400", "415"]);
        }
        for status in usual {
            assert!(statuses.contains(status), "{operation} has no {status}");
        }
    }
}
