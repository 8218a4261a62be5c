//! Two ways to a number: by itself at signing up, and chosen.

use anyhow::{Context, Result, ensure};
use numberline_end_to_end::{
    Client, Stack, fresh_key,
    views::{Number, Order, SignedUp},
};
use serde_json::json;

use crate::{Owner, tale::Tale};

/// Short names of the people who play.
#[derive(Debug)]
pub(crate) struct Cast {
    pub(crate) ada: String,
    pub(crate) ben: String,
    pub(crate) cleo: String,
}

/// People in no workspace yet: on a stack where the story was told before, others play.
pub(crate) async fn find_people(tale: &mut Tale, stack: &Stack) -> Result<Cast> {
    let found = tale.step(
        "finding three people",
        stack.newcomers(&["ada", "ben"], 3),
        |found| {
            format!(
                "Ada, Ben and Cleo come in (here called {})",
                found.join(", ")
            )
        },
    );
    let [ada, ben, cleo] = <[String; 3]>::try_from(found.await?)
        .ok()
        .context("three people are needed")?;
    Ok(Cast { ada, ben, cleo })
}

pub(crate) async fn ada_gets_a_number(
    tale: &mut Tale,
    stack: &Stack,
    player: &str,
) -> Result<Owner> {
    tale.chapter("Ada signs up on the pro plan, and her number comes by itself")?;
    let client = stack.person(player)?;
    let wish = json!({"name": "Ada's Bakery", "plan": "pro"});
    let signed_up = tale
        .step("Ada signs up", client.found(&wish), |signed_up| {
            format!("Ada has founded {}", signed_up.workspace.name)
        })
        .await?;
    let order = signed_up.order.as_ref();
    let order = order.context("no number was ordered at signing up")?;
    let ended = tale
        .follow("Ada's number is bought", &client, &order.id)
        .await?;
    own(tale, "Ada", client, &signed_up, ended).await
}

pub(crate) async fn ben_chooses_a_number(
    tale: &mut Tale,
    stack: &Stack,
    player: &str,
) -> Result<Owner> {
    tale.chapter("Ben's company is on the enterprise plan, and chooses")?;
    let user = stack.user(player)?;
    let wish = json!({
        "name": "Ben & Company",
        "plan": "enterprise",
        "admin": {"issuer": stack.description.identity.issuer, "subject": user.sub},
        "number": {"mode": "choose"},
    });
    let signed_up = tale
        .step(
            "the backend founds Ben's workspace",
            async { stack.backend().found(&wish).await },
            |signed_up| format!("the backend has founded {}", signed_up.workspace.name),
        )
        .await?;
    ensure!(
        signed_up.order.is_none(),
        "a number was ordered though one was to be chosen"
    );
    let client = stack.person(player)?;
    let found = tale
        .step("Ben searches 512", client.search("512", 5), |found| {
            format!("512 has {} numbers to show", found.items.len())
        })
        .await?;
    let chosen = found.items.first().context("512 has no numbers")?;
    let order = claim_twice(tale, &client, &chosen.number, &chosen.display).await?;
    let ended = tale
        .follow("Ben's number is bought", &client, &order.id)
        .await?;
    ensure!(
        ended.number.as_deref() == Some(chosen.number.as_str()),
        "Ben chose {} and got {:?}",
        chosen.number,
        ended.number
    );
    own(tale, "Ben", client, &signed_up, ended).await
}

/// The same request once more, as after an answer that was lost on its way.
async fn claim_twice(
    tale: &mut Tale,
    client: &Client,
    number: &str,
    display: &str,
) -> Result<Order> {
    let key = fresh_key()?;
    let first = tale
        .step("Ben claims a number", client.claim(&key, number), |_| {
            format!("Ben claims {display}")
        })
        .await?;
    let second = tale
        .step(
            "Ben sends the same Idempotency-Key again",
            client.claim(&key, number),
            |_| "Ben sends the same Idempotency-Key again: the same order".to_owned(),
        )
        .await?;
    ensure!(
        first.id == second.id,
        "the same key placed {} and then {}",
        first.id,
        second.id
    );
    Ok(first)
}

/// The number of an order that succeeded, in its workspace.
async fn own(
    tale: &mut Tale,
    name: &'static str,
    client: Client,
    signed_up: &SignedUp,
    order: Order,
) -> Result<Owner> {
    ensure!(
        order.status == "succeeded" && order.step == "active" && order.percent == 100,
        "order {} ended as {} at {}, {} %: {:?}",
        order.id,
        order.status,
        order.step,
        order.percent,
        order.problem
    );
    let number = tale
        .step(
            format!("{name} looks at the numbers"),
            client.numbers(),
            |numbers| {
                let displays = numbers.items.iter().map(|number| number.display.as_str());
                let displays: Vec<_> = displays.collect();
                format!("{name} has {}", displays.join(", "))
            },
        )
        .await?;
    let [
        Number {
            id,
            number,
            display,
            status,
            order_id,
            ..
        },
    ] = number.items.as_slice()
    else {
        anyhow::bail!("{name} has {} numbers instead of one", number.items.len());
    };
    ensure!(
        status == "active" && *order_id == order.id,
        "{number} is {status}, from order {order_id}"
    );
    Ok(Owner {
        name,
        workspace: signed_up.workspace.id.clone(),
        number_id: id.clone(),
        number: number.clone(),
        display: display.clone(),
        client,
        order,
    })
}
