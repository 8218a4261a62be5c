//! The routes of `cargo lambda watch`: the template's, written once more in the workspace's manifest.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use numberline_tests::repository::root;
use serde_json::Value;

use super::names::deployed;

/// The functions of a path by their methods.
type Routes = BTreeMap<String, BTreeSet<(String, String)>>;

fn of_template() -> Routes {
    let mut routes = Routes::new();
    for (function, properties) in deployed() {
        let events = properties["Events"].as_object();
        for event in events.into_iter().flat_map(|events| events.values()) {
            if event["Type"] == "HttpApi" {
                let text = |name: &str| event["Properties"][name].as_str().unwrap().to_owned();
                let route = (text("Method"), function.clone());
                routes.entry(text("Path")).or_default().insert(route);
            }
        }
    }
    routes
}

/// As cargo hands it to cargo-lambda.
fn of_manifest() -> Routes {
    let cargo = Command::new(env!("CARGO"))
        .current_dir(root())
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let written = metadata["metadata"]["lambda"]["watch"]["router"].as_object();
    let routes = written.unwrap().iter().map(|(path, functions)| {
        let functions = functions.as_array().unwrap().iter();
        let text = |function: &Value, name: &str| function[name].as_str().unwrap().to_owned();
        let functions = functions
            .map(|function| (text(function, "method"), text(function, "function")))
            .collect();
        (path.clone(), functions)
    });
    routes.collect()
}

/// The routes as the manifest writes them.
fn written(routes: &Routes) -> String {
    let lines = routes.iter().map(|(path, functions)| {
        let functions: Vec<String> = functions
            .iter()
            .map(|(method, function)| {
                format!("{{ method = \"{method}\", function = \"{function}\" }}")
            })
            .collect();
        match functions.as_slice() {
            [only] => format!("\"{path}\" = [{only}]\n"),
            several => format!("\"{path}\" = [\n    {},\n]\n", several.join(",\n    ")),
        }
    });
    lines.collect()
}

#[test]
fn the_router_of_cargo_lambda_has_the_routes_of_the_template() {
    let routes = of_template();
    assert!(routes.len() > 10, "the routes have moved");
    assert!(
        of_manifest() == routes,
        "[workspace.metadata.lambda.watch.router] in Cargo.toml has to be:\n{}",
        written(&routes)
    );
}

#[test]
fn browsers_may_use_every_method_that_has_a_route() {
    let routes = of_template();
    let used: BTreeSet<&str> = routes
        .values()
        .flatten()
        .map(|(method, _)| method.as_str())
        .collect();
    let template = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let template: Value = serde_saphyr::from_str(&template).unwrap();
    let cors = &template["Resources"]["Api"]["Properties"]["CorsConfiguration"];
    let allowed = cors["AllowMethods"].as_array().unwrap().iter();
    let allowed: BTreeSet<&str> = allowed.map(|method| method.as_str().unwrap()).collect();
    assert_eq!(allowed, used);
}

#[test]
fn what_is_written_is_what_the_manifest_says() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains(&written(&of_manifest())));
}
