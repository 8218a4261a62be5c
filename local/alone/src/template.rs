//! The functions as `template.yaml` deploys them, with the values that their variables have in the world of the events.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use numberline_simulator::Settings;
use numberline_tests::lab::{CORE, LEDGER, MESSAGES, VAULT};
use numberline_tests::repository::root;
use serde_json::Value;

/// What a variable is not set to.
const NO_VALUE: &str = "AWS::NoValue";

/// Where the events' webhooks come to: the domain of the function URL in `events/webhook-inbound`.
pub(crate) const WEBHOOK_BASE: &str = "https://x7k2m9q4w1.lambda-url.us-east-1.on.aws";

/// Variables of a function, by name.
pub(crate) type Variables = BTreeMap<String, String>;

/// A function.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// What it, its package and its binary are called.
    pub(crate) name: String,
    /// What it is given.
    pub(crate) variables: Variables,
    /// How long an invocation may take.
    pub(crate) timeout: Duration,
    /// Its memory, in megabytes.
    pub(crate) memory: u64,
}

/// The template, and where the world is.
#[derive(Debug)]
struct Template {
    content: Value,
    origin: String,
}

/// Every function, in the template's order; `origin` is where the world is served.
pub(crate) fn functions(origin: &str) -> Result<Vec<Function>> {
    let text = fs::read_to_string(root().join("template.yaml"))?;
    let content = serde_saphyr::from_str(&text).context("template.yaml")?;
    let origin = origin.to_owned();
    Template { content, origin }.functions()
}

/// What Lambda sets for every function, with the world in place of AWS.
pub(crate) fn of_lambda(origin: &str) -> Variables {
    let variables = [
        ("AWS_ENDPOINT_URL", origin),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "world"),
        ("AWS_SECRET_ACCESS_KEY", "world"),
    ];
    variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

impl Template {
    fn functions(&self) -> Result<Vec<Function>> {
        let resources = self.section("Resources")?.values();
        resources
            .filter(|resource| resource.get("Type") == Some(&"AWS::Serverless::Function".into()))
            .filter_map(|resource| resource.get("Properties"))
            .map(|properties| self.function(properties))
            .collect()
    }

    fn section(&self, name: &str) -> Result<&serde_json::Map<String, Value>> {
        let section = self.content.get(name).and_then(Value::as_object);
        section.with_context(|| format!("template.yaml has no {name}"))
    }

    fn function(&self, properties: &Value) -> Result<Function> {
        let code = properties.get("CodeUri").and_then(Value::as_str);
        let name = code
            .and_then(|code| code.trim_end_matches('/').rsplit('/').next())
            .context("a function of template.yaml has no CodeUri")?;
        let mut variables = Variables::new();
        let written = properties.pointer("/Environment/Variables");
        for (variable, value) in written.and_then(Value::as_object).into_iter().flatten() {
            let value = self.value(variable, value).with_context(|| {
                format!("{variable} of {name}: say what it is in local/alone/src/template.rs")
            })?;
            variables.extend(value.map(|value| (variable.clone(), value)));
        }
        let figure = |figure: &str| {
            let of_all = format!("/Globals/Function/{figure}");
            let own = properties.get(figure).and_then(Value::as_u64);
            own.or_else(|| self.content.pointer(&of_all)?.as_u64())
                .with_context(|| format!("{name} has no {figure}"))
        };
        Ok(Function {
            name: name.to_owned(),
            variables,
            timeout: Duration::from_secs(figure("Timeout")?),
            memory: figure("MemorySize")?,
        })
    }

    /// What a variable is set to, if it is.
    fn value(&self, variable: &str, value: &Value) -> Result<Option<String>> {
        match value {
            // `!If [condition, one, other]`: the conditions ask for what the local world does not have.
            Value::Array(branches) => match branches.get(2) {
                Some(Value::String(none)) if none == NO_VALUE => Ok(None),
                Some(_) if variable == "WEBHOOK_BASE_URL" => Ok(Some(self.origin.clone())),
                Some(otherwise) => self.value(variable, otherwise),
                None => bail!("{value} is no choice"),
            },
            Value::String(text) => self.text(text).map(Some),
            Value::Bool(_) | Value::Number(_) => Ok(Some(value.to_string())),
            Value::Null | Value::Object(_) => bail!("{value} is nothing known"),
        }
    }

    /// What `!Ref`, `!GetAtt` or a plain text stand for.
    fn text(&self, text: &str) -> Result<String> {
        if let Some(known) = self.known(text) {
            return Ok(known);
        }
        let parameter = self.section("Parameters")?.get(text);
        if let Some(parameter) = parameter {
            return Ok(match parameter.get("Default") {
                Some(Value::String(default)) => default.clone(),
                Some(default) => default.to_string(),
                None => bail!("the parameter {text} has no default"),
            });
        }
        if text.contains("${") {
            bail!("{text} is put together");
        }
        // Any name does for a resource that is none of the world's.
        Ok(text.to_owned())
    }

    /// Resources and parameters that are the world's own.
    fn known(&self, name: &str) -> Option<String> {
        let project = Settings::default().project_id;
        let known = match name {
            "CoreTable" => CORE,
            "MessagesTable" => MESSAGES,
            "VaultTable" => VAULT,
            "LedgerTable" => LEDGER,
            "OrderQueue" => return Some(format!("{}/orders", self.origin)),
            "SignalWireApiBase" => return Some(format!("{}/signalwire", self.origin)),
            "SignalWireProjectId" => &project,
            "PurchasesEnabled" => "true",
            "SelfServicePlans" => "starter,pro",
            _ => return None,
        };
        Some(known.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Function, functions};

    fn function(name: &str) -> Function {
        let mut all = functions("http://127.0.0.1:4620").unwrap().into_iter();
        all.find(|function| function.name == name).unwrap()
    }

    #[test]
    fn every_variable_of_the_template_has_a_value() {
        let all = functions("http://127.0.0.1:4620").unwrap();
        assert!(all.len() >= 11, "the functions have moved");
        for Function {
            name, variables, ..
        } in all
        {
            assert!(!variables.is_empty(), "{name}");
        }
    }

    #[test]
    fn values_are_those_of_the_world_and_else_the_defaults() {
        let Function {
            variables,
            timeout,
            memory,
            ..
        } = function("order-worker");
        for (name, value) in [
            ("CORE_TABLE", "core"),
            ("ORDER_QUEUE_URL", "http://127.0.0.1:4620/orders"),
            ("SIGNALWIRE_API_BASE", "http://127.0.0.1:4620/signalwire"),
            ("SIGNALWIRE_RELEASE_HOLD_DAYS", "14"),
            ("WEBHOOK_BASE_URL", "http://127.0.0.1:4620"),
            ("PURCHASES_ENABLED", "true"),
        ] {
            assert_eq!(
                variables.get(name).map(String::as_str),
                Some(value),
                "{name}"
            );
        }
        assert_eq!((timeout, memory), (Duration::from_secs(90), 256));
    }

    #[test]
    fn what_is_left_out_on_aws_is_left_out_here() {
        assert_eq!(
            function("webhook-inbound")
                .variables
                .get("WEBHOOK_BASE_URL"),
            None
        );
        assert_eq!(function("sweep").memory, 128);
    }
}
