//! The one rule about failed requests: may it have taken effect, and may it be
//! sent again here?

use http::{Method, StatusCode};

use crate::carrier::{Effect, TransportErrorKind};

/// Repeats after connections that were not made: nothing was sent, so anything
/// may be tried again.
pub(super) const CONNECT_REPEATS: u8 = 2;

/// Repeats of a read that was not answered, or answered with 5xx.
const READ_REPEATS: u8 = 1;

/// How a request ended that brought nothing usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It was never sent.
    NotSent,
    /// It was sent, or may have been, and no answer came.
    Unanswered,
    /// The carrier failed: 5xx.
    Failed,
    /// The carrier refused: 4xx. It says so before it acts.
    Refused,
    /// The answer is a success that cannot be read, or none that is expected.
    Unreadable,
}

impl Ending {
    /// How a request ended that was answered with `status`.
    pub(super) fn answered(status: StatusCode) -> Self {
        if status.is_server_error() {
            Self::Failed
        } else if status.is_client_error() {
            Self::Refused
        } else {
            Self::Unreadable
        }
    }

    /// Whether a request of this method may have changed anything.
    pub(super) fn effect(self, method: &Method) -> Effect {
        match self {
            _ if is_read(method) => Effect::None,
            Self::NotSent | Self::Refused => Effect::None,
            Self::Unanswered | Self::Failed | Self::Unreadable => Effect::Unknown,
        }
    }

    /// Whether to send the request once more, after `repeats` of it. Only what
    /// was not sent or changes nothing: repeating the rest is for those who can
    /// look first.
    pub(super) fn may_repeat(self, method: &Method, repeats: u8) -> bool {
        match self {
            Self::NotSent => repeats < CONNECT_REPEATS,
            Self::Unanswered | Self::Failed => is_read(method) && repeats < READ_REPEATS,
            Self::Refused | Self::Unreadable => false,
        }
    }
}

impl From<TransportErrorKind> for Ending {
    fn from(kind: TransportErrorKind) -> Self {
        match kind {
            TransportErrorKind::Connect => Self::NotSent,
            TransportErrorKind::Timeout | TransportErrorKind::Interrupted => Self::Unanswered,
        }
    }
}

fn is_read(method: &Method) -> bool {
    *method == Method::GET
}

#[cfg(test)]
mod tests {
    use super::{
        Effect::{self, None, Unknown},
        Ending::{self, Failed, NotSent, Refused, Unanswered, Unreadable},
        Method, StatusCode,
    };

    #[track_caller]
    fn check(ending: Ending, read: (Effect, u8), write: (Effect, u8)) {
        for (method, (effect, repeats)) in [
            (Method::GET, read),
            (Method::POST, write),
            (Method::DELETE, write),
        ] {
            assert_eq!(ending.effect(&method), effect, "{ending:?} of {method}");
            let allowed = (0..9).take_while(|done| ending.may_repeat(&method, *done));
            assert_eq!(
                allowed.count(),
                usize::from(repeats),
                "{ending:?} of {method}"
            );
        }
    }

    #[test]
    fn effects_and_repeats() {
        check(NotSent, (None, 2), (None, 2));
        check(Unanswered, (None, 1), (Unknown, 0));
        check(Failed, (None, 1), (Unknown, 0));
        check(Refused, (None, 0), (None, 0));
        check(Unreadable, (None, 0), (Unknown, 0));
    }

    #[test]
    fn a_status_says_how_far_it_got() {
        for (status, ending) in [
            (StatusCode::INTERNAL_SERVER_ERROR, Failed),
            (StatusCode::GATEWAY_TIMEOUT, Failed),
            (StatusCode::UNAUTHORIZED, Refused),
            (StatusCode::TOO_MANY_REQUESTS, Refused),
            (StatusCode::FOUND, Unreadable),
            (StatusCode::OK, Unreadable),
        ] {
            assert_eq!(Ending::answered(status), ending, "{status}");
        }
    }
}
