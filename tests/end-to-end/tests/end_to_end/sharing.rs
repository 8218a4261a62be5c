//! Workspaces without a number of their own, and a customer whom two of them know.

use anyhow::{Context, Result};
use http::Method;
use numberline_end_to_end::{
    Ask, fresh_key, until,
    views::{Message, Problem},
};
use serde_json::{Value, json};

use crate::scene::{Home, PATIENCE, Scene};

const CUSTOMER: &str = "+14155550183";

/// A number of the platform's own, lent.
async fn lent(scene: &Scene, home: &Home) -> Result<String> {
    let shelf = scene.shelf(home, "440", 1).await?;
    let number = shelf.into_iter().next().context("one is for sale")?;
    scene.simulator.buy_for_the_platform(&number).await?;
    let path = format!("/api/shared-numbers/{}", number.replace('+', "%2B"));
    let asked = Ask::new(Method::PUT, &path);
    let lent: Value = scene
        .stack
        .backend()
        .send(asked)
        .await?
        .expect(200)?
        .read()?;
    assert_eq!(lent.get("status"), Some(&json!("lending")));
    Ok(number)
}

async fn refused(home: &Home, body: &str) -> Result<Problem> {
    let text = json!({"channel": "sms", "to": CUSTOMER, "body": body});
    let text = Ask::new(Method::POST, "/api/communications")
        .key(&fresh_key()?)
        .json(&text)?;
    home.client.send(text).await?.expect(409)?.read()
}

async fn received(home: &Home, body: &str) -> Result<Message> {
    let conversation = home.conversation_with(CUSTOMER).await?;
    until("the text is there", PATIENCE, async || {
        let messages = home.client.messages(&conversation.id).await?.items;
        Ok(messages.into_iter().find(|message| message.body == body))
    })
    .await
}

#[tokio::test]
async fn two_workspaces_one_shared_number_and_a_customer_who_says_stop() -> Result<()> {
    let scene = Scene::beside().await?;
    let (first, second) = (
        scene.workspace("starter").await?,
        scene.workspace("starter").await?,
    );
    let number = lent(&scene, &first).await?;

    let sent = first
        .client
        .text(&fresh_key()?, CUSTOMER, "Your table is ready")
        .await?;
    assert_eq!(sent.from, number);
    assert_eq!(
        refused(&second, "Hello").await?.code,
        "shared_numbers_taken"
    );

    scene
        .simulator
        .receive(CUSTOMER, &number, "On my way")
        .await?;
    assert_eq!(received(&first, "On my way").await?.direction, "inbound");
    assert!(second.client.conversations().await?.items.is_empty());

    scene.simulator.receive(CUSTOMER, &number, "STOP").await?;
    received(&first, "STOP").await?;
    for home in [&first, &second] {
        let problem = refused(home, "One more thing").await?;
        assert_eq!(problem.code, "recipient_opted_out", "{problem:?}");
    }
    scene.simulator.receive(CUSTOMER, &number, "START").await?;
    received(&first, "START").await?;
    first
        .client
        .text(&fresh_key()?, CUSTOMER, "Welcome back")
        .await?;
    Ok(())
}
