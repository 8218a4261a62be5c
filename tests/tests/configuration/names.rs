//! Variables, grants and events by name: said in several places, and the same in all.

use std::collections::{BTreeMap, BTreeSet};

use numberline_tests::repository::{files, root};
use serde_json::Value;

use super::source::variables_of;

/// Names of variables.
pub(super) type Variables = BTreeSet<String>;

/// The functions there are: folders with a manifest.
fn functions() -> BTreeSet<String> {
    let manifests = files("functions", "Cargo.toml").unwrap();
    let names = manifests
        .iter()
        .filter_map(|manifest| manifest.path.split('/').nth(1));
    names.map(ToOwned::to_owned).collect()
}

/// Each function's properties in the template.
pub(super) fn deployed() -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let template: Value = serde_saphyr::from_str(&text).unwrap();
    let resources = template["Resources"].as_object().unwrap().values();
    let functions = resources.filter(|resource| resource["Type"] == "AWS::Serverless::Function");
    let named = functions.map(|function| {
        let code = function["Properties"]["CodeUri"].as_str().unwrap();
        let name = code.trim_end_matches('/').rsplit('/').next().unwrap();
        (name.to_owned(), function["Properties"].clone())
    });
    named.collect()
}

fn of_template(properties: &Value) -> Variables {
    let variables = properties["Environment"]["Variables"].as_object();
    variables.unwrap().keys().cloned().collect()
}

/// What a function may do to what by its policy.
fn granted_by_template(properties: &Value) -> BTreeSet<(String, String)> {
    let mut granted = BTreeSet::new();
    for policy in properties["Policies"].as_array().unwrap() {
        for statement in statements(policy) {
            for resource in one_or_more(&statement["Resource"]) {
                let resource = resource.replace(['$', '{', '}'], "");
                let resource = resource.replace(".StreamArn", "/stream");
                let resource = resource.replace(".Arn", "").replace(".Id", "");
                let actions = one_or_more(&statement["Action"]);
                let actions = actions
                    .into_iter()
                    .filter_map(|action| action.split(':').nth(1));
                granted.extend(actions.map(|action| (resource.clone(), action.to_owned())));
            }
        }
    }
    granted
}

/// The statements of a policy, those included that are there on a condition only: the
/// reader of YAML overlooks `!If` and brings its three arguments.
fn statements(policy: &Value) -> impl Iterator<Item = &Value> {
    let statements = policy["Statement"].as_array().unwrap().iter();
    let either = statements.flat_map(|statement| match statement.as_array() {
        Some(on_condition) => on_condition.iter().collect(),
        None => vec![statement],
    });
    either.filter(|statement| statement.is_object())
}

fn one_or_more(value: &Value) -> Vec<&str> {
    let many = value.as_array().into_iter().flatten();
    many.chain([value]).filter_map(Value::as_str).collect()
}

/// The rows of the table below `heading` in a function's README, cell by cell.
fn table(function: &str, heading: &str) -> Vec<Vec<String>> {
    let path = format!("functions/{function}/README.md");
    let text = std::fs::read_to_string(root().join(&path));
    let text = text.unwrap_or_else(|error| panic!("{path}: {error}"));
    let below = text.split_once(&format!("## {heading}\n"));
    let (_, below) = below.unwrap_or_else(|| panic!("{path} has no {heading:?}"));
    let section = below.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// The words in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn of_readme(function: &str) -> Variables {
    let rows = table(function, "Environment");
    let names = rows.iter().flat_map(|row| quoted(&row[1]));
    names.map(ToOwned::to_owned).collect()
}

/// What a function may do to what by its README.
fn granted_by_readme(function: &str) -> BTreeSet<(String, String)> {
    let rows = table(function, "What it may touch");
    let pairs = rows.iter().flat_map(|row| {
        let resource = quoted(&row[1]).next().unwrap_or_default();
        quoted(&row[2]).map(|action| (resource.to_owned(), action.to_owned()))
    });
    pairs.collect()
}

#[test]
fn the_template_deploys_every_function_and_nothing_else() {
    let deployed: BTreeSet<String> = deployed().into_keys().collect();
    assert_eq!(deployed, functions());
}

#[test]
fn code_readme_and_template_name_the_same_variables() {
    for (function, properties) in deployed() {
        let code = variables_of(&function);
        assert!(!code.is_empty(), "{function} reads nothing any more");
        assert_eq!(
            code,
            of_template(&properties),
            "{function}: code and template"
        );
        assert_eq!(code, of_readme(&function), "{function}: code and README");
    }
}

#[test]
fn readme_and_template_grant_the_same() {
    for (function, properties) in deployed() {
        let granted = granted_by_template(&properties);
        assert!(!granted.is_empty(), "{function} may do nothing any more");
        assert_eq!(granted, granted_by_readme(&function), "{function}");
    }
}

/// Variables that Lambda itself sets are read in one place, and are nobody's to give.
#[test]
fn nobody_sets_what_lambda_sets() {
    for (function, properties) in deployed() {
        let variables = of_template(&properties);
        let taken = variables
            .iter()
            .find(|variable| variable.starts_with("AWS_"));
        assert_eq!(taken, None, "{function}");
    }
}

/// An event that no README tells of is not found, and one that is gone cannot be sent.
#[test]
fn readmes_name_every_event_and_no_other() {
    for function in functions() {
        let folder = format!("events/{function}");
        let there = files(&folder, ".json").unwrap().into_iter();
        let there: BTreeSet<String> = there.map(|event| event.path).collect();
        let path = format!("functions/{function}/README.md");
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        let words = text.split_whitespace();
        let told = words.filter(|word| word.starts_with("events/"));
        assert_eq!(told.map(ToOwned::to_owned).collect::<BTreeSet<_>>(), there);
    }
}
