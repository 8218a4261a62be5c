//! Who is let in, and what is another workspace's.

use anyhow::{Context, Result};
use http::Method;
use numberline_end_to_end::{
    Ask, Client, fresh_key,
    views::{Me, Problem},
};
use serde_json::{Value, json};

use crate::scene::{Home, Scene};

/// Belongs to no workspace, in any test.
const NOBODYS_MEMBER: &str = "fred";
/// Belongs to workspaces of these tests, but never to the one they ask about.
const STRANGER: &str = "cleo";

/// The template that was deployed.
const TEMPLATE: &str = include_str!("../../../../template.yaml");

/// Every route of the template: its method, and its path with the placeholders' names in their places.
fn routes() -> Result<Vec<(Method, String)>> {
    let events = TEMPLATE
        .lines()
        .filter(|line| line.contains("Type: HttpApi"));
    let route = |line: &str| {
        let line = line.replace(['"', ',', '{', '}'], "");
        let after = |name| {
            line.split_whitespace()
                .skip_while(|word| *word != name)
                .nth(1)
        };
        Some((after("Method:")?.parse().ok()?, after("Path:")?.to_owned()))
    };
    let routes = events.map(|line| route(line).with_context(|| format!("not read: {line}")));
    routes.collect()
}

#[tokio::test]
async fn without_a_token_every_route_is_401() -> Result<()> {
    let scene = Scene::beside().await?;
    let nobody = scene.stack.nobody();
    let routes = routes()?;
    assert!(routes.contains(&(
        Method::GET,
        "/api/phone-numbers/id/release-preview".to_owned()
    )));
    for (method, path) in routes {
        let answer = nobody.send(Ask::new(method, &path)).await?.expect(401)?;
        let body: Value = answer.read()?;
        assert!(body.get("message").is_some(), "{path}: {body}");
    }
    Ok(())
}

#[tokio::test]
async fn tokens_that_are_wrong_in_one_thing_are_401() -> Result<()> {
    let scene = Scene::beside().await?;
    let refused = &scene.stack.description.identity.refused_tokens;
    for token in [
        &refused.expired,
        &refused.wrong_issuer,
        &refused.wrong_audience,
        &refused.wrong_signature,
    ] {
        let _refusal: Value = scene.stack.bearer(token).get("/api/me", 401).await?;
    }
    // They are copies of hers, so that nothing else can be why.
    let _me: Me = scene.stack.person("ada")?.me().await?;
    Ok(())
}

#[tokio::test]
async fn a_caller_in_no_workspace_or_in_several_must_name_one() -> Result<()> {
    let scene = Scene::beside().await?;
    for _ in 0..2 {
        scene.workspace_of("starter", Some("emil")).await?;
    }
    for name in [NOBODYS_MEMBER, "emil"] {
        let person = scene.stack.person(name)?;
        for path in [
            "/api/orders",
            "/api/phone-numbers",
            "/api/conversations",
            "/api/phone-numbers/search?areaCode=512",
        ] {
            let problem: Problem = person.get(path, 400).await?;
            assert_eq!(problem.code, "workspace_required", "{name} {path}");
        }
        let wish = json!({"areaCode": "512"});
        let path = "/api/phone-numbers/provision";
        let problem: Problem = person.pay(path, &fresh_key()?, &wish, 400).await?;
        assert_eq!(problem.code, "workspace_required", "{name} {path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_self_service_enterprise_is_403_and_founds_nothing() -> Result<()> {
    let scene = Scene::beside().await?;
    let person = scene.stack.person(NOBODYS_MEMBER)?;
    let wish = json!({"name": "Big", "plan": "enterprise"});
    let path = "/api/workspaces";
    let problem: Problem = person.pay(path, &fresh_key()?, &wish, 403).await?;
    assert_eq!(problem.code, "plan_not_allowed");
    assert!(person.me().await?.workspaces.is_empty());
    Ok(())
}

/// A workspace with a number, an order, and a conversation.
struct Belongings {
    order: String,
    number: String,
    number_id: String,
    conversation: String,
}

async fn furnish(scene: &Scene, home: &Home) -> Result<Belongings> {
    const CUSTOMER: &str = "+14155550161";
    let number = scene.buy(home, "434").await?;
    scene
        .simulator
        .receive(CUSTOMER, &number.number, "for you alone")
        .await?;
    Ok(Belongings {
        conversation: home.conversation_with(CUSTOMER).await?.id,
        order: number.order_id,
        number_id: number.id,
        number: number.number,
    })
}

#[tokio::test]
async fn what_is_another_workspaces_is_404() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("enterprise").await?;
    let theirs = furnish(&scene, &home).await?;
    let own = scene.workspace_of("pro", Some(STRANGER)).await?;
    let stranger = scene.stack.person(STRANGER)?;

    // In a workspace of their own, by the id; then naming the other's workspace; and the backend in the wrong one.
    for client in [
        stranger.workspace(&own.id),
        stranger.workspace(&home.id),
        own.client.clone(),
    ] {
        nothing_is_there(&client, &theirs).await?;
    }
    let foreign: Problem = stranger
        .get(&format!("/api/workspaces/{}", home.id), 404)
        .await?;
    assert_eq!(foreign.code, "not_found");
    let text =
        json!({"channel": "sms", "to": "+14155550161", "from": theirs.number, "body": "mine"});
    let path = "/api/communications";
    let problem: Problem = own.client.pay(path, &fresh_key()?, &text, 400).await?;
    assert_eq!(problem.code, "sender_not_ours");

    let number = home.client.number(&theirs.number_id).await?;
    assert_eq!((number.status.as_str(), number.label), ("active", None));
    let messages = home.client.messages(&theirs.conversation).await?;
    assert_eq!(messages.items.len(), 1);
    Ok(())
}

async fn nothing_is_there(client: &Client, theirs: &Belongings) -> Result<()> {
    let number = format!("/api/phone-numbers/{}", theirs.number_id);
    let reads = [
        format!("/api/orders/{}", theirs.order),
        number.clone(),
        format!("{number}/release-preview"),
        format!("/api/conversations/{}/messages", theirs.conversation),
    ];
    for path in reads {
        let problem: Problem = client.get(&path, 404).await?;
        assert_eq!(problem.code, "not_found", "{path}");
    }
    let label = json!({"label": "mine now"});
    let problem: Problem = client.patch(&number, &label, 404).await?;
    assert_eq!(problem.code, "not_found");
    let problem: Problem = client.delete(&number, 404).await?;
    assert_eq!(problem.code, "not_found");
    Ok(())
}

#[tokio::test]
async fn a_workspace_that_is_not_there_and_one_that_is_another_s_look_the_same() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("starter").await?;
    let stranger = scene.stack.person(NOBODYS_MEMBER)?;
    let absent = home.id.chars().rev().collect::<String>();
    let mut details = Vec::new();
    for id in [&home.id, &absent, &"nonsense".to_owned()] {
        let problem: Problem = stranger.workspace(id).get("/api/orders", 404).await?;
        details.push((problem.code, problem.detail));
    }
    details.dedup();
    assert_eq!(details.len(), 1, "{details:?}");
    let (code, _) = details.first().context("an answer")?;
    assert_eq!(code, "not_found");
    Ok(())
}
