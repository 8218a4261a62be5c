//! What the carrier's own books say, whichever carrier it is.

use anyhow::Result;
use numberline::domain::webhooks::WebhookKind;
use numberline_simulator::Kind;
use serde_json::{Map, Value};

use super::{
    Lab, LabCarrier,
    market::RIVAL,
    tables::{CORE, Tables},
};

/// What was sold, what is owned, and what was handed over.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    /// Every sale, of numbers that went back too.
    pub sales: Vec<Sale>,
    /// Numbers that are owned now.
    pub numbers: Vec<HeldNumber>,
    /// Subprojects.
    pub subprojects: Vec<HeldSubproject>,
    /// Texts that were taken.
    pub texts: usize,
}

/// A number that was sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// The buyer's reference.
    pub reference: String,
    /// The number.
    pub number: String,
}

/// A number that is owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldNumber {
    /// The number.
    pub number: String,
    /// The account that has it.
    pub account: String,
    /// Every address the carrier has for its events, with what it is for.
    pub wires: Vec<(WebhookKind, Option<String>)>,
}

/// A subproject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSubproject {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Lab {
    /// What the carrier's own books say.
    pub fn holdings(&self) -> Result<Holdings> {
        match self.setup.carrier {
            LabCarrier::SignalWire => Ok(self.simulated()),
            LabCarrier::Local => {
                let mut holdings = kept_in(&self.tables)?;
                holdings.sales = self.market.sales();
                Ok(holdings)
            }
        }
    }

    fn simulated(&self) -> Holdings {
        let (ledger, inventory) = (self.simulator.ledger(), self.simulator.inventory());
        let sales = ledger.of(Kind::Purchase).map(|entry| Sale {
            reference: entry.reference.clone().unwrap_or_default(),
            number: entry.number.clone().unwrap_or_default(),
        });
        let numbers = inventory.numbers.iter().map(|held| HeldNumber {
            number: held.number.clone(),
            account: held.account.clone(),
            wires: vec![
                (WebhookKind::Voice, held.voice_url.clone()),
                (WebhookKind::Voice, held.voice_fallback_url.clone()),
                (WebhookKind::Sms, held.sms_url.clone()),
                (WebhookKind::Sms, held.sms_fallback_url.clone()),
                (WebhookKind::Status, held.status_url.clone()),
            ],
        });
        let subprojects = inventory.accounts.iter();
        let subprojects = subprojects
            .filter(|account| account.parent.is_some())
            .map(|account| HeldSubproject {
                id: account.id.clone(),
                name: account.name.clone(),
            });
        Holdings {
            sales: sales.collect(),
            numbers: numbers.collect(),
            subprojects: subprojects.collect(),
            texts: ledger.of(Kind::Message).count(),
        }
    }
}

/// What the local carrier keeps in Core; a rival's numbers are no business of ours.
fn kept_in(tables: &Tables) -> Result<Holdings> {
    let mut holdings = Holdings::default();
    for item in tables.items(CORE)? {
        if text(&item, "pk") != Some("LOCAL") {
            continue;
        }
        let row = item.get("body").and_then(Value::as_object);
        let row = row.cloned().unwrap_or_default();
        let field = |name| text(&row, name).unwrap_or_default().to_owned();
        let key = text(&item, "sk").unwrap_or_default();
        match key.split('#').next().unwrap_or_default() {
            "SOLD" if field("account") != RIVAL => holdings.numbers.push(HeldNumber {
                number: field("e164"),
                account: field("account"),
                wires: vec![
                    (WebhookKind::Voice, Some(field("voice_url"))),
                    (WebhookKind::Sms, Some(field("sms_url"))),
                ],
            }),
            "ACCOUNT" => holdings.subprojects.push(HeldSubproject {
                id: field("id"),
                name: field("name"),
            }),
            "SENT" => holdings.texts += 1,
            _ => {}
        }
    }
    Ok(holdings)
}

fn text<'i>(item: &'i Map<String, Value>, name: &str) -> Option<&'i str> {
    item.get(name).and_then(Value::as_str)
}
