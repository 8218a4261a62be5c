//! Scenarios about people who change their minds, and about two who want the same.

use std::sync::{Arc, Weak, atomic::Ordering};

use anyhow::{Context, Result, ensure};
use numberline::{
    app::Error,
    domain::{
        AccountId, E164, OrderId, Plan,
        carrier::CarrierNumberId,
        order::{Order, Wish},
    },
    store::{LocalBooks, local::SoldNumber},
};
use numberline_simulator::{Carrier, Restock};

use super::{Cast, exactly, numbers, refuse_next_purchase};
use crate::{
    lab::{Answered, Ask, Lab, LabCarrier, Lambda, Patient, RIVAL, Rest, Tenant},
    matrix::Keyed,
    seam::{Again, Boxed},
};

/// The area code that has one number left.
const LAST_ONE: &str = "737";

/// A tenant of the scenario that asks for something which can be asked again.
type Wanting = fn(Tenant, Arc<Lab>, OrderId) -> Boxed<Answered<Order>>;

/// The tenant chooses a number, and at any later moment may cancel.
pub(super) async fn choose_revocably(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    numbers::choose(lab, cast).await?;
    let order = cast.order.clone().context("no order was placed")?;
    let (there, tenant) = (Arc::downgrade(lab), cast.tenant.clone());
    let note = cast.note_of_cancel();
    let revoke: Again = Arc::new(move || {
        let (there, tenant, order) = (Weak::clone(&there), tenant.clone(), order.clone());
        let note = Arc::clone(&note);
        Box::pin(async move {
            let Some(lab) = there.upgrade() else { return };
            let canceled = tenant.cancel(&lab, &order);
            let answered = lab.run("cancel", None, canceled).await;
            if matches!(answered, Some(Ok(_))) {
                note.store(true, Ordering::SeqCst);
            }
        })
    });
    lab.seam.may_revoke(revoke);
    Ok(())
}

/// The tenant chooses a number, the carrier sells it without a word, and the tenant
/// cancels before anybody has looked.
pub(super) async fn cancel_in_flight(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    numbers::choose(lab, cast).await?;
    lab.work_what_is_due().await;
    let order = cast.order.clone().context("no order was placed")?;
    let canceled = ask(lab, cast, "cancel", order, |tenant, lab, order| {
        Box::pin(async move { tenant.cancel(&lab, &order).await })
    });
    match canceled.await? {
        Ok(_) => {
            cast.note_of_cancel().store(true, Ordering::SeqCst);
            Ok(())
        }
        Err(Error::OrderEnded | Error::NotCancelable) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// An order that failed, because the number was sold to somebody else.
pub(super) async fn failed(lab: &Arc<Lab>, mut cast: Cast) -> Result<Cast> {
    refuse_next_purchase(lab);
    numbers::choose(lab, &mut cast).await?;
    let rest = lab.settle().await?;
    ensure!(rest == Rest::Quiet, "the order did not end: {rest:?}");
    lab.market.let_rivals_go(&lab.tables);
    Ok(cast)
}

/// The tenant has it tried again.
pub(super) async fn retry(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let order = cast.order.clone().context("no order was placed")?;
    let retried = ask(lab, cast, "retry", order, |tenant, lab, order| {
        Box::pin(async move { tenant.retry(&lab, &order).await })
    });
    match retried.await? {
        // Asked twice, the second may find that all is done.
        Ok(_) | Err(Error::NotRetryable) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Two workspaces, and an area code with one number.
pub(super) async fn rivals(lab: &Arc<Lab>, stranger: Tenant) -> Result<Cast> {
    let tenant = Tenant::sign_up(lab, "tenant", Plan::Enterprise).await?;
    match lab.setup.carrier {
        LabCarrier::SignalWire => {
            let last_one = Restock::area(Carrier::SignalWire, LAST_ONE, 1);
            lab.simulator.restock(&last_one)?;
        }
        LabCarrier::Local => sell_all_but_one(lab).await?,
    }
    Ok(Cast::new(tenant, stranger))
}

/// The local carrier has a hundred numbers in every area code: 99 of them are somebody's.
async fn sell_all_but_one(lab: &Lab) -> Result<()> {
    let books = LocalBooks::new(lab.core());
    for line in 101..200 {
        let e164: E164 = format!("+1{LAST_ONE}5550{line}").parse()?;
        let sale = SoldNumber {
            id: CarrierNumberId::new(e164.as_str()),
            e164,
            account: AccountId::new(RIVAL),
            reference: String::new(),
            voice_url: String::new(),
            sms_url: String::new(),
            sold_at: lab.clock.time(),
        };
        ensure!(books.sell(&sale).await?, "{} is sold", sale.e164);
    }
    Ok(())
}

/// Both order any number there; one of them finds none.
pub(super) async fn race(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let wish = Wish::Any(vec![LAST_ONE.parse()?]);
    let rival = cast.stranger.clone();
    for (tenant, key) in [(cast.tenant.clone(), "mine"), (rival, "no, mine")] {
        let placed = order(lab, tenant, wish.clone(), key).await?;
        cast.order.get_or_insert(placed.id);
    }
    Ok(())
}

/// Orders until there is an answer.
async fn order(lab: &Arc<Lab>, tenant: Tenant, wish: Wish, key: &'static str) -> Result<Order> {
    let order: Ask<Order> = Arc::new(move |lab| {
        let (tenant, wish) = (tenant.clone(), wish.clone());
        Box::pin(async move { tenant.order(&lab, &wish, key).await })
    });
    Ok(lab.ask("provision", true, order).await??)
}

/// The workspace is deleted while another number is on its way to it.
pub(super) async fn delete(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let tenant = cast.tenant.clone();
    let wish = exactly("+15125550107")?;
    order(lab, tenant.clone(), wish, "one more").await?;
    let deleted = lab
        .ask(
            "delete",
            true,
            Arc::new(move |lab| {
                let tenant = tenant.clone();
                Box::pin(async move { tenant.delete(&lab).await })
            }),
        )
        .await??;
    cast.order = Some(deleted.id);
    cast.keyed = Some(Keyed::Delete);
    cast.deleted = true;
    Ok(())
}

/// Asks for something about `order` until there is an answer.
async fn ask(
    lab: &Arc<Lab>,
    cast: &Cast,
    kind: &'static str,
    order: OrderId,
    wanting: Wanting,
) -> Result<Answered<Order>> {
    let tenant = cast.tenant.clone();
    lab.ask(
        kind,
        true,
        Arc::new(move |lab| wanting(tenant.clone(), lab, order.clone())),
    )
    .await
}
