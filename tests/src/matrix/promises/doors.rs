//! P4 and P7: what is answered at the doors.

use std::sync::Arc;

use anyhow::Result;
use numberline::{
    app::{Error, inbound::Outcome, provision::any_number, send::Text},
    domain::{ClaimOwner, Number, Plan, order::Wish},
};

use super::Findings;
use crate::{
    lab::{Answered, Books, CORE, Lab, MESSAGES, sign_up_as},
    matrix::{Cast, Keyed, scenario::send_once},
};

/// P4: the same request is answered with the same order or message, another one under its
/// key is refused, and neither makes anything new.
pub(super) async fn same_key_same_answer(
    findings: &mut Findings,
    lab: &Arc<Lab>,
    cast: &Cast,
) -> Result<()> {
    let Some(keyed) = &cast.keyed else {
        return Ok(());
    };
    let before = made(lab)?;
    let first = match keyed {
        Keyed::Text { message, .. } => Some(message.to_string()),
        Keyed::SignUp { .. } | Keyed::Provision { .. } | Keyed::Release | Keyed::Delete => {
            cast.order.as_ref().map(ToString::to_string)
        }
    };
    let again = repeat(lab, cast, keyed).await;
    let same = matches!(&again, Ok(answered) if *answered == first);
    findings.hold("P4", same, || format!("the same key answered {again:?}"));
    if let Some(other) = ask_something_else(lab, cast, keyed).await {
        let refused = matches!(other, Err(Error::KeyReused));
        findings.hold("P4", refused, || {
            format!("the key, reused, answered {other:?}")
        });
    }
    let after = made(lab)?;
    findings.hold("P4", before == after, || {
        format!("asking again made of {before:?} {after:?}")
    });
    Ok(())
}

/// How many orders, workspaces and messages there are, and how many texts the carrier took.
fn made(lab: &Lab) -> Result<[usize; 4]> {
    let (core, messages) = (lab.tables.sort_keys(CORE)?, lab.tables.sort_keys(MESSAGES)?);
    let count = |keys: &[String], kind: &str| {
        let keys = keys.iter().map(|key| key.split('#').next());
        keys.filter(|known| *known == Some(kind)).count()
    };
    Ok([
        count(&core, "ORDER"),
        count(&core, "WORKSPACE"),
        count(&messages, "MESSAGE"),
        lab.holdings()?.texts,
    ])
}

/// Asks again for the same: the order or message answered with.
async fn repeat(lab: &Arc<Lab>, cast: &Cast, keyed: &Keyed) -> Answered<Option<String>> {
    let tenant = &cast.tenant;
    let order = match keyed {
        Keyed::SignUp { subject, key } => {
            let wish = Some(any_number(None));
            let signed_up = sign_up_as(lab, subject, Plan::Pro, wish, key).await?;
            signed_up.order
        }
        Keyed::Provision { wish, key } => Some(tenant.order(lab, wish, key).await?),
        Keyed::Text { text, key, .. } => {
            let message = send_once(lab, tenant, text, key).await?;
            return Ok(Some(message.id.to_string()));
        }
        Keyed::Release => match &cast.number {
            Some(number) => Some(tenant.give_back(lab, &number.id).await?),
            None => None,
        },
        Keyed::Delete => Some(tenant.delete(lab).await?),
    };
    Ok(order.map(|order| order.id.to_string()))
}

/// Asks for something else under the same key, where there is one.
async fn ask_something_else(lab: &Arc<Lab>, cast: &Cast, keyed: &Keyed) -> Option<Answered<()>> {
    let tenant = &cast.tenant;
    match keyed {
        Keyed::SignUp { subject, key } => {
            let other = sign_up_as(lab, subject, Plan::Pro, None, key).await;
            Some(other.map(drop))
        }
        Keyed::Provision { key, .. } => {
            let other = tenant.order(lab, &Wish::Any(Vec::new()), key).await;
            Some(other.map(drop))
        }
        Keyed::Text { text, key, .. } => {
            let other = Text {
                body: "Something else.".to_owned(),
                ..text.clone()
            };
            Some(send_once(lab, tenant, &other, key).await.map(drop))
        }
        Keyed::Release | Keyed::Delete => None,
    }
}

/// P7: a text to a number that works is kept once, by the right workspace, however
/// often it is delivered; one to a number in stock is kept by nobody.
pub(super) async fn inbound_once(
    findings: &mut Findings,
    lab: &Arc<Lab>,
    books: &Books,
) -> Result<()> {
    let active: Vec<&Number> = books.numbers.iter().filter(|row| row.is_active()).collect();
    let text_to = |number: &Number| format!("to {}", number.e164);
    for number in &active {
        let body = text_to(number);
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
    }
    let kept = match active.as_slice() {
        [] => Vec::new(),
        [..] => Books::read(&lab.tables)?.messages,
    };
    for number in active {
        let body = text_to(number);
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
