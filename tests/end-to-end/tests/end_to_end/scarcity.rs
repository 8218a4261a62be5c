//! What the carrier has not got, or cannot say.

use anyhow::{Context, Result};
use http::Method;
use numberline_end_to_end::{
    Ask, fresh_key,
    views::{Problem, numbers_of},
};
use numberline_simulator::{Carrier, Fault, Mode, Operation};
use serde_json::json;

use crate::scene::{PATIENCE, Scene};

#[tokio::test]
async fn an_area_code_without_numbers_shows_none_and_an_order_there_fails_with_nothing_left_over()
-> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    scene.stock("406", 0).await?;

    assert!(home.client.search("406", 10).await?.items.is_empty());
    let wish = json!({"areaCode": "406"});
    let order = home.client.provision(&fresh_key()?, &wish).await?;
    let order = home.client.ended(&order.id, PATIENCE).await?;

    assert_eq!(order.status, "failed");
    assert_eq!(order.trouble(), Some("no_inventory"));
    assert_eq!(home.numbers_held().await?, 0);
    assert!(home.client.numbers().await?.items.is_empty());
    scene.buy(&home, "413").await?;
    Ok(())
}

#[tokio::test]
async fn a_number_that_is_gone_meanwhile_fails_with_alternatives_and_frees_the_plan() -> Result<()>
{
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    let shelf = scene.shelf(&home, "419", 4).await?;
    let (gone, left) = shelf.split_first().context("the shelf is full")?;
    scene.stock("419", 0).await?;
    scene.simulator.offer(left).await?;

    let order = home.client.claim(&fresh_key()?, gone).await?;
    let order = home.client.ended(&order.id, PATIENCE).await?;

    assert_eq!(order.status, "failed");
    assert_eq!(order.trouble(), Some("number_unavailable"));
    let offered = numbers_of(&order.alternatives);
    assert!(!offered.is_empty());
    assert!(left.iter().all(|left| offered.contains(left.as_str())));
    assert_eq!(scene.simulator.purchases_of(gone).await?, 0);
    assert_eq!(home.numbers_held().await?, 0);
    let instead = left.first().context("something is left")?;
    let order = home.client.claim(&fresh_key()?, instead).await?;
    home.succeeded(&order.id).await?;
    Ok(())
}

#[tokio::test]
async fn a_carrier_that_is_down_is_503_and_says_when_to_come_again() -> Result<()> {
    let scene = Scene::alone().await?;
    let home = scene.workspace("pro").await?;
    scene.stock("423", 3).await?;
    for (mode, code) in [
        (Mode::Error500, "carrier_unavailable"),
        (Mode::LostRequest, "carrier_unavailable"),
        (Mode::Auth, "carrier_unavailable"),
        (Mode::RateLimit, "carrier_busy"),
    ] {
        // More than the adapter repeats a search.
        let fault = Fault {
            count: 8,
            ..Fault::once(Carrier::SignalWire, Operation::Search, mode)
        };
        scene.simulator.fail(&fault).await?;
        let path = "/api/phone-numbers/search?areaCode=423";
        let answer = home.client.send(Ask::new(Method::GET, path)).await?;
        scene.simulator.fail_no_more().await?;

        let answer = answer.expect(503)?;
        let problem: Problem = answer.read()?;
        assert_eq!((problem.code.as_str(), problem.retryable), (code, true));
        let seconds: u32 = answer.header("retry-after").parse()?;
        assert!(seconds >= 1, "{mode}");
    }
    assert_eq!(home.client.search("423", 10).await?.items.len(), 3);
    Ok(())
}
