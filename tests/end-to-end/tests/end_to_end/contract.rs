//! What clients rely on beside the bodies: headers, and what a browser is allowed.

use anyhow::Result;
use http::Method;
use numberline_end_to_end::{
    Ask, fresh_key,
    views::{Order, Page},
};
use serde_json::{Value, json};

use crate::scene::Scene;

const PROVISION: &str = "/api/phone-numbers/provision";

#[tokio::test]
async fn an_order_says_where_and_when_to_look_for_it() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("enterprise").await?;
    scene.stock("503", 3).await?;
    let ask = Ask::new(Method::POST, PROVISION).key(&fresh_key()?);
    let ask = ask.json(&json!({"areaCode": "503"}))?;

    let accepted = home.client.send(ask).await?.expect(202)?;

    let order: Order = accepted.read()?;
    let seconds: u32 = accepted.header("retry-after").parse()?;
    assert!(seconds >= 1);
    let there: Order = home.client.get(accepted.header("location"), 200).await?;
    assert_eq!(there.id, order.id);
    home.succeeded(&order.id).await?;
    Ok(())
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page_to_its_end() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("enterprise").await?;
    scene.stock("505", 5).await?;
    let mut placed = Vec::new();
    for _ in 0..3 {
        let wish = json!({"areaCode": "505"});
        let order = home.client.provision(&fresh_key()?, &wish).await?;
        home.succeeded(&order.id).await?;
        placed.push(order.id);
    }

    let mut seen = Vec::new();
    let mut path = "/api/orders?limit=1".to_owned();
    loop {
        let page: Page<Order> = home.client.get(&path, 200).await?;
        assert!(page.items.len() <= 1);
        seen.extend(page.items.into_iter().map(|order| order.id));
        let Some(cursor) = page.next_cursor else {
            break;
        };
        assert!(seen.len() <= placed.len(), "the list has no end");
        path = format!("/api/orders?limit=1&cursor={cursor}");
    }

    seen.sort_unstable();
    placed.sort_unstable();
    assert_eq!(seen, placed);
    Ok(())
}

#[tokio::test]
async fn a_browser_may_call_from_the_web_app_and_from_nowhere_else() -> Result<()> {
    let scene = Scene::beside().await?;
    let nobody = scene.stack.nobody();
    let preflight = |origin: &str| {
        Ask::new(Method::OPTIONS, PROVISION)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,idempotency-key",
            )
    };
    let origin = &scene.stack.description.origin;
    let ours = nobody.send(preflight(origin)).await?.expect(204)?;
    assert_eq!(ours.header("access-control-allow-origin"), origin);
    let allowed = ours.header("access-control-allow-headers");
    for header in [
        "authorization",
        "content-type",
        "idempotency-key",
        "x-workspace-id",
    ] {
        assert!(allowed.contains(header), "{allowed}");
    }
    let theirs = nobody.send(preflight("https://elsewhere.example")).await?;
    assert_eq!(theirs.header("access-control-allow-origin"), "");

    let ask = Ask::new(Method::GET, "/api/me").header("origin", origin.as_str());
    let answer = scene.stack.person("ada")?.send(ask).await?.expect(200)?;
    let _me: Value = answer.read()?;
    let exposed = answer.header("access-control-expose-headers");
    assert!(
        exposed.contains("location") && exposed.contains("retry-after"),
        "{exposed}"
    );
    Ok(())
}
