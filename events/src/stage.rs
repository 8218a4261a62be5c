//! A function on its stage: what an event is sent to.

use std::{convert::Infallible, fmt::Write as _};

use anyhow::{Context as _, Result, ensure};
use lambda_http::{Body, Request, Response};

use crate::{Answer, HttpEvent, World};

/// What answers requests with the help of an `A`: every HTTP function's `handle`.
pub trait Handle<A>: AsyncFn(&A, Request) -> Result<Response<Body>, Infallible> {}

impl<A, H> Handle<A> for H where H: AsyncFn(&A, Request) -> Result<Response<Body>, Infallible> {}

/// One function, and the world it runs in.
#[derive(Debug)]
pub struct Stage<A, H> {
    /// The world.
    pub world: World,
    /// What the function was started with.
    pub app: A,
    handle: H,
}

impl<A, H: Handle<A>> Stage<A, H> {
    /// `handle`, started with `app` in `world`.
    pub const fn new(world: World, app: A, handle: H) -> Self {
        Self { world, app, handle }
    }

    /// What is answered to `event`.
    pub async fn ask(&self, event: &HttpEvent) -> Result<Answer> {
        let Ok(response) = Box::pin((self.handle)(&self.app, event.request()?)).await;
        Answer::to(event, response)
    }

    /// What is answered to requests that are refused, a line each. Fails where one
    /// is not refused, or changed anything.
    pub async fn refusals<'e>(
        &self,
        events: impl IntoIterator<Item = (&'e str, HttpEvent)>,
    ) -> Result<String> {
        let mut lines = String::new();
        let before = self.world.everything()?;
        for (case, event) in events {
            let answer = self.ask(&event).await;
            let answer = answer.with_context(|| case.to_owned())?;
            ensure!(!answer.status().is_success(), "{case}: {answer}");
            let after = self.world.everything()?;
            ensure!(after == before, "{case}: something changed");
            writeln!(lines, "{case}: {}", answer.in_short()?)?;
        }
        Ok(lines)
    }
}
