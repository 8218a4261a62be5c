//! Secrets are in the key service and on the way to the carrier, and nowhere else.

use anyhow::Result;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use numberline_simulator::Settings;

use super::Findings;
use crate::lab::{CORE, LEDGER, Lab, MESSAGES, VAULT};

/// No secret is in a table or in a line of what happened.
pub(super) fn nowhere(findings: &mut Findings, lab: &Lab) -> Result<()> {
    let secrets = secrets(lab);
    for table in [CORE, MESSAGES, VAULT, LEDGER] {
        let items = serde_json::to_string(&lab.tables.items(table)?)?;
        let clean = !secrets.iter().any(|secret| items.contains(secret));
        findings.hold("secrets", clean, || format!("{table} has a secret in it"));
    }
    let log = lab.seam.log();
    let told = log
        .iter()
        .any(|line| secrets.iter().any(|secret| line.text.contains(secret)));
    findings.hold("secrets", !told, || "an error tells a secret".to_owned());
    Ok(())
}

/// Every secret of this world: the platform's, and what was ever sealed.
fn secrets(lab: &Lab) -> Vec<String> {
    let platform = Settings::default();
    let own = [platform.api_token, platform.signing_key];
    let own = own.iter().map(|secret| secret.expose().to_owned());
    let sealed = lab.keys.sealed().into_iter().filter_map(|sealed| {
        let opened = BASE64_STANDARD.decode(sealed).ok()?;
        String::from_utf8(opened).ok()
    });
    own.chain(sealed)
        .filter(|secret| !secret.is_empty())
        .collect()
}
