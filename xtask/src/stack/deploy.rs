//! Deploying `template.yaml`, with the same `sam deploy` that goes to AWS.

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::process::Command;

use anyhow::{Context, Result};
use numberline_stack::Seller;

use super::aws;
use super::carrier;
use super::place::Place;
use super::ports::Ports;
use super::scripts::Scripts;
use crate::tool::command;
use crate::tool::environment::Environment;
use crate::tool::progress::Step;

/// Name of the CloudFormation stack.
pub(crate) const STACK_NAME: &str = "numberline";

/// The template's parameters for a stack on this machine, with what the person wants otherwise.
pub(crate) fn parameters(
    ports: Ports,
    seller: Seller,
    otherwise: &[(String, String)],
) -> BTreeMap<String, String> {
    let architecture = if ARCH == "aarch64" { "arm64" } else { ARCH };
    let origin = ports.origin();
    let usual = [
        ("Architecture", architecture.to_owned()),
        ("DeletionProtection", "false".to_owned()),
        ("PurchasesEnabled", "true".to_owned()),
        ("SelfServicePlans", "starter,pro".to_owned()),
        ("AllowedOrigins", format!("{origin},http://localhost:5173")),
        ("WebhookBaseUrl", origin),
    ];
    let sellers = match seller {
        Seller::Simulator => simulator(ports),
        Seller::Local => vec![("AllowLocalCarrier", "true".to_owned())],
    };
    let named = usual.into_iter().chain(sellers);
    let mut parameters: BTreeMap<String, String> = named
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    parameters.extend(otherwise.iter().cloned());
    parameters
}

/// The simulator in SignalWire's place.
fn simulator(ports: Ports) -> Vec<(&'static str, String)> {
    let account = carrier::account();
    vec![
        (
            "SignalWireApiBase",
            format!("{}/signalwire", ports.simulator()),
        ),
        ("SignalWireProjectId", account.project_id),
        ("SignalWireApiToken", account.api_token.expose().to_owned()),
        (
            "SignalWireSigningKey",
            account.signing_key.expose().to_owned(),
        ),
    ]
}

/// Deploys, and gives the API the routes that MiniStack does not take from the template.
pub(crate) fn deploy(
    sam: &Environment,
    scripts: &Scripts<'_>,
    place: &Place,
    ports: Ports,
    parameters: &BTreeMap<String, String>,
) -> Result<()> {
    let step = Step::begin("Deploying template.yaml");
    let mut deploy = Command::new(sam.program("sam"));
    aws::point_at(&mut deploy, &aws::account(ports), place);
    deploy
        .current_dir(place.deployment())
        .env("SAM_CLI_TELEMETRY", "0")
        .env("__SAM_CLI_APP_DIR", place.temporary().join("sam"))
        .args(["deploy", "--template-file", "template.yaml"])
        .args(["--stack-name", STACK_NAME, "--resolve-s3"])
        .args(["--capabilities", "CAPABILITY_IAM"])
        .args(["--no-confirm-changeset", "--no-fail-on-empty-changeset"])
        .arg("--parameter-overrides")
        .args(
            parameters
                .iter()
                .map(|(name, value)| format!("{name}={value}")),
        );
    command::run(&mut deploy, &place.logs().join("deploy.log"), &step)?;
    step.now("routes");
    scripts
        .run("import_routes.py", &[STACK_NAME])
        .context("cannot give the API its routes")?;
    step.done();
    Ok(())
}

#[cfg(test)]
mod tests {
    use numberline_stack::Seller;

    use super::{Ports, parameters};

    #[test]
    fn a_stack_sells_real_numbers_or_made_up_ones() {
        let ports = Ports::free().unwrap();
        let of = |seller| parameters(ports, seller, &[]);
        for (seller, there, absent) in [
            (Seller::Simulator, "SignalWireApiBase", "AllowLocalCarrier"),
            (Seller::Local, "AllowLocalCarrier", "SignalWireApiBase"),
        ] {
            assert!(of(seller).contains_key(there), "{seller:?}");
            assert!(!of(seller).contains_key(absent), "{seller:?}");
            assert_eq!(of(seller).get("PurchasesEnabled").unwrap(), "true");
        }
    }

    #[test]
    fn what_a_person_wants_goes_first() {
        let otherwise = [("SelfServicePlans".to_owned(), "starter".to_owned())];
        let ports = Ports::free().unwrap();
        let wanted = parameters(ports, Seller::Local, &otherwise);
        assert_eq!(wanted.get("SelfServicePlans").unwrap(), "starter");
    }
}
