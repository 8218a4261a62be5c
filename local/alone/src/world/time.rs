//! Time on the wire. The cast of the events lives in the laboratory's time, which stands; a function that runs by
//! itself lives in the machine's. What goes between the two is moved, so that an order of a minute ago is one for both.

use numberline::domain::Timestamp;

/// `2026-11-21T06:00:00.000Z`: what stands before its `T`, and how long it is.
const DATE: usize = 10;
const LENGTH: usize = 24;

/// How far the machine's time is ahead of the laboratory's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shift {
    millis: i64,
}

impl Shift {
    /// Between the laboratory's time and the machine's.
    pub(crate) fn between(laboratory: Timestamp, machine: Timestamp) -> Self {
        Self {
            millis: machine.as_millis() - laboratory.as_millis(),
        }
    }

    /// A text of the tables, as a function is told it.
    pub(crate) fn outward(self, text: &str) -> String {
        moved(text, self.millis)
    }

    /// A text of a function, as the tables are told it.
    pub(crate) fn inward(self, text: &str) -> String {
        moved(text, -self.millis)
    }
}

/// The text with every instant in it moved.
fn moved(text: &str, by: i64) -> String {
    let mut told = String::with_capacity(text.len());
    let mut copied = 0;
    for (place, _) in text.match_indices('T') {
        let Some(begin) = place.checked_sub(DATE).filter(|begin| *begin >= copied) else {
            continue;
        };
        let end = begin + LENGTH;
        let Some(instant) = text.get(begin..end).and_then(instant) else {
            continue;
        };
        let later = Timestamp::from_millis(instant.as_millis().saturating_add(by));
        told.push_str(text.get(copied..begin).unwrap_or_default());
        told.push_str(&later.to_string());
        copied = end;
    }
    told.push_str(text.get(copied..).unwrap_or_default());
    told
}

/// The instant that is spelt as the tables spell one.
fn instant(text: &str) -> Option<Timestamp> {
    let instant: Timestamp = text.parse().ok()?;
    (instant.to_string() == text).then_some(instant)
}

#[cfg(test)]
mod tests {
    use super::Shift;

    fn a_day() -> Shift {
        let instant = |text: &str| text.parse().unwrap();
        Shift::between(
            instant("2026-11-21T06:00:00Z"),
            instant("2026-11-22T06:00:00Z"),
        )
    }

    #[test]
    fn instants_move_wherever_they_stand() {
        let kept =
            r#"{"at":{"S":"2026-11-21T05:58:00.000Z#msg_1"},"pk":"WS#T-2026-11-20T00:00:00.001Z"}"#;
        let told =
            r#"{"at":{"S":"2026-11-22T05:58:00.000Z#msg_1"},"pk":"WS#T-2026-11-21T00:00:00.001Z"}"#;
        assert_eq!(a_day().outward(kept), told);
        assert_eq!(a_day().inward(told), kept);
    }

    #[test]
    fn nothing_else_moves() {
        for text in [
            "",
            "T",
            "2026-11-21T05:58:00Z",
            "2026-11-21 05:58",
            "äöüäöüäöüT",
            "2026-13-41T05:58:00.000Z",
        ] {
            assert_eq!(a_day().outward(text), text);
        }
    }
}
