//! Failure on request: which call goes wrong, how, and how often.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::{Carrier, Operation};

/// One arrangement to fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The carrier that fails.
    pub carrier: Carrier,
    /// The operation that fails; `*` is any.
    pub operation: Target,
    /// How it fails.
    pub mode: Mode,
    /// How many calls fail; one when left out.
    #[serde(default = "once")]
    pub count: u32,
    /// How many matching calls pass before the first failure.
    #[serde(default)]
    pub skip: u32,
    /// Only calls about this number fail (E.164).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

const fn once() -> u32 {
    1
}

impl Fault {
    /// One failure of `operation`, the next time it is asked of `carrier`.
    #[must_use]
    pub const fn once(carrier: Carrier, operation: Operation, mode: Mode) -> Self {
        Self {
            carrier,
            operation: Target::Only(operation),
            mode,
            count: 1,
            skip: 0,
            number: None,
        }
    }

    fn hits(&self, carrier: Carrier, operation: Option<Operation>, number: Option<&str>) -> bool {
        let operation = match self.operation {
            Target::Any => true,
            Target::Only(only) => operation == Some(only),
        };
        let number = self.number.is_none() || self.number.as_deref() == number;
        self.carrier == carrier && operation && number && self.count > 0
    }
}

/// What a fault is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Any call, also to a path the carrier does not have.
    Any,
    /// This operation only.
    Only(Operation),
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => serializer.serialize_str("*"),
            Self::Only(operation) => operation.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "*" {
            return Ok(Self::Any);
        }
        serde_json::from_value(Value::String(text))
            .map(Self::Only)
            .map_err(de::Error::custom)
    }
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A definite refusal in the carrier's words; no effect.
    Refuse,
    /// 500; no effect.
    Error500,
    /// 429 with `Retry-After`; no effect.
    RateLimit,
    /// The connection drops before anything happens.
    LostRequest,
    /// It happens, then the connection drops.
    LostResponse,
    /// It happens, and the answer comes this many milliseconds later.
    SlowMs(u64),
    /// 401, whatever the credentials.
    Auth,
}

/// A text that names no way of failing.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no mode: refuse, error-500, rate-limit, lost-request, lost-response, slow-ms:N, auth"
)]
pub struct UnknownMode(String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let unknown = || UnknownMode(text.to_owned());
        match text {
            "refuse" => Ok(Self::Refuse),
            "error-500" => Ok(Self::Error500),
            "rate-limit" => Ok(Self::RateLimit),
            "lost-request" => Ok(Self::LostRequest),
            "lost-response" => Ok(Self::LostResponse),
            "auth" => Ok(Self::Auth),
            _ => text
                .strip_prefix("slow-ms:")
                .and_then(|milliseconds| milliseconds.parse().ok())
                .map(Self::SlowMs)
                .ok_or_else(unknown),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse => f.write_str("refuse"),
            Self::Error500 => f.write_str("error-500"),
            Self::RateLimit => f.write_str("rate-limit"),
            Self::LostRequest => f.write_str("lost-request"),
            Self::LostResponse => f.write_str("lost-response"),
            Self::SlowMs(milliseconds) => write!(f, "slow-ms:{milliseconds}"),
            Self::Auth => f.write_str("auth"),
        }
    }
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// The faults arranged, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    arranged: Vec<Fault>,
}

impl Faults {
    pub(crate) fn arrange(&mut self, fault: Fault) {
        if fault.count > 0 {
            self.arranged.push(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.arranged.clear();
    }

    pub(crate) fn pending(&self) -> &[Fault] {
        &self.arranged
    }

    /// How this call is to fail, used up once.
    ///
    /// Every matching fault that is still skipping counts this call; the oldest
    /// one that is not skipping strikes.
    pub(crate) fn strike(
        &mut self,
        carrier: Carrier,
        operation: Option<Operation>,
        number: Option<&str>,
    ) -> Option<Mode> {
        let mut struck = None;
        for fault in &mut self.arranged {
            if !fault.hits(carrier, operation, number) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if struck.is_none() {
                fault.count -= 1;
                struck = Some(fault.mode);
            }
        }
        self.arranged.retain(|fault| fault.count > 0);
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        serde_json::from_str(text).unwrap()
    }

    fn strike(faults: &mut Faults, operation: Operation, number: Option<&str>) -> Option<Mode> {
        faults.strike(Carrier::SignalWire, Some(operation), number)
    }

    #[test]
    fn a_fault_strikes_as_often_as_arranged() {
        let mut faults = Faults::default();
        faults.arrange(fault(
            r#"{"carrier":"signalwire","operation":"purchase","mode":"lost-response","count":2}"#,
        ));
        assert_eq!(strike(&mut faults, Operation::Search, None), None);
        for _ in 0..2 {
            let struck = strike(&mut faults, Operation::Purchase, None);
            assert_eq!(struck, Some(Mode::LostResponse));
        }
        assert_eq!(strike(&mut faults, Operation::Purchase, None), None);
        assert!(faults.pending().is_empty());
    }

    #[test]
    fn a_fault_can_wait_and_can_be_about_one_number() {
        let mut faults = Faults::default();
        faults.arrange(fault(
            r#"{"carrier":"signalwire","operation":"*","mode":"slow-ms:40","skip":1,"number":"+15125550100"}"#,
        ));
        let about = Some("+15125550100");
        assert_eq!(strike(&mut faults, Operation::Get, about), None);
        assert_eq!(
            strike(&mut faults, Operation::Get, Some("+15125550101")),
            None
        );
        assert_eq!(
            strike(&mut faults, Operation::Get, about),
            Some(Mode::SlowMs(40))
        );
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let text = r#"{"carrier":"signalwire","operation":"create_token","mode":"slow-ms:5","count":3,"skip":0}"#;
        assert_eq!(serde_json::to_string(&fault(text)).unwrap(), text);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            r#"{"carrier":"signalwire","operation":"fly","mode":"refuse"}"#,
            r#"{"carrier":"signalwire","operation":"*","mode":"slow-ms:x"}"#,
            r#"{"carrier":"acme","operation":"*","mode":"refuse"}"#,
            r#"{"carrier":"signalwire","operation":"*","mode":"refuse","often":1}"#,
        ] {
            assert!(serde_json::from_str::<Fault>(text).is_err(), "{text}");
        }
    }
}
