//! What is refused, and with which code.

use std::collections::BTreeSet;

use http::StatusCode;
use numberline_events::Contract;
use serde_json::Value;

use super::codes::{Codes, of_the_api, of_webhooks};

fn contract() -> Contract {
    Contract::read().unwrap()
}

fn texts(list: &Value) -> BTreeSet<&str> {
    let texts = list.as_array().unwrap().iter();
    texts.map(|text| text.as_str().unwrap()).collect()
}

fn names(codes: &Codes) -> BTreeSet<&str> {
    codes.keys().map(String::as_str).collect()
}

#[test]
fn every_code_of_the_source_is_listed_and_no_other() {
    let schemas = &contract().document()["components"]["schemas"];
    let source = of_the_api();
    assert!(source.len() > 40, "codes are written otherwise now");
    assert_eq!(texts(&schemas["ProblemCode"]["enum"]), names(&source));
    let webhooks = &schemas["WebhookProblem"]["properties"]["code"]["enum"];
    assert_eq!(texts(webhooks), names(&of_webhooks()));
}

/// What the operations of one kind answer with, as code and status.
fn answered(webhooks: bool) -> BTreeSet<(&'static str, StatusCode)> {
    let operations = contract().operations().into_iter();
    let of_kind =
        operations.filter(|operation| operation.path.starts_with("/webhooks/") == webhooks);
    let mut answered = BTreeSet::new();
    for operation in of_kind {
        for status in operation.statuses() {
            let status: StatusCode = status.parse().unwrap();
            let codes = operation.codes(status.as_u16()).unwrap();
            answered.extend(codes.into_iter().map(|code| (code, status)));
        }
    }
    answered
}

#[test]
fn every_code_is_an_operations_with_the_status_it_has_in_the_source() {
    for (webhooks, source) in [(false, of_the_api()), (true, of_webhooks())] {
        let answered = answered(webhooks);
        let listed: BTreeSet<&str> = answered.iter().map(|(code, _)| *code).collect();
        assert_eq!(listed, names(&source));
        for (code, status) in answered {
            let known = &source[code];
            assert!(
                known.is_empty() || known.contains(&status),
                "{code} is {status} here and {known:?} in the source"
            );
        }
    }
}
