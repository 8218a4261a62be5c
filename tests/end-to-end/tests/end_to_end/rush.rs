//! Many want the same thing in the same moment.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use http::Method;
use numberline_end_to_end::{
    Answer, Ask, Client, fresh_key,
    views::{Order, Problem, numbers_of},
};
use serde_json::{Value, json};

use crate::scene::{Home, Scene};

const CROWD: usize = 50;
const PARALLEL: usize = 20;

/// Sends the same wish for every client at once, each with its key.
async fn all_at_once(clients: &[(Client, String)], wish: &Value) -> Result<Vec<Answer>> {
    let mut asked = Vec::new();
    for (client, key) in clients {
        let ask = Ask::new(Method::POST, "/api/phone-numbers/provision");
        let (client, ask) = (client.clone(), ask.key(key).json(wish)?);
        asked.push(tokio::spawn(async move { client.send(ask).await }));
    }
    let mut answers = Vec::new();
    for answer in asked {
        answers.push(answer.await??);
    }
    Ok(answers)
}

fn split(answers: &[Answer]) -> Result<(Vec<Order>, Vec<Problem>)> {
    let (mut orders, mut problems) = (Vec::new(), Vec::new());
    for answer in answers {
        match answer.status {
            202 => orders.push(answer.read()?),
            _ => problems.push(answer.clone().expect(409)?.read()?),
        }
    }
    Ok((orders, problems))
}

async fn crowd(scene: &Scene) -> Result<Vec<Home>> {
    let mut homes = Vec::new();
    for _ in 0..CROWD {
        homes.push(scene.workspace("pro").await?);
    }
    Ok(homes)
}

#[tokio::test]
async fn of_fifty_workspaces_that_want_one_number_one_gets_it_and_the_rest_a_way_on() -> Result<()>
{
    let scene = Scene::beside().await?;
    let homes = crowd(&scene).await?;
    let first = homes.first().context("there is a crowd")?;
    let shelf = scene.shelf(first, "530", 10).await?;
    let wanted = shelf.first().context("the shelf is full")?;
    let mut clients = Vec::new();
    for home in &homes {
        clients.push((home.client.clone(), fresh_key()?));
    }

    let answers = all_at_once(&clients, &json!({"phoneNumber": wanted})).await?;

    let (orders, problems) = split(&answers)?;
    assert_eq!((orders.len(), problems.len()), (1, CROWD - 1));
    for problem in &problems {
        assert_eq!(problem.code, "number_unavailable");
        let others = numbers_of(&problem.alternatives);
        assert!(!others.is_empty() && !others.contains(wanted.as_str()));
    }
    let winner = answers.iter().position(|answer| answer.status == 202);
    let winner = homes.get(winner.context("somebody got it")?);
    let winner = winner.context("of the crowd")?;
    let order = winner
        .succeeded(&orders.first().context("one order")?.id)
        .await?;
    assert_eq!(order.number.as_deref(), Some(wanted.as_str()));
    assert_eq!(scene.simulator.purchases_of(wanted).await?, 1);

    let loser = homes.iter().find(|home| home.id != winner.id);
    let loser = loser.context("somebody did not")?;
    assert!(loser.client.orders().await?.items.is_empty());
    assert_eq!(loser.numbers_held().await?, 0);
    let way_on = problems
        .first()
        .and_then(|problem| problem.alternatives.first());
    let way_on = &way_on.context("an alternative")?.number;
    let order = loser.client.claim(&fresh_key()?, way_on).await?;
    loser.succeeded(&order.id).await?;
    Ok(())
}

#[tokio::test]
async fn of_twenty_parallel_orders_a_plan_with_one_number_takes_one() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    scene.stock("559", PARALLEL).await?;
    let mut clients = Vec::new();
    for _ in 0..PARALLEL {
        clients.push((home.client.clone(), fresh_key()?));
    }

    let answers = all_at_once(&clients, &json!({"areaCode": "559"})).await?;

    let (orders, problems) = split(&answers)?;
    assert_eq!((orders.len(), problems.len()), (1, PARALLEL - 1));
    let codes: BTreeSet<_> = problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect();
    assert_eq!(codes, BTreeSet::from(["plan_limit_reached"]));
    let order = home
        .succeeded(&orders.first().context("one order")?.id)
        .await?;
    assert_eq!(home.client.orders().await?.items.len(), 1);
    assert_eq!(home.client.numbers().await?.items.len(), 1);
    bought_once(&scene, &order).await
}

#[tokio::test]
async fn the_same_key_twenty_times_at_once_is_one_order() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("enterprise").await?;
    scene.stock("562", 5).await?;
    let clients = vec![(home.client.clone(), fresh_key()?); PARALLEL];

    let answers = all_at_once(&clients, &json!({"areaCode": "562"})).await?;

    let (orders, _) = split(&answers)?;
    assert_eq!(orders.len(), PARALLEL);
    let ids: BTreeSet<_> = orders.iter().map(|order| order.id.as_str()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let order = home
        .succeeded(&orders.first().context("one order")?.id)
        .await?;
    assert_eq!(home.client.orders().await?.items.len(), 1);
    bought_once(&scene, &order).await
}

/// The carrier sold one number under this order's name, and it is the order's.
async fn bought_once(scene: &Scene, order: &Order) -> Result<()> {
    let ledger = scene.simulator.ledger().await?;
    let bought: Vec<_> = ledger
        .of(numberline_simulator::Kind::Purchase)
        .filter(|entry| entry.reference.as_deref() == Some(order.id.as_str()))
        .map(|entry| entry.number.clone())
        .collect();
    ensure!(
        bought == [order.number.clone()],
        "bought were {bought:?} for {order:?}"
    );
    Ok(())
}
