//! P6: how orders end, and that what they say when they have ended is so.

use numberline::domain::{
    Claim, ClaimOwner, NumberStatus, OrderId,
    order::{GiveBack, Order, OrderStatus, Owner, Work},
};

use super::{Findings, carrier::is_alive};
use crate::{
    lab::{Books, Holdings},
    matrix::{Cast, Schedule},
};

/// Orders end as their scenario says they may. What was before it has succeeded, and what
/// gives back or ends something always does.
pub(super) fn endings(findings: &mut Findings, books: &Books, cast: &Cast, schedule: &Schedule) {
    let outcome = schedule.strike.map(|strike| strike.outcome);
    let may_end = schedule.scenario.may_end(outcome);
    for order in books.orders.iter().filter(|order| order.status.is_final()) {
        let own = order.created_at >= cast.began || cast.order.as_ref() == Some(&order.id);
        let allowed = if own && is_for_a_number(order) {
            may_end
        } else {
            &[OrderStatus::Succeeded]
        };
        findings.hold("P6", allowed.contains(&order.status), || {
            let Order {
                id,
                status,
                trouble,
                ..
            } = order;
            format!("{id} ended {status:?} ({trouble:?}), and may end {allowed:?}")
        });
    }
}

/// Whether it was placed to get a number, whatever became of that.
fn is_for_a_number(order: &Order) -> bool {
    match &order.work {
        Work::Provision(_) => true,
        Work::GiveBack(give_back) => give_back.canceling,
        Work::Close(_) => false,
    }
}

/// What the end of an order says is so: at the carrier, in the claim, and in the row.
pub(super) fn what_they_say(findings: &mut Findings, books: &Books, holdings: &Holdings) {
    for order in &books.orders {
        let wrong = match (order.status, &order.work) {
            (OrderStatus::Succeeded, Work::Provision(_)) => got(order, books, holdings),
            (OrderStatus::Succeeded, Work::GiveBack(gone)) => given_back(order, gone, books),
            (OrderStatus::Canceled, _) => left_nothing(order, books),
            (OrderStatus::Failed, _) => {
                left_nothing(order, books).or_else(|| match sales(order, holdings).len() {
                    0 => None,
                    paid => Some(format!("{paid} numbers were bought")),
                })
            }
            (
                OrderStatus::Queued
                | OrderStatus::Running
                | OrderStatus::Waiting
                | OrderStatus::NeedsAttention,
                _,
            )
            | (OrderStatus::Succeeded, Work::Close(_)) => None,
        };
        if let Some(wrong) = wrong {
            findings.add(
                "P6",
                format!("{} is {:?}, and {wrong}", order.id, order.status),
            );
        }
    }
}

/// The numbers that were sold under the reference of an order.
fn sales<'h>(order: &Order, holdings: &'h Holdings) -> Vec<&'h str> {
    let reference = order.reference();
    let sales = holdings.sales.iter();
    sales
        .filter(|sale| sale.reference == reference)
        .map(|sale| sale.number.as_str())
        .collect()
}

/// What is wrong about an order that got its number: one sale, one row, and a claim that
/// leads from one to the other for as long as the workspace has it.
fn got(order: &Order, books: &Books, holdings: &Holdings) -> Option<String> {
    let sales = sales(order, holdings);
    let [sold] = sales.as_slice() else {
        return Some(format!("{} numbers were bought", sales.len()));
    };
    let mut rows = books.numbers.iter().filter(|row| row.order == order.id);
    let (Some(row), None) = (rows.next(), rows.next()) else {
        return Some("there is not one row of it".to_owned());
    };
    if row.e164.as_str() != *sold {
        return Some(format!("{sold} was bought for {}", row.e164));
    }
    match row.status {
        NumberStatus::Released => None,
        NumberStatus::Active | NumberStatus::Suspended | NumberStatus::Releasing => {
            let bound = claims_of(books, &order.id).any(|claim| {
                claim.e164 == row.e164
                    && claim.number.as_ref() == Some(&row.id)
                    && claim.account.as_ref() == Some(&row.account)
                    && claim.owner == ClaimOwner::Workspace(row.workspace.clone())
            });
            (!bound).then(|| format!("no claim of its own leads to {}", row.e164))
        }
        NumberStatus::Pending | NumberStatus::Provisioning | NumberStatus::Failed => {
            Some(format!("the number is {:?}", row.status))
        }
    }
}

/// What is wrong about an order that gave a number back.
fn given_back(order: &Order, gone: &GiveBack, books: &Books) -> Option<String> {
    if order.owner == Owner::Stock {
        let filed = books.stock.iter().any(|stock| stock.e164 == gone.e164);
        let claimed = claims_of(books, &order.id).next().is_some();
        return (filed || claimed).then(|| format!("{} is still in stock", gone.e164));
    }
    let row = books.numbers.iter().find(|row| row.id == gone.number);
    let status = row.map(|row| row.status);
    (status != Some(NumberStatus::Released)).then(|| format!("the number is {status:?}"))
}

/// What an order left over that ended without a number.
fn left_nothing(order: &Order, books: &Books) -> Option<String> {
    let mut rows = books.numbers.iter().filter(|row| row.order == order.id);
    if let Some(row) = rows.find(|row| is_alive(row.status)) {
        return Some(format!("{} is {:?}", row.e164, row.status));
    }
    let claim = claims_of(books, &order.id).next();
    claim.map(|claim| format!("{} is claimed for it", claim.e164))
}

fn claims_of<'b>(books: &'b Books, order: &'b OrderId) -> impl Iterator<Item = &'b Claim> {
    let claims = books.claims.iter();
    claims.filter(move |claim| claim.order.as_ref() == Some(order))
}

/// A number works only for an order that succeeded, and is being set up only for one that
/// has not ended.
pub(super) fn rows(findings: &mut Findings, books: &Books) {
    for row in &books.numbers {
        let status = books.order(&row.order).map(|order| order.status);
        let fits = match row.status {
            NumberStatus::Active | NumberStatus::Suspended => {
                status == Some(OrderStatus::Succeeded)
            }
            NumberStatus::Provisioning => status
                .is_some_and(|status| !status.is_final() || status == OrderStatus::NeedsAttention),
            NumberStatus::Pending
            | NumberStatus::Releasing
            | NumberStatus::Released
            | NumberStatus::Failed => true,
        };
        findings.hold("P6", fits, || {
            format!("{} is {:?}, and its order {status:?}", row.e164, row.status)
        });
    }
}

/// Who was told that an order is canceled does not find its number working later.
pub(super) fn cancels(findings: &mut Findings, books: &Books, cast: &Cast) {
    let order = cast.order.as_ref().filter(|_| cast.was_canceled());
    let Some(order) = order.and_then(|order| books.order(order)) else {
        return;
    };
    findings.hold("P6", order.status != OrderStatus::Succeeded, || {
        format!("{} was canceled, and succeeded", order.id)
    });
}
