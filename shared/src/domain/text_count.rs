//! How much a workspace sends: texts in a minute, so that it does not take the carrier's
//! line from the others, and segments on a day, so that what they cost has an end.
//!
//! A text takes one turn at the carrier however long it is, and costs as many segments as
//! it has.

use std::time::Duration;

use super::{plan::Limits, time::Timestamp};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// What a workspace sent in the minute of its last text, and on that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextCount {
    /// The minute, counted from 1970.
    pub minute: i64,
    /// Texts in it.
    pub texts: u32,
    /// Segments on its day, which is UTC's.
    pub segments: u32,
}

/// Why a text is not sent now. Whoever sends it later sends it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooManyTexts {
    /// The minute is full.
    #[error("this workspace may send {limit} texts a minute; send this one again a little later")]
    ThisMinute {
        /// Texts that the plan allows.
        limit: u32,
        /// When the next minute begins.
        again_in: Duration,
    },
    /// The day is full, or has no room for one so long.
    #[error(
        "this workspace may send {limit} segments a day, and too few are left for this text; send it again after midnight (UTC)"
    )]
    Today {
        /// Segments that the plan allows.
        limit: u32,
        /// When the next day begins.
        again_in: Duration,
    },
}

impl TooManyTexts {
    /// When there is room again.
    #[must_use]
    pub const fn again_in(self) -> Duration {
        match self {
            Self::ThisMinute { again_in, .. } | Self::Today { again_in, .. } => again_in,
        }
    }
}

impl TextCount {
    /// The count with one more text of so many segments at `now`, or why there may be
    /// none. Clocks differ: a minute that somebody else has begun is not taken back.
    pub fn next(
        before: Option<Self>,
        limits: Limits,
        segments: u32,
        now: Timestamp,
    ) -> Result<Self, TooManyTexts> {
        let minute = minute_of(now).max(before.map_or(i64::MIN, |before| before.minute));
        let this_minute = before.filter(|before| before.minute == minute);
        let texts = this_minute.map_or(0, |before| before.texts);
        let today = before.filter(|before| before.is_of_the_day_of(minute));
        let sent = today.map_or(0, |before| before.segments);
        let segments = sent.saturating_add(segments);
        if segments > limits.segments_a_day {
            return Err(TooManyTexts::Today {
                limit: limits.segments_a_day,
                again_in: until(now, (day_of(minute) + 1) * DAY),
            });
        }
        if texts >= limits.texts_a_minute {
            return Err(TooManyTexts::ThisMinute {
                limit: limits.texts_a_minute,
                again_in: until(now, minute + 1),
            });
        }
        Ok(Self {
            minute,
            texts: texts + 1,
            segments,
        })
    }

    /// Whether it counts the day that `minute` is of.
    #[must_use]
    pub const fn is_of_the_day_of(self, minute: i64) -> bool {
        day_of(self.minute) == day_of(minute)
    }
}

/// The first and the last minute of the day that `minute` is of.
#[must_use]
pub const fn day_around(minute: i64) -> (i64, i64) {
    let first = day_of(minute) * DAY;
    (first, first + DAY - 1)
}

const fn day_of(minute: i64) -> i64 {
    minute.div_euclid(DAY)
}

const fn minute_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(MINUTE)
}

/// How long it is until `minute` begins.
fn until(now: Timestamp, minute: i64) -> Duration {
    now.until(Timestamp::from_millis(minute.saturating_mul(MINUTE)))
}

#[cfg(test)]
mod tests;
