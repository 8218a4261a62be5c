//! What members may do, and what only admins may.

use anyhow::{Context, Result};
use http::Method;
use numberline_end_to_end::{
    Ask, fresh_key,
    views::{Message, Problem},
};
use serde_json::{Value, json};

use crate::scene::Scene;

const ADMIN: &str = "dora";
const MEMBER: &str = "cleo";

#[tokio::test]
async fn a_member_reads_and_writes_but_nothing_that_costs_money() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace_of("enterprise", Some(ADMIN)).await?;
    let mut member = scene.identity(MEMBER)?;
    if let Some(fields) = member.as_object_mut() {
        fields.insert("role".to_owned(), json!("member"));
    }
    let members = format!("/api/workspaces/{}/members", home.id);
    let admin = scene.stack.person(ADMIN)?.workspace(&home.id);
    let _added: Value = admin.post(&members, &member, 201).await?;
    let number = scene.buy(&home, "458").await?;
    let client = scene.stack.person(MEMBER)?.workspace(&home.id);

    let seen = client.numbers().await?.items;
    assert_eq!(seen, std::slice::from_ref(&number));
    assert_eq!(client.orders().await?.items.len(), 1);
    let text = json!({"channel": "sms", "to": "+14155550162", "body": "from a member"});
    let path = "/api/communications";
    let sent: Message = client.pay(path, &fresh_key()?, &text, 202).await?;
    assert_eq!(sent.from, number.number);

    let number_path = format!("/api/phone-numbers/{}", number.id);
    let orders = client.orders().await?.items;
    let order = orders.first().context("the number's order")?;
    let order = |wish: &str| format!("/api/orders/{}/{wish}", order.id);
    let provision = "/api/phone-numbers/provision";
    let workspace = format!("/api/workspaces/{}", home.id);
    for (what, ask) in [
        (
            "buying",
            Ask::new(Method::POST, provision)
                .key(&fresh_key()?)
                .json(&json!({"areaCode": "458"}))?,
        ),
        ("releasing", Ask::new(Method::DELETE, &number_path)),
        (
            "routing",
            Ask::new(Method::PATCH, &number_path).json(&json!({"label": "x"}))?,
        ),
        (
            "renaming",
            Ask::new(Method::PATCH, &workspace).json(&json!({"name": "x"}))?,
        ),
        ("inviting", Ask::new(Method::POST, &members).json(&member)?),
        ("canceling", Ask::new(Method::POST, &order("cancel"))),
        ("trying again", Ask::new(Method::POST, &order("retry"))),
        ("deleting", Ask::new(Method::DELETE, &workspace)),
    ] {
        let answer = client.send(ask).await?.expect(403)?;
        assert_eq!(answer.read::<Problem>()?.code, "admin_only", "{what}");
    }

    assert_eq!(home.client.numbers().await?.items, [number]);
    assert_eq!(home.client.orders().await?.items.len(), 1);
    Ok(())
}
