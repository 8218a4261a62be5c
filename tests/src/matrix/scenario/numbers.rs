//! Scenarios about getting numbers and giving them back.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use numberline::{
    app::{Error, provision::any_number, workspaces::SignedUp},
    domain::Plan,
};

use numberline_simulator::{Carrier, Fault, Mode, Operation};

use super::{Cast, exactly};
use crate::{
    lab::{Answered, Lab, Lambda, Patient, Tenant, sign_up_as},
    matrix::Keyed,
};

/// Who signs up.
const FOUNDER: &str = "founder";

/// Under which key they do.
const SIGN_UP_KEY: &str = "sign me up";

/// Nearly as long as it takes until the carrier's list of subprojects is believed.
const UNTIL_BELIEVED: Duration = Duration::from_mins(2);

/// Under which key a number is chosen.
const CHOICE_KEY: &str = "this one";

/// Somebody signs up for a plan with a number, and asks until they have the order.
pub(super) async fn sign_up_with_number(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let signed_up = lab
        .ask(
            "sign-up",
            true,
            Arc::new(|lab| Box::pin(async move { sign_up_once(&lab).await })),
        )
        .await??;
    cast.tenant = Tenant::of(FOUNDER, &signed_up.workspace.id);
    cast.order = signed_up.order.map(|order| order.id);
    cast.keyed = Some(Keyed::SignUp {
        subject: FOUNDER,
        key: SIGN_UP_KEY,
    });
    Ok(())
}

/// A workspace without the order that was wished for is not what was asked: the
/// reason says whether to ask again.
async fn sign_up_once(lab: &Lab) -> Answered<SignedUp> {
    let wish = Some(any_number(None));
    let signed_up = sign_up_as(lab, FOUNDER, Plan::Pro, wish, SIGN_UP_KEY).await?;
    if signed_up.order.is_some() {
        return Ok(signed_up);
    }
    Err(signed_up.warning.unwrap_or(Error::NotFound))
}

/// The tenant chooses a number out of a search.
pub(super) async fn choose(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let wish = exactly("+15125550107")?;
    cast.keyed = Some(Keyed::Provision {
        wish: wish.clone(),
        key: CHOICE_KEY,
    });
    let tenant = cast.tenant.clone();
    let order = lab
        .ask(
            "provision",
            true,
            Arc::new(move |lab| {
                let (tenant, wish) = (tenant.clone(), wish.clone());
                Box::pin(async move { tenant.order(&lab, &wish, CHOICE_KEY).await })
            }),
        )
        .await??;
    cast.order = Some(order.id);
    Ok(())
}

/// The tenant gives its number back.
pub(super) async fn give_back(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let number = cast.number.as_ref().context("nothing to give back")?;
    let (tenant, number) = (cast.tenant.clone(), number.id.clone());
    let order = lab
        .ask(
            "release",
            true,
            Arc::new(move |lab| {
                let (tenant, number) = (tenant.clone(), number.clone());
                Box::pin(async move { tenant.give_back(&lab, &number).await })
            }),
        )
        .await??;
    cast.keyed = Some(Keyed::Release);
    cast.order = Some(order.id);
    Ok(())
}

/// The tenant has chosen a number, and the carrier has made its subproject without a word.
pub(super) async fn leave_subproject_unopened(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    lab.simulator.arrange(Fault::once(
        Carrier::SignalWire,
        Operation::CreateSubproject,
        Mode::LostResponse,
    ));
    choose(lab, cast).await?;
    let settled = lab.clock.time().plus(UNTIL_BELIEVED);
    lab.settle_until(settled).await
}
