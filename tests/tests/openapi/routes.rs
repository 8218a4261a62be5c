//! The template's routes.

use std::collections::BTreeSet;

use numberline_events::Contract;
use serde_json::Value;

const TEMPLATE: &str = include_str!("../../../template.yaml");

/// `METHOD /path` of every route of the HTTP API, and how many functions have a URL
/// of their own.
fn routed() -> (BTreeSet<String>, usize) {
    let template: Value = serde_saphyr::from_str(TEMPLATE).unwrap();
    let resources = template["Resources"].as_object().unwrap().values();
    let functions: Vec<&Value> = resources
        .filter(|resource| resource["Type"] == "AWS::Serverless::Function")
        .map(|function| &function["Properties"])
        .collect();
    let events = functions.iter().flat_map(|function| {
        let events = function["Events"].as_object();
        events.into_iter().flat_map(|events| events.values())
    });
    let routes = events
        .filter(|event| event["Type"] == "HttpApi")
        .map(|event| {
            let text = |name: &str| event["Properties"][name].as_str().unwrap();
            format!("{} {}", text("Method"), text("Path"))
        });
    let urls = functions
        .iter()
        .filter(|function| function.get("FunctionUrlConfig").is_some());
    (routes.collect(), urls.count())
}

#[test]
fn every_route_is_described_and_nothing_else_is() {
    let described: BTreeSet<String> = Contract::read()
        .unwrap()
        .operations()
        .iter()
        .filter(|operation| !operation.path.starts_with("/webhooks/"))
        .map(ToString::to_string)
        .collect();
    assert_eq!(described, routed().0);
}

/// A function with a URL has no routes: what it takes is in the paths it reads.
#[test]
fn every_kind_of_webhook_is_described() {
    use numberline::domain::webhooks::WebhookPath;

    assert_eq!(routed().1, 1, "one function has a URL of its own");
    let operations = Contract::read().unwrap().operations();
    let webhooks = operations
        .iter()
        .filter(|operation| operation.path.starts_with("/webhooks/"));
    let mut kinds = BTreeSet::new();
    for webhook in webhooks {
        assert_eq!(webhook.method, "POST");
        let path = webhook.path.replace("{carrier}", "signalwire");
        let path = path.replace("{token}", "wht_00000000000000000000000001");
        let path = path.replace("{messageId}", "msg_00000000000000000000000001");
        let read = WebhookPath::read(&path).unwrap_or_else(|| panic!("{path} is not read"));
        kinds.insert((read.kind.segment(), read.message.is_some()));
    }
    let all = [
        ("probe", false),
        ("sms", false),
        ("status", false),
        ("status", true),
        ("voice", false),
    ];
    assert_eq!(kinds, BTreeSet::from(all));
}
