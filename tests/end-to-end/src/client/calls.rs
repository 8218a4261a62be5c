//! The calls of a day that goes well, each with the status it is answered with.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::{Client, fresh_key};
use crate::{
    poll::until,
    views::{
        Available, Conversation, Me, Message, Messages, Number, Order, Page, Preview, SignedUp,
        Workspace,
    },
};

impl Client {
    /// Who the caller is, and their workspaces.
    pub async fn me(&self) -> Result<Me> {
        self.get("/api/me", 200).await
    }

    /// Founds a workspace.
    pub async fn found(&self, workspace: &Value) -> Result<SignedUp> {
        let key = fresh_key()?;
        self.pay("/api/workspaces", &key, workspace, 201).await
    }

    /// The workspace.
    pub async fn workspace_named(&self, id: &str) -> Result<Workspace> {
        self.get(&format!("/api/workspaces/{id}"), 200).await
    }

    /// Numbers for sale in an area code.
    pub async fn search(&self, area_code: &str, limit: u32) -> Result<Page<Available>> {
        let path = format!("/api/phone-numbers/search?areaCode={area_code}&limit={limit}");
        self.get(&path, 200).await
    }

    /// Orders a number.
    pub async fn provision(&self, key: &str, wish: &Value) -> Result<Order> {
        self.pay("/api/phone-numbers/provision", key, wish, 202)
            .await
    }

    /// Orders one number that was chosen.
    pub async fn claim(&self, key: &str, number: &str) -> Result<Order> {
        self.provision(key, &json!({"phoneNumber": number})).await
    }

    /// An order.
    pub async fn order(&self, id: &str) -> Result<Order> {
        self.get(&format!("/api/orders/{id}"), 200).await
    }

    /// The workspace's orders.
    pub async fn orders(&self) -> Result<Page<Order>> {
        self.get("/api/orders", 200).await
    }

    /// Follows an order to its end, showing every state it is seen in.
    pub async fn follow(
        &self,
        id: &str,
        patience: Duration,
        mut show: impl FnMut(&Order) -> Result<()>,
    ) -> Result<Order> {
        until(&format!("order {id} ends"), patience, async || {
            let order = self.order(id).await?;
            show(&order)?;
            Ok(order.has_ended().then_some(order))
        })
        .await
    }

    /// Follows an order to its end.
    pub async fn ended(&self, id: &str, patience: Duration) -> Result<Order> {
        self.follow(id, patience, |_| Ok(())).await
    }

    /// The workspace's numbers.
    pub async fn numbers(&self) -> Result<Page<Number>> {
        self.get("/api/phone-numbers", 200).await
    }

    /// A number.
    pub async fn number(&self, id: &str) -> Result<Number> {
        self.get(&format!("/api/phone-numbers/{id}"), 200).await
    }

    /// What releasing a number would mean.
    pub async fn release_preview(&self, id: &str) -> Result<Preview> {
        let path = format!("/api/phone-numbers/{id}/release-preview");
        self.get(&path, 200).await
    }

    /// Gives a number back.
    pub async fn release(&self, id: &str) -> Result<Order> {
        self.delete(&format!("/api/phone-numbers/{id}"), 202).await
    }

    /// Sends a text from the workspace's number.
    pub async fn text(&self, key: &str, to: &str, body: &str) -> Result<Message> {
        let text = json!({"channel": "sms", "to": to, "body": body});
        self.pay("/api/communications", key, &text, 202).await
    }

    /// The workspace's conversations.
    pub async fn conversations(&self) -> Result<Page<Conversation>> {
        self.get("/api/conversations", 200).await
    }

    /// A conversation with its newest messages.
    pub async fn messages(&self, conversation: &str) -> Result<Messages> {
        let path = format!("/api/conversations/{conversation}/messages");
        self.get(&path, 200).await
    }
}
