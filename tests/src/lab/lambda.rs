//! What Lambda, SQS and the schedule do: they start processes, and start them again.

use std::{
    future::Future,
    sync::{Arc, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result};
use async_trait::async_trait;
use numberline::{
    app::{
        advance::{Left, Stopped, Worker, advance},
        sweep::sweep,
    },
    domain::Timestamp,
    queue::Task,
};

use super::{Books, Lab, Received};
use crate::seam::{Again, Boxed, Second};

/// A world that makes this many processes of one scenario is spinning: an order that is
/// put off for all of its day makes half of them.
const PROCESSES_MAX: u32 = 500;

/// The schedule of the sweep.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// How long after its deadline an order that has not ended is given up on.
const GRACE: Duration = Duration::from_hours(1);

/// How a world came to rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Every order has ended, and nothing is on its way.
    Quiet,
    /// Orders are open, and nothing will ever look at them.
    Forgotten,
    /// Orders are open after their time (P6).
    Overdue,
    /// Processes start without end.
    Spinning,
}

/// Starting processes. Implemented for a shared [`Lab`], because what is started
/// can be started again.
#[async_trait]
pub trait Lambda {
    /// Runs a process: to its end, or to the crash that the schedule has for it.
    async fn run<T: Send>(
        &self,
        kind: &str,
        again: Option<Again>,
        work: impl Future<Output = T> + Send,
    ) -> Option<T>;

    /// Has every message dealt with that is there now.
    async fn work_what_is_due(&self);

    /// Lets everything happen that is on its way, until all is quiet.
    async fn settle(&self) -> Result<Rest>;

    /// Lets everything happen that happens before `until`, and no more.
    async fn settle_until(&self, until: Timestamp) -> Result<()>;

    /// Delivers what was to be delivered a second time when everything is over.
    async fn deliver_late(&self);
}

#[async_trait]
impl Lambda for Arc<Lab> {
    async fn run<T: Send>(
        &self,
        kind: &str,
        again: Option<Again>,
        work: impl Future<Output = T> + Send,
    ) -> Option<T> {
        self.seam.begin(kind, again.clone());
        let work = Box::pin(work);
        let ended = tokio::select! {
            biased;
            ended = work => Some(ended),
            () = self.seam.crashed() => None,
        };
        if ended.is_none() {
            self.seam.note(format!("{kind} died"));
        }
        match (self.seam.finish(), again) {
            (Some(Second::InTurn), Some(again)) => again().await,
            (Some(Second::Late), Some(again)) => self.late().push(again),
            (Some(_) | None, _) => {}
        }
        ended
    }

    async fn work_what_is_due(&self) {
        while let Some(message) = self.queue.receive(self.clock.time()) {
            deliver(self, message).await;
        }
    }

    async fn settle(&self) -> Result<Rest> {
        let before = self.seam.begun();
        loop {
            if let Some(message) = self.queue.receive(self.clock.time()) {
                deliver(self, message).await;
            } else if let Some(rest) = pass_time(self).await? {
                return Ok(rest);
            }
            if self.seam.begun() - before > PROCESSES_MAX {
                return Ok(Rest::Spinning);
            }
        }
    }

    async fn settle_until(&self, until: Timestamp) -> Result<()> {
        while self.clock.time() < until {
            if let Some(message) = self.queue.receive(self.clock.time()) {
                deliver(self, message).await;
                continue;
            }
            let next = next_event(self, &Books::read(&self.tables)?);
            if next.is_none_or(|next| next.at() > until) {
                self.clock.advance_to(until);
            } else if let Some(next) = next {
                happen(self, next).await;
            }
        }
        Ok(())
    }

    async fn deliver_late(&self) {
        let late = std::mem::take(&mut *self.late());
        for again in late {
            again().await;
        }
    }
}

impl Lab {
    fn late(&self) -> std::sync::MutexGuard<'_, Vec<Again>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sandbox that is warm, or a new one.
    fn sandbox(&self) -> Worker {
        let mut warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
        warm.take().unwrap_or_else(|| self.worker())
    }

    /// Hands a message to a worker in a sandbox of its own, outside of every schedule.
    pub async fn work_once(&self, body: &str) -> Result<Left> {
        self.invoke(&self.worker(), body).await
    }

