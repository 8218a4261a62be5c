//! `docs/events.schema.json` and `docs/events.md` are the catalogue of events: they name
//! those that are published, and no others.

use std::{collections::BTreeSet, sync::LazyLock};

use jsonschema::{Draft, Validator};
use numberline::domain::{audit::Action, event::MessageStep};
use numberline_tests::lab::Published;
use serde_json::Value;

const SCHEMA: &str = include_str!("../../../docs/events.schema.json");
const PAGE: &str = include_str!("../../../docs/events.md");

static CATALOGUE: LazyLock<(Value, Validator)> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let options = jsonschema::options().with_draft(Draft::Draft202012);
    let validator = options.build(&schema).unwrap();
    (schema, validator)
});

/// Every event by its name.
pub(crate) fn names() -> BTreeSet<&'static str> {
    let actions = Action::ALL.iter().map(|action| action.name());
    actions
        .chain(MessageStep::ALL.iter().map(|step| step.name()))
        .collect()
}

/// Holds a published event against the catalogue.
#[track_caller]
pub(crate) fn check(event: &Published) {
    assert_eq!(event.detail["type"], event.kind, "{event:?}");
    let faults = faults(&event.detail);
    assert!(faults.is_empty(), "{faults:?} in {event:#?}");
}

fn faults(detail: &Value) -> Vec<String> {
    let faults = CATALOGUE.1.iter_errors(detail);
    faults
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

#[test]
fn the_schema_names_every_event_and_no_other() {
    let groups = CATALOGUE.0["oneOf"].as_array().unwrap().iter();
    let named = groups.flat_map(|group| {
        let names = group["properties"]["type"]["enum"].as_array().unwrap();
        names.iter().map(|name| name.as_str().unwrap())
    });
    assert_eq!(named.collect::<BTreeSet<_>>(), names());
}

/// The first cell of every row of the page's tables that is the name of an event.
#[test]
fn the_page_names_every_event_and_no_other() {
    let rows = PAGE.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let named = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let named: BTreeSet<&str> = named.filter(|name| name.contains('.')).collect();
    assert_eq!(named, names());
}

#[test]
fn the_example_of_the_page_is_an_event() {
    let (_, example) = PAGE.split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let event: Value = serde_json::from_str(example).unwrap();
    assert_eq!(event["source"], "numberline");
    assert_eq!(event["detail-type"], event["detail"]["type"]);
    assert_eq!(faults(&event["detail"]), [] as [String; 0]);
}

#[test]
fn what_is_no_event_is_found() {
    let mut event: Value = serde_json::from_str(SCHEMA).unwrap();
    event["type"] = "number.activated".into();
    assert!(!faults(&event).is_empty());
}
