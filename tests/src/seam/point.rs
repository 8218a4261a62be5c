//! Points of I/O: what is called, by whom, and in which place of the order of calls.

use std::{fmt, time::Duration};

use numberline::app::probe::PROBE_TIMEOUT;

/// Who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// A table.
    DynamoDb,
    /// The queue.
    Sqs,
    /// The key service.
    Kms,
    /// The event bus.
    EventBridge,
    /// A carrier.
    Carrier,
    /// Our own public address.
    Public,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DynamoDb => "dynamodb",
            Self::Sqs => "sqs",
            Self::Kms => "kms",
            Self::EventBridge => "events",
            Self::Carrier => "carrier",
            Self::Public => "public",
        })
    }
}

/// A call on its way.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who is called.
    pub service: Service,
    /// What is asked.
    pub operation: String,
    /// What it is about: a table with the kinds of items, a purpose, a queue.
    pub target: String,
    /// The same for all tries of one call, and for no others.
    pub series: String,
    /// How often its caller tries where no answer comes.
    pub tries: u32,
    /// How often its caller tries where another transaction is in the way; never, where
    /// none can be.
    pub contended_tries: u32,
}

impl Call {
    /// Whether another transaction can be in its way.
    #[must_use]
    pub const fn contends(&self) -> bool {
        self.contended_tries > 0
    }

    /// How long an answer takes, where the carrier's take `carrier_takes`.
    #[must_use]
    pub const fn takes(&self, carrier_takes: Duration) -> Duration {
        match self.service {
            Service::DynamoDb | Service::Sqs | Service::Kms | Service::EventBridge => {
                Duration::from_millis(5)
            }
            Service::Carrier => carrier_takes,
            Service::Public => Duration::from_millis(100),
        }
    }

    /// How long an answer is waited for: an attempt's timeout in `edge/aws.rs`, the
    /// carrier's default, and a probe's.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        match self.service {
            Service::DynamoDb | Service::Sqs | Service::Kms | Service::EventBridge => {
                Duration::from_secs(3)
            }
            Service::Carrier => Duration::from_secs(10),
            Service::Public => PROBE_TIMEOUT,
        }
    }

    /// Whether it reads or writes what we keep: what round trips are counted of.
    #[must_use]
    pub const fn is_data(&self) -> bool {
        match self.service {
            Service::DynamoDb | Service::Kms => true,
            Service::Sqs | Service::EventBridge | Service::Carrier | Service::Public => false,
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.service, self.operation, self.target)
    }
}

/// One call at its place in the order of calls.
#[derive(Clone, Debug)]
pub struct Point {
    /// The process it was made in, for example `worker 2`.
    pub process: String,
    /// Whether it is the first call of that process.
    pub first: bool,
    /// Whether the process can be started again by whoever started it.
    pub repeatable: bool,
    /// Whether somebody may change their mind about what it is for.
    pub revocable: bool,
    /// The call.
    pub call: Call,
}

impl Point {
    /// Whether it takes a turn at the carrier: the same write, before every call there.
    #[must_use]
    pub fn is_turn(&self) -> bool {
        self.call.target == "core[PACE]"
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.process, self.call)
    }
}
