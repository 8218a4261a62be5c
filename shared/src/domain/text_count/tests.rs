use std::time::Duration;

use super::{Limits, TextCount, Timestamp, TooManyTexts, day_around};
use crate::domain::Plan;

/// 2026-11-21T23:58:20Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_305_500_000);

fn limits() -> Limits {
    Limits {
        texts_a_minute: 3,
        segments_a_day: 5,
        ..Plan::Pro.limits()
    }
}

/// Sends as many short texts as may be sent at `at`; the count after, and why there was
/// an end.
fn fill(mut count: Option<TextCount>, at: Timestamp) -> (Option<TextCount>, TooManyTexts) {
    loop {
        match TextCount::next(count, limits(), 1, at) {
            Ok(next) => count = Some(next),
            Err(why) => return (count, why),
        }
    }
}

#[test]
fn a_minute_fills_and_the_next_one_has_room() {
    let (count, why) = fill(None, NOW);
    assert_eq!(count.unwrap().texts, 3);
    let next_minute = TooManyTexts::ThisMinute {
        limit: 3,
        again_in: Duration::from_secs(40),
    };
    assert_eq!(why, next_minute);
    assert_eq!(fill(count, NOW).1, next_minute, "nothing was counted");
    let again = NOW.plus(why.again_in());
    let again = TextCount::next(count, limits(), 1, again).unwrap();
    assert_eq!((again.texts, again.segments), (1, 4));
}

#[test]
fn a_day_fills_and_the_next_one_has_room() {
    let (count, _) = fill(None, NOW);
    let (count, why) = fill(count, NOW.plus(Duration::from_mins(1)));
    assert_eq!(count.unwrap().segments, 5);
    let tomorrow = TooManyTexts::Today {
        limit: 5,
        again_in: Duration::from_secs(40),
    };
    assert_eq!(why, tomorrow);
    let midnight = NOW.plus(Duration::from_secs(100));
    let (count, _) = fill(count, midnight);
    assert_eq!(count.unwrap().segments, 3);
}

#[test]
fn a_long_text_is_many_on_a_day_and_one_in_a_minute() {
    let long = TextCount::next(None, limits(), 4, NOW).unwrap();
    assert_eq!((long.texts, long.segments), (1, 4));
    let too_long = TextCount::next(Some(long), limits(), 2, NOW);
    assert!(matches!(too_long, Err(TooManyTexts::Today { .. })));
    assert!(TextCount::next(Some(long), limits(), 1, NOW).is_ok());
}

#[test]
fn a_slow_clock_takes_no_minute_back() {
    let (count, _) = fill(None, NOW);
    let earlier = NOW.minus(Duration::from_mins(1));
    let (after, why) = fill(count, earlier);
    assert_eq!(after, count);
    assert_eq!(why.again_in(), Duration::from_secs(100));
}

#[test]
fn a_day_has_its_minutes() {
    let minute = NOW.as_millis() / 60_000;
    let (first, last) = day_around(minute);
    assert_eq!(last - first, 1439);
    assert_eq!(last - minute, 1);
    let count = TextCount {
        minute,
        texts: 1,
        segments: 1,
    };
    assert!(count.is_of_the_day_of(first) && count.is_of_the_day_of(last));
    assert!(!count.is_of_the_day_of(first - 1) && !count.is_of_the_day_of(last + 1));
}
