//! `demo`: the main story against the running stack, with people and timings. Ends in one line of JSON; the exit code
//! is 0 only when everything in it held.

mod giving_back;
mod ledger;
mod signing_up;
mod strangers;
mod tale;
mod talking;

use std::process::ExitCode;

use anyhow::Result;
use numberline_end_to_end::{Client, Stack, views::Order};
use serde::Serialize;

use tale::Tale;

/// Somebody with a workspace and a number in it.
#[derive(Debug)]
struct Owner {
    name: &'static str,
    client: Client,
    workspace: String,
    order: Order,
    number_id: String,
    number: String,
    display: String,
}

/// What the story counts.
#[derive(Debug, Serialize)]
struct Counts {
    purchases: usize,
    orders: usize,
    messages: usize,
}

/// The last line.
#[derive(Debug, Serialize)]
struct Summary<'a, T> {
    ok: bool,
    seconds: f64,
    #[serde(flatten)]
    rest: &'a T,
}

/// Where the story ended early, and why.
#[derive(Debug, Serialize)]
struct Failure {
    step: String,
    error: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let mut tale = Tale::begin();
    match tell(&mut tale).await {
        Ok(counts) => {
            end(&tale, true, &counts)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            let (step, error) = (tale.step_now().to_owned(), format!("{error:#}"));
            tale.line(&format!("\nThe story ends early, at \"{step}\": {error}"))?;
            end(&tale, false, &Failure { step, error })?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn end(tale: &Tale, ok: bool, rest: &impl Serialize) -> Result<()> {
    let seconds = tale.seconds();
    let summary = serde_json::to_string(&Summary { ok, seconds, rest })?;
    tale.line(&format!("\n{summary}"))
}

async fn tell(tale: &mut Tale) -> Result<Counts> {
    let stack = Stack::from_environment()?;
    tale.line(&format!(
        "Numberline at {}, buying from {}.",
        stack.description.origin, stack.description.simulator
    ))?;
    let before = ledger::open(tale, &stack).await?;
    let cast = signing_up::find_people(tale, &stack).await?;
    let ada = signing_up::ada_gets_a_number(tale, &stack, &cast.ada).await?;
    let ben = signing_up::ben_chooses_a_number(tale, &stack, &cast.ben).await?;
    let conversation = talking::a_customer_writes(tale, &stack, &ada, &ben).await?;
    talking::ben_replies(tale, &stack, &ben, &conversation).await?;
    strangers::see_nothing(tale, &stack, &cast.cleo, &ada, &ben, &conversation).await?;
    let release = giving_back::ben_gives_it_back(tale, &stack, &ben).await?;
    ledger::close(tale, &stack, &before, &[&ada, &ben]).await?;
    Ok(Counts {
        purchases: 2,
        orders: [&ada.order, &ben.order, &release].len(),
        messages: 2,
    })
}
