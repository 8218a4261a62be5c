//! P4, P7 and P8: what is answered at the doors.

use std::sync::Arc;

use anyhow::Result;
use numberline::{
    app::{Caller, Error, inbound::Outcome, numbers::number, orders::order, provision::any_number},
    domain::{ClaimOwner, Number, OrderId, Plan, WorkspaceId, order::Wish},
};

use super::Findings;
use crate::{
    lab::{Answered, Books, Lab, sign_up_as},
    matrix::{Cast, Keyed},
};

/// P8: to somebody else there is no such order and no such number, whichever
/// workspace they name.
pub(super) async fn strangers(findings: &mut Findings, lab: &Arc<Lab>, cast: &Cast, books: &Books) {
    let core = lab.core();
    let intruder = Caller {
        workspace: Some(cast.tenant.workspace.clone()),
        ..cast.stranger.caller.clone()
    };
    for caller in [&cast.stranger.caller, &intruder] {
        for theirs in books
            .orders
            .iter()
            .filter(|order| order.workspace() == Some(&cast.tenant.workspace))
        {
            let answer = order(&core, caller, &theirs.id).await;
            not_found(findings, &answer, theirs.id.as_str());
        }
        for theirs in numbers_of(books, &cast.tenant.workspace) {
            let answer = number(&core, caller, &theirs.id).await;
            not_found(findings, &answer, theirs.id.as_str());
        }
    }
}

fn not_found<T>(findings: &mut Findings, answer: &Answered<T>, id: &str) {
    let hidden = matches!(answer, Err(Error::NotFound));
    findings.hold("P8", hidden, || format!("a stranger was told of {id}"));
}

fn numbers_of<'b>(
    books: &'b Books,
    workspace: &'b WorkspaceId,
) -> impl Iterator<Item = &'b Number> {
    let numbers = books.numbers.iter();
    numbers.filter(move |number| number.workspace == *workspace)
}

/// P4: the same key answers with the same order, and another request is refused.
pub(super) async fn same_key_same_order(
    findings: &mut Findings,
    lab: &Arc<Lab>,
    cast: &Cast,
    books: &Books,
) -> Result<()> {
    let Some(keyed) = &cast.keyed else {
        return Ok(());
    };
    let again = repeat(lab, cast, keyed, false).await;
    let same = matches!(&again, Ok(order) if *order == cast.order);
    findings.hold("P4", same, || format!("the same key answered {again:?}"));
    let other = repeat(lab, cast, keyed, true).await;
    let refused = matches!(other, Err(Error::KeyReused));
    findings.hold("P4", refused, || {
        format!("the key, reused, answered {other:?}")
    });
    let after = Books::read(&lab.tables)?;
    let (orders, workspaces) = (after.orders.len(), after.workspaces.len());
    let unchanged = orders == books.orders.len() && workspaces == books.workspaces.len();
    findings.hold("P4", unchanged, || {
        "asking again made something new".to_owned()
    });
    Ok(())
}

/// Asks again, for the same or for something else: the order answered with.
async fn repeat(
    lab: &Arc<Lab>,
    cast: &Cast,
    keyed: &Keyed,
    something_else: bool,
) -> Answered<Option<OrderId>> {
    match keyed {
        Keyed::SignUp { subject, key } => {
            let wish = (!something_else).then(|| any_number(None));
            let signed_up = sign_up_as(lab, subject, Plan::Pro, wish, key).await?;
            Ok(signed_up.order.map(|order| order.id))
        }
        Keyed::Provision { wish, key } => {
            let other = Wish::Any(Vec::new());
            let wish = if something_else { &other } else { wish };
            Ok(Some(cast.tenant.order(lab, wish, key).await?.id))
        }
    }
}

/// P7: a text to a number that works is kept once, by the right workspace, however
/// often it is delivered; one to a number in stock is kept by nobody.
pub(super) async fn inbound_once(
    findings: &mut Findings,
    lab: &Arc<Lab>,
    books: &Books,
) -> Result<()> {
    let active = books.numbers.iter().filter(|number| number.is_active());
    for number in active {
        let body = format!("to {}", number.e164);
        let webhook = lab.text("+14155550166", &number.e164, &body).await?;
        let first = lab.take_cold(&webhook).await.map(|taken| taken.outcome);
        let second = lab.take_cold(&webhook).await.map(|taken| taken.outcome);
        let once = matches!(
            (&first, &second),
            (Ok(Outcome::Stored), Ok(Outcome::Repeated))
        );
        findings.hold("P7", once, || {
            format!("two deliveries: {first:?}, {second:?}")
        });
        let kept = Books::read(&lab.tables)?.messages;
        let mut kept = kept.iter().filter(|message| message.body == body);
        let fits = kept
            .next()
            .is_some_and(|kept| kept.workspace == number.workspace);
        let once = fits && kept.next().is_none();
        findings.hold("P7", once, || {
            "the text is not kept once, where it belongs".to_owned()
        });
    }
    let in_stock = books
        .claims
        .iter()
        .filter(|claim| claim.owner == ClaimOwner::Stock);
    for claim in in_stock {
        let webhook = lab.text("+14155550166", &claim.e164, "anybody?").await?;
        let taken = lab.take_cold(&webhook).await.map(|taken| taken.outcome);
        let dropped = matches!(taken, Ok(Outcome::Dropped));
        findings.hold("P7", dropped, || format!("a text to stock: {taken:?}"));
    }
    Ok(())
}
