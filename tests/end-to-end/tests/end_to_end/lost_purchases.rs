//! A purchase whose answer, or whose request, is lost on its way, over the real queue.

use std::time::Duration;

use anyhow::Result;
use numberline_end_to_end::{fresh_key, views::Order};
use numberline_simulator::{Carrier, Fault, Mode, Operation};

use crate::scene::{Home, Scene};

/// Forty-five seconds until the carrier's word can be believed, and room around them.
const PATIENCE: Duration = Duration::from_mins(3);

/// Orders a number whose purchase goes wrong once. Answers with the order, ended, and the troubles it was seen in
/// while it waited.
async fn order_in_trouble(
    scene: &Scene,
    home: &Home,
    number: &str,
    mode: Mode,
) -> Result<(Order, Vec<String>)> {
    let fault = Fault {
        number: Some(number.to_owned()),
        ..Fault::once(Carrier::SignalWire, Operation::Purchase, mode)
    };
    scene.simulator.fail(&fault).await?;
    let order = home.client.claim(&fresh_key()?, number).await?;
    let mut troubles = Vec::new();
    let show = |seen: &Order| {
        if let (true, Some(trouble)) = (seen.status == "waiting", seen.trouble()) {
            troubles.push(trouble.to_owned());
        }
        Ok(())
    };
    let ended = home.client.follow(&order.id, PATIENCE, show).await?;
    troubles.dedup();
    Ok((ended, troubles))
}

#[tokio::test]
async fn a_purchase_whose_fate_is_unknown_is_looked_for_and_never_made_twice() -> Result<()> {
    let scene = Scene::beside().await?;
    let (home, other) = (scene.workspace("pro").await?, scene.workspace("pro").await?);
    let shelf = scene.shelf(&home, "541", 2).await?;
    let [bought, not_bought] = shelf.as_slice() else {
        anyhow::bail!("the shelf holds {shelf:?}");
    };

    let (answer_lost, request_lost) = tokio::try_join!(
        order_in_trouble(&scene, &home, bought, Mode::LostResponse),
        order_in_trouble(&scene, &other, not_bought, Mode::LostRequest),
    )?;

    // What was bought is found. What was not is bought after the look, at the next try.
    assert_eq!(answer_lost.1, ["outcome_unknown"]);
    assert_eq!(
        request_lost.1.first().map(String::as_str),
        Some("outcome_unknown")
    );
    for (home, (order, _), number) in [
        (home, answer_lost, bought),
        (other, request_lost, not_bought),
    ] {
        assert_eq!(order.status, "succeeded", "{order:?}");
        assert_eq!(order.number.as_ref(), Some(number));
        assert_eq!(scene.simulator.purchases_of(number).await?, 1);
        assert_eq!(home.client.numbers().await?.items.len(), 1);
    }
    Ok(())
}
