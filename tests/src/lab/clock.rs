//! One clock for everybody, which moves only when somebody waits or works.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use aws_smithy_async::{
    rt::sleep::{AsyncSleep, Sleep},
    time::TimeSource,
};
use numberline::{clock::Clock, domain::Timestamp};
use tokio::time::Instant;

/// When every world begins: 2026-11-21T06:00:00Z.
const BEGINNING_MS: i64 = 1_795_240_800_000;

/// How time passes in a world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passing {
    /// Whoever waits moves the time on, and goes on at once: one thing happens after
    /// the other.
    #[default]
    Jumping,
    /// Time is tokio's, which the test has paused: those who wait do so side by side,
    /// and when all of them do, it is the next one's time.
    SideBySide,
}

/// A clock that nobody has to wait for.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    /// The time, where it jumps; where it began, else.
    millis: Arc<AtomicI64>,
    began: Option<Instant>,
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::new(Passing::Jumping)
    }
}

impl VirtualClock {
    /// A clock at the beginning.
    #[must_use]
    pub fn new(passing: Passing) -> Self {
        Self {
            millis: Arc::new(AtomicI64::new(BEGINNING_MS)),
            began: match passing {
                Passing::Jumping => None,
                Passing::SideBySide => Some(Instant::now()),
            },
        }
    }

    /// The time.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        let at = Timestamp::from_millis(self.millis.load(Ordering::SeqCst));
        at.plus(self.began.map_or(Duration::ZERO, |began| began.elapsed()))
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.millis.fetch_add(millis, Ordering::SeqCst);
    }

    /// Lets time pass until `to`; never backwards.
    pub fn advance_to(&self, to: Timestamp) {
        self.advance(self.time().until(to));
    }

    /// Waits as long as something takes.
    pub async fn wait(&self, duration: Duration) {
        if self.began.is_some() {
            tokio::time::sleep(duration).await;
        } else {
            self.advance(duration);
        }
    }

    /// The time as the simulator counts it.
    #[must_use]
    pub fn simulated(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.time().as_millis()).unwrap_or_default()
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.time()
    }

    async fn sleep(&self, duration: Duration) {
        self.wait(duration).await;
        tokio::task::yield_now().await;
    }
}

impl AsyncSleep for VirtualClock {
    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        Sleep::new(async move { clock.wait(duration).await })
    }
}

impl TimeSource for VirtualClock {
    fn now(&self) -> SystemTime {
        let millis = u64::try_from(self.time().as_millis()).unwrap_or(0);
        SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
    }
}
