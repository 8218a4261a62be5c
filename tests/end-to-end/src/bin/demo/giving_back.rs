//! A number is given back, and the carrier keeps it for a while.

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use numberline_end_to_end::{Stack, views::Order};

use crate::{Owner, tale::Tale};

/// Carriers tell times to the second.
const ROUNDING: SignedDuration = SignedDuration::from_secs(1);

pub(crate) async fn ben_gives_it_back(
    tale: &mut Tale,
    stack: &Stack,
    ben: &Owner,
) -> Result<Order> {
    tale.chapter("Ben gives the number back")?;
    let preview = tale
        .step(
            "Ben asks what that means",
            ben.client.release_preview(&ben.number_id),
            |preview| match preview.held_until {
                Some(until) => format!("the carrier would keep it until {}", day(until)),
                None => "the carrier would take it at once".to_owned(),
            },
        )
        .await?;
    ensure!(preview.releasable, "it cannot be released");
    let order = tale
        .step(
            "Ben releases the number",
            ben.client.release(&ben.number_id),
            |_| format!("Ben releases {}", ben.display),
        )
        .await?;
    let order = tale
        .follow("the number is given back", &ben.client, &order.id)
        .await?;
    ensure!(
        order.status == "succeeded" && order.step == "released",
        "the release ended as {} at {}: {:?}",
        order.status,
        order.step,
        order.problem
    );
    let held_until = order.held_until.context("the order names no date")?;
    let filed = filed_as_stock(stack, ben, held_until);
    tale.step("the number is filed as stock", filed, |()| {
        format!(
            "the carrier keeps it until {}: it is stock, and Ben is free of it",
            day(held_until)
        )
    })
    .await?;
    Ok(order)
}

/// The carrier still has it as ours, to the day that the order names, and the workspace does not.
async fn filed_as_stock(stack: &Stack, ben: &Owner, held_until: Timestamp) -> Result<()> {
    let inventory = stack.simulator().inventory().await?;
    let mut held = inventory.numbers.iter();
    let held = held.find(|held| held.number == ben.number);
    let held = held.context("the carrier has the number no more")?;
    let apart = held.releasable_at.duration_since(held_until).abs();
    ensure!(
        apart <= ROUNDING,
        "the carrier keeps it until {}, the order says {held_until}",
        held.releasable_at
    );
    let number = ben.client.number(&ben.number_id).await?;
    ensure!(number.status == "released", "it is {}", number.status);
    let workspace = ben.client.workspace_named(&ben.workspace).await?;
    ensure!(
        workspace.numbers_held == 0,
        "the workspace still holds {} numbers",
        workspace.numbers_held
    );
    Ok(())
}

fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}
