//! The order queue: delays, visibility and dead letters, on the virtual clock.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use numberline::domain::Timestamp;

/// A message in the queue.
#[derive(Clone, Debug)]
struct Message {
    id: u64,
    body: String,
    visible_at: Timestamp,
    received: u32,
}

/// A message in somebody's hands. Unless it is deleted it comes again.
#[derive(Clone, Debug)]
pub struct Received {
    /// Which.
    pub id: u64,
    /// What it says.
    pub body: String,
}

/// A queue as SQS keeps one.
#[derive(Debug)]
pub struct Queue {
    visibility: Duration,
    received_max: u32,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    sent: u64,
    messages: Vec<Message>,
    dead: u32,
}

impl Queue {
    /// A queue whose messages come again after `visibility`, and are put aside
    /// when they were received `received_max` times.
    #[must_use]
    pub fn new(visibility: Duration, received_max: u32) -> Self {
        Self {
            visibility,
            received_max,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a message in; it is visible from `visible_at` on.
    pub fn send(&self, body: &str, visible_at: Timestamp) -> u64 {
        let mut kept = self.kept();
        kept.sent += 1;
        let id = kept.sent;
        kept.messages.push(Message {
            id,
            body: body.to_owned(),
            visible_at,
            received: 0,
        });
        id
    }

    /// The message that has been visible longest at `now`, if there is one.
    pub fn receive(&self, now: Timestamp) -> Option<Received> {
        let mut kept = self.kept();
        let max = self.received_max;
        let before = kept.messages.len();
        kept.messages
            .retain(|message| message.received < max || message.visible_at > now);
        let dead = u32::try_from(before - kept.messages.len()).unwrap_or(u32::MAX);
        kept.dead = kept.dead.saturating_add(dead);
        let due = kept
            .messages
            .iter_mut()
            .filter(|message| message.visible_at <= now)
            .min_by_key(|message| (message.visible_at, message.id))?;
        due.received += 1;
        due.visible_at = now.plus(self.visibility);
        Some(Received {
            id: due.id,
            body: due.body.clone(),
        })
    }

    /// Forgets a message that was dealt with.
    pub fn delete(&self, id: u64) {
        self.kept().messages.retain(|message| message.id != id);
    }

    /// What the messages say that are there, in somebody's hands or not.
    #[must_use]
    pub fn bodies(&self) -> Vec<String> {
        let kept = self.kept();
        let bodies = kept.messages.iter().map(|message| message.body.clone());
        bodies.collect()
    }

    /// When the next message is visible.
    #[must_use]
    pub fn next_visible(&self) -> Option<Timestamp> {
        let kept = self.kept();
        kept.messages.iter().map(|message| message.visible_at).min()
    }

    /// Messages that were put aside.
    #[must_use]
    pub fn dead(&self) -> u32 {
        self.kept().dead
    }
}
