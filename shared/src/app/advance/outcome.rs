//! What a carrier's failure means to an order.

use crate::{
    carrier::{self, Effect, ErrorKind},
    domain::{
        Timestamp,
        order::{Event, TroubleCode},
    },
};

/// What stands in the way, in the tenant's words.
fn trouble_of(kind: ErrorKind) -> TroubleCode {
    match kind {
        ErrorKind::NumberUnavailable => TroubleCode::NumberUnavailable,
        ErrorKind::RegulatoryHold => TroubleCode::RegulatoryHold,
        ErrorKind::Unauthenticated
        | ErrorKind::InsufficientFunds
        | ErrorKind::AccountLimit
        | ErrorKind::NotFound
        | ErrorKind::OptedOut
        | ErrorKind::Rejected
        | ErrorKind::Unsupported => TroubleCode::PlatformAccount,
        ErrorKind::RateLimited | ErrorKind::Held => TroubleCode::CarrierBusy,
        ErrorKind::Unavailable | ErrorKind::Unexpected => TroubleCode::CarrierUnavailable,
    }
}

/// An act or a question that certainly changed nothing: try again later.
pub(super) fn deferred(error: &carrier::Error, now: Timestamp) -> Event {
    Event::Deferred {
        trouble: trouble_of(error.kind()),
        not_before: error.retry_after().map(|wait| now.plus(wait)),
    }
}

/// What a failed purchase means. Only a refusal of this number is a refusal; bad
/// credentials, funds, limits and requests say nothing about it.
pub(super) fn of_purchase(error: &carrier::Error, now: Timestamp) -> Event {
    match (error.effect(), error.kind()) {
        (Effect::Unknown, _) => Event::Unclear,
        (Effect::None, kind @ (ErrorKind::NumberUnavailable | ErrorKind::RegulatoryHold)) => {
            Event::Refused(trouble_of(kind))
        }
        (Effect::None, _) => deferred(error, now),
    }
}

/// What a failed release means. A number the account does not have is as good as
/// returned: whether it is gone is looked for next in any case.
pub(super) fn of_release(error: &carrier::Error, now: Timestamp) -> Event {
    match (error.effect(), error.kind()) {
        (Effect::Unknown, _) => Event::Unclear,
        (Effect::None, ErrorKind::NotFound) => Event::Returned,
        (Effect::None, ErrorKind::Held) => Event::Held,
        (Effect::None, _) => deferred(error, now),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{
        Effect, ErrorKind, Event, Timestamp, TroubleCode, carrier, of_purchase, of_release,
    };
    use crate::domain::CarrierId;

    const NOW: Timestamp = Timestamp::from_millis(0);

    fn error(kind: ErrorKind, effect: Effect) -> carrier::Error {
        carrier::Error::new(CarrierId::new("local"), "purchase", kind, effect)
    }

    #[test]
    fn only_a_refusal_of_the_number_refuses_it() {
        for kind in [
            ErrorKind::Unauthenticated,
            ErrorKind::InsufficientFunds,
            ErrorKind::AccountLimit,
            ErrorKind::RateLimited,
            ErrorKind::Unavailable,
            ErrorKind::Unexpected,
            ErrorKind::Rejected,
            ErrorKind::NotFound,
        ] {
            let event = of_purchase(&error(kind, Effect::None), NOW);
            assert!(
                matches!(event, Event::Deferred { .. }),
                "{kind:?}: {event:?}"
            );
        }
        assert_eq!(
            of_purchase(&error(ErrorKind::NumberUnavailable, Effect::None), NOW),
            Event::Refused(TroubleCode::NumberUnavailable)
        );
    }

    #[test]
    fn what_may_have_happened_is_unclear_whatever_it_was() {
        for kind in [
            ErrorKind::NumberUnavailable,
            ErrorKind::Unavailable,
            ErrorKind::NotFound,
        ] {
            assert_eq!(
                of_purchase(&error(kind, Effect::Unknown), NOW),
                Event::Unclear
            );
            assert_eq!(
                of_release(&error(kind, Effect::Unknown), NOW),
                Event::Unclear
            );
        }
    }

    #[test]
    fn the_carriers_wish_to_wait_is_honoured() {
        let busy = error(ErrorKind::RateLimited, Effect::None)
            .with_retry_after(Some(Duration::from_secs(30)));
        let event = of_purchase(&busy, NOW);
        let later = NOW.plus(Duration::from_secs(30));
        assert_eq!(
            event,
            Event::Deferred {
                trouble: TroubleCode::CarrierBusy,
                not_before: Some(later)
            }
        );
    }
}
