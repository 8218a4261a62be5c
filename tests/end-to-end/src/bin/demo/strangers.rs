//! What is Ben's is nobody else's to see.

use anyhow::{Result, ensure};
use numberline_end_to_end::{
    Client, Stack,
    views::{Conversation, Problem},
};
use serde_json::json;

use crate::{Owner, tale::Tale};

pub(crate) async fn see_nothing(
    tale: &mut Tale,
    stack: &Stack,
    player: &str,
    ada: &Owner,
    ben: &Owner,
    conversation: &Conversation,
) -> Result<()> {
    tale.chapter("Others see none of it")?;
    let cleo = stack.person(player)?;
    let wish = json!({"name": "Cleo's Studio", "plan": "starter"});
    let signed_up = cleo.found(&wish).await?;
    ensure!(
        signed_up.order.is_none(),
        "a number was ordered on a plan without one"
    );
    for (name, stranger) in [("Cleo", &cleo), (ada.name, &ada.client)] {
        tale.step(
            format!("{name} asks for what is Ben's"),
            nothing_is_found(stranger, ben, conversation),
            |()| format!("{name} asks for Ben's order, number, conversation: not found"),
        )
        .await?;
    }
    tale.step(
        "Cleo looks at her own lists",
        lists_are_empty(&cleo),
        |()| "Cleo's own lists are empty".to_owned(),
    )
    .await?;
    tale.step(
        "Cleo names Ben's workspace",
        cleo.workspace(&ben.workspace)
            .get::<Problem>("/api/phone-numbers", 404),
        |_| "Cleo names Ben's workspace: not found".to_owned(),
    )
    .await?;
    Ok(())
}

async fn nothing_is_found(
    stranger: &Client,
    ben: &Owner,
    conversation: &Conversation,
) -> Result<()> {
    for path in [
        format!("/api/orders/{}", ben.order.id),
        format!("/api/phone-numbers/{}", ben.number_id),
        format!("/api/conversations/{}/messages", conversation.id),
        format!("/api/workspaces/{}", ben.workspace),
    ] {
        let problem: Problem = stranger.get(&path, 404).await?;
        ensure!(
            problem.code == "not_found",
            "{path} is refused as {}",
            problem.code
        );
    }
    Ok(())
}

async fn lists_are_empty(stranger: &Client) -> Result<()> {
    ensure!(stranger.orders().await?.items.is_empty(), "orders");
    ensure!(stranger.numbers().await?.items.is_empty(), "numbers");
    ensure!(
        stranger.conversations().await?.items.is_empty(),
        "conversations"
    );
    Ok(())
}
