//! Stories about getting numbers and giving them back.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use numberline::{
    app::{
        orders::orders,
        provision::any_number,
        workspaces::{SignUp, memberships, sign_up},
    },
    domain::{
        Plan, WorkspaceId,
        order::{Order, Wish},
    },
};

use super::{Cast, exactly};
use crate::lab::{Lab, Lambda, Patient, Tenant, caller};

/// Who signs up.
const FOUNDER: &str = "founder";

/// How often somebody tries to sign up.
const TRIES: u32 = 5;

/// Somebody signs up for a plan with a number. Without an answer they look whether
/// they have a workspace; without an order in it they place one themselves.
pub(super) async fn sign_up_with_number(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let workspace = sign_up_until_it_stands(lab).await?;
    cast.tenant = Tenant::of(FOUNDER, &workspace);
    let caller = cast.tenant.caller.clone();
    let placed = lab
        .ask(
            "look",
            true,
            Arc::new(move |lab| {
                let caller = caller.clone();
                Box::pin(async move { orders(&lab.core(), &caller, None, 10).await })
            }),
        )
        .await??;
    cast.order = match placed.items.first() {
        Some(order) => Some(order.id.clone()),
        None => Some(place(lab, cast, any_number(None), "by hand").await?.id),
    };
    Ok(())
}

async fn sign_up_until_it_stands(lab: &Arc<Lab>) -> Result<WorkspaceId> {
    let wanted = SignUp {
        name: "Founder's workspace".to_owned(),
        plan: Plan::Pro,
        external_id: None,
        admin: None,
        number: Some(any_number(None)),
    };
    for _ in 0..TRIES {
        let (base, shop, caller) = (lab.base(), lab.shop(), caller(FOUNDER));
        let request = sign_up(&base, &shop, &Plan::ALL, &caller, &wanted);
        if let Some(Ok(signed_up)) = lab.run("sign-up", None, request).await {
            return Ok(signed_up.workspace.id);
        }
        let mine = lab
            .ask(
                "look",
                true,
                Arc::new(|lab| {
                    Box::pin(async move { memberships(&lab.base(), &self::caller(FOUNDER)).await })
                }),
            )
            .await??;
        if let Some((workspace, _)) = mine.first() {
            return Ok(workspace.id.clone());
        }
    }
    bail!("no workspace after {TRIES} tries")
}

/// The tenant chooses a number out of a search.
pub(super) async fn choose(lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
    let wish = exactly("+15125550107")?;
    cast.order = Some(place(lab, cast, wish, "chosen").await?.id);
    Ok(())
}

async fn place(lab: &Arc<Lab>, cast: &mut Cast, wish: Wish, key: &str) -> Result<Order> {
    cast.keyed = Some((wish.clone(), key.to_owned()));
    let (tenant, key) = (cast.tenant.clone(), key.to_owned());
    let order = lab
        .ask(
            "provision",
            true,
            Arc::new(move |lab| {
                let (tenant, wish, key) = (tenant.clone(), wish.clone(), key.clone());
                Box::pin(async move { tenant.order(&lab, &wish, &key).await })
            }),
        )
        .await??;
    Ok(order)
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
    cast.order = Some(order.id);
    Ok(())
}
