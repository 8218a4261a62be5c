//! `openapi.yaml`, to hold answers and requests against.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use anyhow::{Context, Result, anyhow, ensure};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// The document's text.
const DOCUMENT: &str = include_str!("../../openapi.yaml");

/// Read once: it is large, and tests ask often.
static DOCUMENT_READ: LazyLock<Result<Value, String>> =
    LazyLock::new(|| serde_saphyr::from_str(DOCUMENT).map_err(|error| error.to_string()));

/// Validators by the text of their schema: making one takes longer than using it often.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Methods an operation can have.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The contract.
#[derive(Clone, Copy, Debug)]
pub struct Contract(&'static Value);

/// One operation of the contract.
#[derive(Clone, Debug)]
pub struct Operation {
    contract: Contract,
    /// The method, in upper case.
    pub method: String,
    /// The path, with its parameters in braces.
    pub path: String,
    content: &'static Value,
}

impl Contract {
    /// Reads the document.
    pub fn read() -> Result<Self> {
        let document = DOCUMENT_READ.as_ref();
        Ok(Self(document.map_err(|error| anyhow!("{error}"))?))
    }

    /// The document.
    #[must_use]
    pub const fn document(self) -> &'static Value {
        self.0
    }

    /// Every operation.
    #[must_use]
    pub fn operations(self) -> Vec<Operation> {
        let paths = self.0.get("paths").and_then(Value::as_object);
        let paths = paths.into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(move |method| {
                Some(Operation {
                    contract: self,
                    method: method.to_uppercase(),
                    path: path.clone(),
                    content: item.get(method)?,
                })
            })
        });
        operations.collect()
    }

    /// The operation that a request is for. A written segment goes before a parameter.
    #[must_use]
    pub fn operation(self, method: &str, path: &str) -> Option<Operation> {
        let operations = self.operations().into_iter();
        operations
            .filter(|operation| operation.method == method && fits(&operation.path, path))
            .min_by_key(|operation| operation.path.matches('{').count())
    }

    /// What is wrong with `value` by the schema called `name`.
    pub fn check_named(self, name: &str, value: &Value) -> Result<()> {
        let reference = format!("#/components/schemas/{name}");
        let known = self.0.pointer(reference.trim_start_matches('#'));
        known.with_context(|| format!("no schema is called {name}"))?;
        self.check(&json!({ "$ref": reference }), value)
            .with_context(|| format!("as {name}"))
    }

    /// What is wrong with `value` by `schema`, a piece of this document.
    pub fn check(self, schema: &Value, value: &Value) -> Result<()> {
        let validator = self.validator(schema)?;
        let faults: Vec<String> = validator
            .iter_errors(value)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        ensure!(faults.is_empty(), "{}\nin {value:#}", faults.join("\n"));
        Ok(())
    }

    fn validator(self, schema: &Value) -> Result<Arc<Validator>> {
        let text = schema.to_string();
        let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(&text) {
            return Ok(Arc::clone(validator));
        }
        let components = self.0.get("components").context("components")?;
        let whole = json!({ "allOf": [schema], "components": components });
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        let validator = Arc::new(options.build(&whole)?);
        validators.insert(text, Arc::clone(&validator));
        Ok(validator)
    }

    /// `value`, or what its `$ref` names.
    #[must_use]
    pub fn resolved(self, value: &'static Value) -> &'static Value {
        let reference = value.get("$ref").and_then(Value::as_str);
        let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
        let named = pointer.and_then(|pointer| self.0.pointer(pointer));
        named.unwrap_or(value)
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(known, given)| known == given || (known.starts_with('{') && !given.is_empty()))
}

impl Operation {
    /// What it says about answers with `status`.
    pub fn response(&self, status: u16) -> Result<&'static Value> {
        let pointer = format!("/responses/{status}");
        let response = self.content.pointer(&pointer);
        let response = response.with_context(|| format!("{self} does not answer {status}"))?;
        Ok(self.contract.resolved(response))
    }

    /// Every status it answers with, as the document writes it.
    #[must_use]
    pub fn statuses(&self) -> Vec<&'static str> {
        let responses = self.content.get("responses").and_then(Value::as_object);
        responses
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect()
    }

    /// The schemas of its request's body, by media type.
    #[must_use]
    pub fn request_body(&self) -> Option<&'static Map<String, Value>> {
        self.content.pointer("/requestBody/content")?.as_object()
    }

    /// The problem codes that it answers with `status`.
    pub fn codes(&self, status: u16) -> Result<Vec<&'static str>> {
        let response = self.response(status)?;
        let codes = response
            .pointer("/content/application~1problem+json/schema/allOf/1/properties/code/enum");
        let codes = codes.and_then(Value::as_array).into_iter().flatten();
        Ok(codes.filter_map(Value::as_str).collect())
    }

    /// What is wrong with a JSON body that was sent to it. Where a body may be left out,
    /// none is right.
    pub fn check_request(&self, body: &str) -> Result<()> {
        let required = self.content.pointer("/requestBody/required");
        if body.is_empty() && required != Some(&Value::Bool(true)) {
            return Ok(());
        }
        let content = self.request_body();
        let schema = content.and_then(|content| content.get("application/json"));
        let Some(schema) = schema.and_then(|media| media.get("schema")) else {
            return Ok(());
        };
        self.contract.check(schema, &serde_json::from_str(body)?)
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Contract;

    #[track_caller]
    fn check(method: &str, path: &str, expected: Option<&str>) {
        let operation = Contract::read().unwrap().operation(method, path);
        assert_eq!(operation.map(|found| found.path).as_deref(), expected);
    }

    #[test]
    fn requests_find_their_operation() {
        check(
            "GET",
            "/api/phone-numbers/search",
            Some("/api/phone-numbers/search"),
        );
        check(
            "GET",
            "/api/phone-numbers/num_1",
            Some("/api/phone-numbers/{id}"),
        );
        check("PUT", "/api/phone-numbers/num_1", None);
        check("GET", "/api/phone-numbers/num_1/", None);
        check("GET", "/api/orders//", None);
    }

    #[test]
    fn what_is_not_described_is_said() {
        let contract = Contract::read().unwrap();
        let number = json!({ "number": "+15125550123", "display": "(512) 555-0123" });
        contract.check_named("PhoneNumber", &number).unwrap();
        let more = json!({ "number": "+15125550123", "display": "(512) 555-0123", "carrier": "x" });
        let said = contract.check_named("PhoneNumber", &more).unwrap_err();
        assert!(format!("{said:#}").contains("carrier"), "{said:#}");
        assert!(contract.check_named("Nothing", &number).is_err());
    }
}
