//! People who change their minds.

use anyhow::Result;
use http::Method;
use numberline_end_to_end::{
    Ask, fresh_key, until,
    views::{Order, Problem},
};
use numberline_simulator::{Carrier, Fault, Mode, Operation};
use serde_json::{Value, json};

use crate::scene::{Home, PATIENCE, Scene};

async fn ask_of(home: &Home, order: &str, what: &str) -> Result<Order> {
    let path = format!("/api/orders/{order}/{what}");
    home.client.post(&path, &json!({}), 202).await
}

#[tokio::test]
async fn an_order_that_waits_for_the_carrier_is_canceled_and_leaves_nothing() -> Result<()> {
    let scene = Scene::alone().await?;
    let home = scene.workspace("pro").await?;
    scene.stock("432", 3).await?;
    let down = Fault {
        count: 50,
        ..Fault::once(Carrier::SignalWire, Operation::Search, Mode::Error500)
    };
    scene.simulator.fail(&down).await?;
    let wish = json!({"areaCode": "432"});
    let order = home.client.provision(&fresh_key()?, &wish).await?;
    let waiting = until("the order waits", PATIENCE, async || {
        let order = home.client.order(&order.id).await?;
        Ok((order.status == "waiting").then_some(order))
    })
    .await?;
    assert_eq!(waiting.trouble(), Some("carrier_unavailable"));

    ask_of(&home, &order.id, "cancel").await?;
    let canceled = home.client.ended(&order.id, PATIENCE).await?;
    scene.simulator.fail_no_more().await?;

    assert_eq!(canceled.status, "canceled");
    assert_eq!(home.numbers_held().await?, 0);
    let path = format!("/api/orders/{}/retry", order.id);
    let retry = Ask::new(Method::POST, &path).json(&json!({}))?;
    let problem: Problem = home.client.send(retry).await?.expect(409)?.read()?;
    assert_eq!(problem.code, "order_not_retryable");
    Ok(())
}

#[tokio::test]
async fn an_order_that_failed_is_tried_again_under_its_own_id_and_buys_once() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    let shelf = scene.shelf(&home, "447", 1).await?;
    let wanted = shelf.first().map_or("", String::as_str);
    scene.stock("447", 0).await?;
    let order = home.client.claim(&fresh_key()?, wanted).await?;
    let failed = home.client.ended(&order.id, PATIENCE).await?;
    assert_eq!(failed.status, "failed");

    scene.simulator.offer(&shelf).await?;
    let retried = ask_of(&home, &order.id, "retry").await?;
    assert_eq!(retried.id, order.id);
    home.succeeded(&order.id).await?;

    assert_eq!(scene.simulator.purchases_of(wanted).await?, 1);
    assert_eq!(home.numbers_held().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_workspace_without_numbers_is_deleted_at_once() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    let path = format!("/api/workspaces/{}", home.id);
    let order: Value = home.client.delete(&path, 202).await?;
    let order = order["id"].as_str().unwrap_or_default().to_owned();
    until("the workspace is gone", PATIENCE, async || {
        let workspace: Value = home.client.get(&path, 200).await?;
        Ok((workspace["status"] == "deleted").then_some(()))
    })
    .await?;
    let order: Value = home
        .client
        .get(&format!("/api/orders/{order}"), 200)
        .await?;
    assert_eq!(
        (&order["kind"], &order["status"]),
        (&json!("deletion"), &json!("succeeded"))
    );
    Ok(())
}

#[tokio::test]
async fn a_deletion_waits_for_a_number_in_its_first_days_and_says_so() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    let number = scene.buy(&home, "435").await?;
    let path = format!("/api/workspaces/{}", home.id);
    let order: Value = home.client.delete(&path, 202).await?;
    let order = format!("/api/orders/{}", order["id"].as_str().unwrap_or_default());
    let waiting: Value = until("the number is on its way back", PATIENCE, async || {
        let waiting: Value = home.client.get(&order, 200).await?;
        let number = home.client.number(&number.id).await?;
        let both = waiting["status"] == "waiting" && number.status == "released";
        Ok(both.then_some(waiting))
    })
    .await?;
    assert!(waiting["problem"]["detail"].is_string(), "{waiting}");
    let workspace: Value = home.client.get(&path, 200).await?;
    assert_eq!(workspace["status"], "deleting");
    let wish = Ask::new(Method::POST, "/api/phone-numbers/provision").key(&fresh_key()?);
    let wish = wish.json(&json!({"areaCode": "435"}))?;
    let problem: Problem = home.client.send(wish).await?.expect(409)?.read()?;
    assert_eq!(problem.code, "workspace_not_active");
    Ok(())
}
