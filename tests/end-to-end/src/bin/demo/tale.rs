//! Telling: one line for each thing that was done, with the time it took.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use anyhow::Result;
use numberline_end_to_end::{Client, views::Order};

/// An order without faults takes a second; this is for a machine with a lot to do.
const PATIENCE: Duration = Duration::from_mins(2);

/// A story being told.
#[derive(Debug)]
pub(crate) struct Tale {
    began: Instant,
    step: String,
}

impl Tale {
    pub(crate) fn begin() -> Self {
        Self {
            began: Instant::now(),
            step: "finding the stack".to_owned(),
        }
    }

    /// A line as it is.
    #[expect(
        clippy::unused_self,
        reason = "whoever tells a line has the story in hand"
    )]
    pub(crate) fn line(&self, text: &str) -> Result<()> {
        Ok(writeln!(io::stdout(), "{text}")?)
    }

    pub(crate) fn chapter(&self, title: &str) -> Result<()> {
        self.line(&format!("\n{title}"))
    }

    /// Does something, and tells in the past tense what came of it.
    pub(crate) async fn step<T>(
        &mut self,
        doing: impl Into<String>,
        act: impl Future<Output = Result<T>>,
        told: impl FnOnce(&T) -> String,
    ) -> Result<T> {
        self.step = doing.into();
        let began = Instant::now();
        let done = act.await?;
        self.told(began.elapsed().as_millis(), &told(&done))?;
        Ok(done)
    }

    /// Follows an order to its end and tells each of its steps as it passes.
    pub(crate) async fn follow(
        &mut self,
        doing: &str,
        client: &Client,
        order: &str,
    ) -> Result<Order> {
        doing.clone_into(&mut self.step);
        let mut told = 0;
        let show = |seen: &Order| {
            let passed = seen.steps.iter().filter_map(|step| Some((step, step.at?)));
            for (step, at) in passed.skip(told) {
                let after = at.duration_since(seen.created_at).as_millis();
                let text = format!("  {} after {after} ms", step.name.replace('_', " "));
                self.line(&format!("{:13}{text}", ""))?;
                told += 1;
            }
            Ok(())
        };
        client.follow(order, PATIENCE, show).await
    }

    fn told(&self, millis: u128, text: &str) -> Result<()> {
        self.line(&format!("{millis:>8} ms  {text}"))
    }

    /// What was being done last.
    pub(crate) fn step_now(&self) -> &str {
        &self.step
    }

    /// Since the beginning, to a tenth.
    pub(crate) fn seconds(&self) -> f64 {
        (self.began.elapsed().as_secs_f64() * 10.0).round() / 10.0
    }
}
