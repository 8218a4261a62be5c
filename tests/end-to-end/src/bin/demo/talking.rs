//! A text comes in, and the answer goes out.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use numberline_end_to_end::{
    Stack, fresh_key, until,
    views::{Conversation, Message},
};

use crate::{Owner, tale::Tale};

/// Set aside for fiction, and nobody's here.
const CUSTOMER: &str = "+14155550142";
const QUESTION: &str = "Hello, are you open on Sunday?";
const REPLY: &str = "We are, from nine to one.";

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn a_customer_writes(
    tale: &mut Tale,
    stack: &Stack,
    ada: &Owner,
    ben: &Owner,
) -> Result<Conversation> {
    tale.chapter("A customer texts Ben")?;
    let delivered = tale
        .step(
            "the carrier delivers a text",
            async {
                let simulator = stack.simulator();
                simulator.receive(CUSTOMER, &ben.number, QUESTION).await
            },
            |_| format!("the carrier delivers \"{QUESTION}\", signed"),
        )
        .await?;
    ensure!(
        delivered.status == Some(200),
        "the webhook was answered with {:?}: {}",
        delivered.status,
        delivered.body
    );
    let conversation = tale
        .step(
            "the text shows up in Ben's conversations",
            until("the conversation is listed", PATIENCE, async || {
                Ok(ben.client.conversations().await?.items.into_iter().next())
            }),
            |_| "it is in Ben's conversation with that customer".to_owned(),
        )
        .await?;
    ensure!(
        conversation.number == ben.number
            && conversation.customer == CUSTOMER
            && conversation.last_message == QUESTION,
        "it is in another conversation: {conversation:?}"
    );
    let [message] = <[Message; 1]>::try_from(ben.client.messages(&conversation.id).await?.items)
        .ok()
        .context("the conversation does not hold exactly one message")?;
    ensure!(
        message.direction == "inbound"
            && message.from == CUSTOMER
            && message.to == ben.number
            && message.body == QUESTION,
        "it is another message: {message:?}"
    );
    ensure!(
        ada.client.conversations().await?.items.is_empty(),
        "Ada has a conversation, and nobody wrote to her"
    );
    Ok(conversation)
}

pub(crate) async fn ben_replies(
    tale: &mut Tale,
    stack: &Stack,
    ben: &Owner,
    conversation: &Conversation,
) -> Result<()> {
    let key = fresh_key()?;
    let sent = tale
        .step(
            "Ben replies",
            ben.client.text(&key, CUSTOMER, REPLY),
            |sent| format!("Ben replies \"{REPLY}\" ({})", sent.status),
        )
        .await?;
    ensure!(
        sent.from == ben.number && sent.conversation_id == conversation.id,
        "the reply left from {} in {}",
        sent.from,
        sent.conversation_id
    );
    let watched = until("the reply is delivered", PATIENCE, async || {
        let messages = ben.client.messages(&conversation.id).await?.items;
        let reply = messages.into_iter().find(|message| message.id == sent.id);
        Ok(reply.filter(|reply| reply.status == "delivered"))
    });
    tale.step("the reply is delivered", watched, |_| {
        "the carrier has delivered it, and Ben can see that".to_owned()
    })
    .await?;
    let history = stack.simulator().history(&ben.number).await?;
    let handed_over = history
        .iter()
        .filter(|entry| entry.kind == numberline_simulator::Kind::Message);
    ensure!(
        handed_over.count() == 1,
        "the carrier was not handed exactly one message"
    );
    Ok(())
}
