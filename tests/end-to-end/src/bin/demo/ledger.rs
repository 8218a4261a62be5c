//! What the carrier wrote down, before and after.

use anyhow::{Result, ensure};
use numberline_end_to_end::Stack;
use numberline_simulator::{Kind, Ledger};

use crate::{Owner, tale::Tale};

/// Numbers the story's area code shall have, however often it was told before.
const SHELF: usize = 30;

/// The ledger before the story.
pub(crate) async fn open(tale: &mut Tale, stack: &Stack) -> Result<Ledger> {
    let simulator = stack.simulator();
    let opened = async {
        simulator.stock("512", SHELF).await?;
        simulator.ledger().await
    };
    tale.step("opening the carrier's ledger", opened, |ledger| {
        let purchases = ledger.total(Kind::Purchase);
        format!("the carrier's ledger is open, {purchases} purchases in it")
    })
    .await
}

/// What came to the ledger is the story's purchases, each for its own order, and nothing else that costs money.
pub(crate) async fn close(
    tale: &mut Tale,
    stack: &Stack,
    before: &Ledger,
    owners: &[&Owner],
) -> Result<()> {
    tale.chapter("The carrier's ledger")?;
    let after = tale
        .step(
            "closing the carrier's ledger",
            async { stack.simulator().ledger().await },
            |after| {
                let more = after.entries.len() - before.entries.len();
                format!("the carrier's ledger has {more} entries more")
            },
        )
        .await?;
    let bought: Vec<(String, String)> = after
        .of(Kind::Purchase)
        .skip(before.of(Kind::Purchase).count())
        .map(|entry| {
            let text = |part: &Option<String>| part.clone().unwrap_or_default();
            (text(&entry.number), text(&entry.reference))
        })
        .collect();
    let wanted: Vec<_> = owners
        .iter()
        .map(|owner| (owner.number.clone(), owner.order.id.clone()))
        .collect();
    ensure!(
        bought == wanted,
        "bought were {bought:?}, and {wanted:?} were ordered"
    );
    let released = after.total(Kind::Release) - before.total(Kind::Release);
    ensure!(released == 0, "{released} numbers were released early");
    for owner in owners {
        tale.line(&format!(
            "{:13}{} was bought once, for {}",
            "", owner.display, owner.name
        ))?;
    }
    Ok(())
}