    /// Hands a message to that worker.
    pub(super) async fn invoke(&self, worker: &Worker, body: &str) -> Result<Left> {
        let deadline = self.clock.time().plus(self.figures.worker_timeout);
        let Task::AdvanceOrder(place) =
            serde_json::from_str(body).context("not a message of ours")?;
        let left: Result<Left, Stopped> = Box::pin(advance(worker, &place, deadline)).await;
        Ok(left?)
    }

    fn keep_warm(&self, worker: Worker) {
        let mut warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
        *warm = Some(worker);
    }
}

/// Hands a message to a worker. Whatever does not end well comes again.
async fn deliver(lab: &Arc<Lab>, message: Received) {
    let Received { id, body } = message;
    let second = {
        let (lab, body) = (Arc::clone(lab), body.clone());
        move || -> Boxed<()> {
            let (lab, body) = (Arc::clone(&lab), body.clone());
            Box::pin(async move { drop(work(&lab, &body, None).await) })
        }
    };
    match work(lab, &body, Some(Arc::new(second))).await {
        Some(Ok(_)) => lab.queue.delete(id),
        Some(Err(error)) => lab.seam.note(format!("worker stopped: {error:#}")),
        None => {}
    }
}

/// One invocation of the worker, in a sandbox that is warm if there is one.
fn work(lab: &Arc<Lab>, body: &str, again: Option<Again>) -> Boxed<Option<Result<Left>>> {
    let (lab, body) = (Arc::clone(lab), body.to_owned());
    Box::pin(async move {
        let worker = lab.sandbox();
        let ended = lab.run("worker", again, lab.invoke(&worker, &body)).await;
        if let Some(ended) = &ended {
            lab.keep_warm(worker);
            lab.seam.note(format!("worker left it: {ended:?}"));
        }
        ended
    })
}

/// Lets time pass until the next message or the next sweep that finds something.
/// Sweeps that would find nothing are left out: they change nothing.
async fn pass_time(lab: &Arc<Lab>) -> Result<Option<Rest>> {
    let books = Books::read(&lab.tables)?;
    let now = lab.clock.time();
    let open = books.open_orders();
    if open.is_empty() && lab.queue.next_visible().is_none() {
        return Ok(Some(Rest::Quiet));
    }
    if open.iter().any(|order| now > order.deadline.plus(GRACE)) {
        return Ok(Some(Rest::Overdue));
    }
    match next_event(lab, &books) {
        None => Ok(Some(Rest::Forgotten)),
        Some(next) => {
            happen(lab, next).await;
            Ok(None)
        }
    }
}

/// What happens next by itself.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// A message can be received.
    Message(Timestamp),
    /// A sweep finds something.
    Sweep(Timestamp),
}

impl Next {
    fn at(self) -> Timestamp {
        match self {
            Self::Message(at) | Self::Sweep(at) => at,
        }
    }
}

fn next_event(lab: &Lab, books: &Books) -> Option<Next> {
    let now = lab.clock.time();
    let message = lab.queue.next_visible();
    let sweep = books.next_wake().map(|due| sweep_after(due.max(now)));
    match (message, sweep) {
        (Some(message), Some(sweep)) if sweep <= message => Some(Next::Sweep(sweep)),
        (Some(message), _) => Some(Next::Message(message)),
        (None, sweep) => sweep.map(Next::Sweep),
    }
}

async fn happen(lab: &Arc<Lab>, next: Next) {
    lab.clock.advance_to(next.at());
    match next {
        Next::Message(_) => {}
        Next::Sweep(_) => sweep_once(lab).await,
    }
}

/// The first sweep at which what is due at `due` is found.
fn sweep_after(due: Timestamp) -> Timestamp {
    let every = i64::try_from(SWEEP_EVERY.as_millis()).unwrap_or(i64::MAX);
    let rounds = due.as_millis().div_euclid(every) + 1;
    Timestamp::from_millis(rounds.saturating_mul(every))
}

async fn sweep_once(lab: &Arc<Lab>) {
    let second = {
        let lab = Arc::clone(lab);
        move || swept(&lab, None)
    };
    swept(lab, Some(Arc::new(second))).await;
}

/// One invocation of the sweep.
fn swept(lab: &Arc<Lab>, again: Option<Again>) -> Boxed<()> {
    let lab = Arc::clone(lab);
    Box::pin(async move {
        let (core, queue, clock) = (lab.core(), lab.order_queue(), lab.clock());
        let invocation = async { sweep(&core, &queue, &clock).await };
        if let Some(Err(error)) = lab.run("sweep", again, invocation).await {
            lab.seam.note(format!("sweep stopped: {error}"));
        }
    })
}
