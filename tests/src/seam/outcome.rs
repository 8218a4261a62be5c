//! What can become of a call, beside the usual.

use std::{fmt, str::FromStr};

use super::point::{Call, Point};

/// One way in which a call, or the process that makes it, comes to grief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Refused for good before it had any effect. AWS: `AccessDeniedException`,
    /// which no client repeats. Carrier: the refusal in its own words.
    Refused,
    /// It never arrived; its caller waits in vain. The next try arrives.
    LostRequest,
    /// It took effect; its caller waits in vain. The next try is answered.
    LostResponse,
    /// No try of it arrives: the caller gives up and lives on.
    Unreachable,
    /// Every try of it takes effect and no answer comes: likewise.
    Unanswered,
    /// Another transaction was in the way. The next try finds the way free.
    Conflict,
    /// Other transactions are in the way of every try: the caller gives up and lives on.
    Contended,
    /// The process dies before it.
    CrashBefore,
    /// The process dies when it was done, before anything came of it.
    CrashAfter,
    /// What started the process is delivered twice: the second one runs from
    /// beginning to end just before this call.
    TwiceAtOnce,
    /// The second delivery follows as soon as the process has ended.
    TwiceInTurn,
    /// The second delivery comes when everything is over.
    TwiceLate,
    /// It takes effect, and is answered only when the process has lost what it held to
    /// time, and whoever was started instead has done all there was to do.
    Outlived,
    /// Whoever asked for it changes their mind just before this call.
    Revoked,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Refused,
        Self::LostRequest,
        Self::LostResponse,
        Self::Unreachable,
        Self::Unanswered,
        Self::Conflict,
        Self::Contended,
        Self::CrashBefore,
        Self::CrashAfter,
        Self::TwiceAtOnce,
        Self::TwiceInTurn,
        Self::TwiceLate,
        Self::Outlived,
        Self::Revoked,
    ];

    /// Its name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::LostRequest => "lost-request",
            Self::LostResponse => "lost-response",
            Self::Unreachable => "unreachable",
            Self::Unanswered => "unanswered",
            Self::Conflict => "conflict",
            Self::Contended => "contended",
            Self::CrashBefore => "crash-before",
            Self::CrashAfter => "crash-after",
            Self::TwiceAtOnce => "twice-at-once",
            Self::TwiceInTurn => "twice-in-turn",
            Self::TwiceLate => "twice-late",
            Self::Outlived => "outlived",
            Self::Revoked => "revoked",
        }
    }

    /// How many tries of `call` it strikes.
    #[must_use]
    pub const fn tries_of(self, call: &Call) -> u32 {
        match self {
            Self::Unreachable | Self::Unanswered => call.tries,
            Self::Contended => call.contended_tries,
            Self::Refused
            | Self::LostRequest
            | Self::LostResponse
            | Self::Conflict
            | Self::CrashBefore
            | Self::CrashAfter
            | Self::TwiceAtOnce
            | Self::TwiceInTurn
            | Self::TwiceLate
            | Self::Outlived
            | Self::Revoked => 1,
        }
    }

    /// Whether it can happen at `point`. A second delivery in turn or late is the
    /// same schedule at every point of a process, so only the first counts.
    #[must_use]
    pub fn applies_to(self, point: &Point) -> bool {
        match self {
            Self::Refused
            | Self::LostRequest
            | Self::LostResponse
            | Self::Unreachable
            | Self::Unanswered
            | Self::CrashBefore
            | Self::CrashAfter => true,
            Self::Conflict | Self::Contended => point.call.contends(),
            Self::TwiceAtOnce | Self::Outlived => point.repeatable,
            Self::Revoked => point.revocable,
            Self::TwiceInTurn | Self::TwiceLate => point.repeatable && point.first,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOutcome(String);

impl fmt::Display for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Outcome::ALL.map(Outcome::name).join(", ");
        write!(f, "`{}` is no outcome: {names}", self.0)
    }
}

impl std::error::Error for UnknownOutcome {}

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.name() == text)
            .ok_or_else(|| UnknownOutcome(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn names_are_read_back() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.name().parse(), Ok(outcome));
        }
        assert!("explode".parse::<Outcome>().is_err());
    }
}
