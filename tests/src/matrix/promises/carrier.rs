//! P1 and P2: what the carrier's own books say, against ours.

use std::collections::BTreeMap;

use numberline::domain::{
    Claim, ClaimOwner, NumberStatus, OrderId, Webhooks, WorkspaceId,
    order::OrderStatus,
    subproject::{Subproject, SubprojectState},
};

use super::Findings;
use crate::lab::{Books, HeldNumber, Holdings, Lab};

/// P1: no order pays for two numbers, and nobody else pays for one.
pub(super) fn one_purchase(findings: &mut Findings, books: &Books, holdings: &Holdings) {
    let mut bought: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for sale in &holdings.sales {
        let numbers = bought.entry(&sale.reference).or_default();
        numbers.push(&sale.number);
    }
    for (reference, numbers) in bought {
        findings.hold("P1", numbers.len() == 1, || {
            format!("{reference} bought {}", numbers.join(" and "))
        });
        let order: Option<OrderId> = reference.parse().ok();
        let known = order.is_some_and(|order| books.order(&order).is_some());
        findings.hold("P1", known, || format!("no order is called {reference:?}"));
    }
}

/// P2: every number at the carrier has one owner here, and nothing here is about
/// a number that is not there.
pub(super) fn everything_owned(findings: &mut Findings, books: &Books, holdings: &Holdings) {
    for held in &holdings.numbers {
        let claim = books
            .claims
            .iter()
            .find(|claim| claim.e164.as_str() == held.number);
        let owned = claim.map_or_else(
            || Err("nobody here knows it".to_owned()),
            |claim| owner(books, held, claim),
        );
        if let Err(why) = owned {
            findings.add("P2", format!("{} is at the carrier: {why}", held.number));
        }
    }
    let at_carrier = |e164: &str| holdings.numbers.iter().any(|held| held.number == e164);
    for claim in books
        .claims
        .iter()
        .filter(|claim| !is_worked_on(books, claim))
    {
        findings.hold("P2", at_carrier(claim.e164.as_str()), || {
            format!("{} is claimed, and not at the carrier", claim.e164)
        });
    }
    for number in books
        .numbers
        .iter()
        .filter(|number| is_alive(number.status))
    {
        findings.hold("P2", at_carrier(number.e164.as_str()), || {
            format!(
                "{} is {:?}, and not at the carrier",
                number.e164, number.status
            )
        });
    }
    for stock in &books.stock {
        findings.hold("P2", at_carrier(stock.e164.as_str()), || {
            format!("{} is in stock, and not at the carrier", stock.e164)
        });
    }
}

fn owner(books: &Books, held: &HeldNumber, claim: &Claim) -> Result<(), String> {
    match &claim.owner {
        ClaimOwner::Workspace(workspace) => {
            let row = books.numbers.iter().find(|number| {
                number.workspace == *workspace
                    && number.e164 == claim.e164
                    && is_alive(number.status)
            });
            if row.is_none() && !is_worked_on(books, claim) {
                return Err(format!(
                    "{workspace} claims it without a row or a running order"
                ));
            }
            let home = account_of(books, workspace);
            if row.is_some() && home.as_deref() != Some(held.account.as_str()) {
                return Err(format!(
                    "it is in account {}, not {workspace}'s",
                    held.account
                ));
            }
            Ok(())
        }
        ClaimOwner::Stock => {
            let stock = books.stock.iter().find(|stock| stock.e164 == claim.e164);
            let stock = stock.ok_or("stock claims it without a row")?;
            if stock.account.as_str() != held.account {
                return Err(format!(
                    "stock has it in {}, not in {}",
                    stock.account, held.account
                ));
            }
            if is_open(books, &stock.release_order) {
                Ok(())
            } else {
                Err("it is in stock, and no order gives it back".to_owned())
            }
        }
        ClaimOwner::Shared => {
            let known = books.shared.iter().find(|known| known.e164 == claim.e164);
            let known = known.ok_or("it is claimed as shared without a row")?;
            if known.account.as_str() == held.account {
                Ok(())
            } else {
                Err(format!(
                    "it is lent from {}, not from {}",
                    known.account, held.account
                ))
            }
        }
    }
}

/// Whether the order that made a claim still cares for it.
fn is_worked_on(books: &Books, claim: &Claim) -> bool {
    let order = claim.order.as_ref();
    order.is_some_and(|order| is_open(books, order))
}

/// A number that works posts everything to us, with the token of its own account.
pub(super) fn wired(findings: &mut Findings, lab: &Lab, books: &Books, holdings: &Holdings) {
    for row in books.numbers.iter().filter(|row| row.is_active()) {
        let held = holdings
            .numbers
            .iter()
            .find(|held| held.number == row.e164.as_str());
        let token = books
            .subprojects
            .iter()
            .find_map(|known| match &known.state {
                SubprojectState::Open { token, .. } if known.workspace == row.workspace => {
                    Some(token)
                }
                SubprojectState::Open { .. } | SubprojectState::Creating { .. } => None,
            });
        let (Some(held), Some(token)) = (held, token) else {
            findings.add("P7", format!("{} works without an account", row.e164));
            continue;
        };
        let ours = Webhooks::new(lab.setup.webhook_base, &row.carrier, token.clone());
        for (kind, address) in &held.wires {
            let fits = address.as_deref() == Some(ours.url(*kind).as_str());
            findings.hold("P7", fits, || {
                format!("{} posts its {kind:?} to {address:?}", row.e164)
            });
        }
    }
}

/// P2: every subproject has one workspace, and every workspace at most one.
pub(super) fn subprojects(findings: &mut Findings, books: &Books, holdings: &Holdings) {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for subproject in &holdings.subprojects {
        let ids = names.entry(&subproject.name).or_default();
        ids.push(&subproject.id);
    }
    for (name, ids) in names {
        findings.hold("P2", ids.len() == 1, || {
            format!("{} subprojects are called {name}", ids.len())
        });
        let workspace = books
            .workspaces
            .iter()
            .find(|workspace| Subproject::name_of(&workspace.id) == name);
        let home = workspace.and_then(|workspace| account_of(books, &workspace.id));
        let known = home.as_deref().is_some_and(|home| ids.contains(&home));
        findings.hold("P2", known, || {
            format!("no workspace has the subproject {name}")
        });
    }
}

/// The account that isolates a workspace.
fn account_of(books: &Books, workspace: &WorkspaceId) -> Option<String> {
    let known = books
        .subprojects
        .iter()
        .find(|known| known.workspace == *workspace)?;
    match &known.state {
        SubprojectState::Open { account, .. } => Some(account.to_string()),
        SubprojectState::Creating { .. } => None,
    }
}

/// Whether an order still cares for what it claimed: it runs, or a person must look.
fn is_open(books: &Books, order: &OrderId) -> bool {
    books.order(order).is_some_and(|order| {
        !order.status.is_final() || order.status == OrderStatus::NeedsAttention
    })
}

/// Whether the row of a number stands for a number at the carrier.
pub(super) const fn is_alive(status: NumberStatus) -> bool {
    match status {
        NumberStatus::Provisioning
        | NumberStatus::Active
        | NumberStatus::Suspended
        | NumberStatus::Releasing => true,
        NumberStatus::Pending | NumberStatus::Released | NumberStatus::Failed => false,
    }
}
