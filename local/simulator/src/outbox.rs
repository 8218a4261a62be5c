//! Webhooks that are due at a later time.
//!
//! What is kept is the errand, not the request: it is built and signed when
//! it is sent, with the key that holds then.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::Carrier;

/// Tell the customer that a message has a new status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Errand {
    pub(crate) carrier: Carrier,
    pub(crate) message: String,
    pub(crate) status: &'static str,
}

/// Errands in the order they are due; at the same instant, in the order they
/// were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    errands: BTreeMap<(Timestamp, u64), Errand>,
    given: u64,
}

impl Outbox {
    pub(crate) fn give(&mut self, due: Timestamp, errand: Errand) {
        self.given += 1;
        self.errands.insert((due, self.given), errand);
    }

    /// Takes the next errand that is due.
    pub(crate) fn take(&mut self, now: Timestamp) -> Option<Errand> {
        let next = self.errands.first_entry()?;
        (next.key().0 <= now).then(|| next.remove())
    }

    /// When the next errand is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.errands.keys().next().map(|(due, _)| *due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errands_wait_for_their_time() {
        let errand = |status| Errand {
            carrier: Carrier::SignalWire,
            message: "m".to_owned(),
            status,
        };
        let now = Timestamp::UNIX_EPOCH;
        let soon = crate::clock::later_ms(now, 5);
        let mut outbox = Outbox::default();
        outbox.give(soon, errand("delivered"));
        outbox.give(now, errand("queued"));
        outbox.give(now, errand("sent"));
        assert_eq!(outbox.take(now).unwrap().status, "queued");
        assert_eq!(outbox.take(now).unwrap().status, "sent");
        assert_eq!(outbox.take(now), None);
        assert_eq!(outbox.next_due(), Some(soon));
        assert_eq!(outbox.take(soon).unwrap().status, "delivered");
    }
}
