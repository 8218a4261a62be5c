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

/// When every world begins: 2026-11-21T06:00:00Z.
const BEGINNING_MS: i64 = 1_795_240_800_000;

/// A clock that jumps: whoever sleeps on it moves it on and goes on at once.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<AtomicI64>);

impl Default for VirtualClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING_MS)))
    }
}

impl VirtualClock {
    /// The time.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Lets time pass until `to`; never backwards.
    pub fn advance_to(&self, to: Timestamp) {
        self.0.fetch_max(to.as_millis(), Ordering::SeqCst);
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
        self.advance(duration);
        tokio::task::yield_now().await;
    }
}

impl AsyncSleep for VirtualClock {
    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        Sleep::new(async move { clock.advance(duration) })
    }
}

impl TimeSource for VirtualClock {
    fn now(&self) -> SystemTime {
        let millis = u64::try_from(self.time().as_millis()).unwrap_or(0);
        SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
    }
}
