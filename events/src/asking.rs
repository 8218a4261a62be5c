//! Sending events to handlers.

use std::{convert::Infallible, fmt::Write as _, time::Duration};

use anyhow::{Context as _, Result, ensure};
use lambda_http::{Body, Request, Response};
use lambda_runtime::{Context, LambdaEvent};
use serde_json::Value;

use crate::{Answer, HttpEvent, World};

/// How long an invocation may take.
const TIMEOUT: Duration = Duration::from_secs(90);

/// What `handle` answers to `event`.
pub async fn ask(
    event: &HttpEvent,
    handle: impl AsyncFn(Request) -> Result<Response<Body>, Infallible>,
) -> Result<Answer> {
    let Ok(response) = Box::pin(handle(event.request()?)).await;
    Answer::to(event, response)
}

/// What `handle` answers to requests that are refused, a line each. Fails where one
/// is not refused, or changed anything.
pub async fn refusals<'e>(
    world: &World,
    events: impl IntoIterator<Item = (&'e str, HttpEvent)>,
    handle: impl AsyncFn(Request) -> Result<Response<Body>, Infallible>,
) -> Result<String> {
    let mut lines = String::new();
    let before = world.everything()?;
    for (case, event) in events {
        let answer = ask(&event, &handle).await;
        let answer = answer.with_context(|| case.to_owned())?;
        ensure!(!answer.status().is_success(), "{case}: {answer}");
        ensure!(world.everything()? == before, "{case}: something changed");
        writeln!(lines, "{case}: {}", answer.in_short()?)?;
    }
    Ok(lines)
}

/// The event in `file` as Lambda hands it to a function that has no route.
pub fn invocation<T: serde::de::DeserializeOwned>(
    world: &World,
    file: &str,
) -> Result<LambdaEvent<T>> {
    let event: Value = serde_json::from_str(file)?;
    let mut context = Context::default();
    let deadline = world.lab.clock.time().plus(TIMEOUT);
    context.deadline = u64::try_from(deadline.as_millis())?;
    Ok(LambdaEvent::new(serde_json::from_value(event)?, context))
}
