//! Failure on request: which call goes wrong, how, and how often.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::{Carrier, Operation, random::Random};

mod mode;

pub use mode::{Mode, UnknownMode};

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
    /// How many of a hundred matching calls fail, by the simulator's seed; each when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
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
            percent: None,
            number: None,
        }
    }

    /// `percent` of all calls fail, until the faults are cleared.
    #[must_use]
    pub const fn often(carrier: Carrier, mode: Mode, percent: u8) -> Self {
        Self {
            carrier,
            operation: Target::Any,
            mode,
            count: u32::MAX,
            skip: 0,
            percent: Some(percent),
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
    /// one that is not skipping strikes. `lot` decides for those that do not always.
    pub(crate) fn strike(
        &mut self,
        lot: &mut Random,
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
            } else if struck.is_none() && fault.percent.is_none_or(|percent| lot.below(percent)) {
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
        let mut lot = Random::new(0);
        faults.strike(&mut lot, Carrier::SignalWire, Some(operation), number)
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

    #[test]
    fn so_many_of_a_hundred_fail() {
        let mut faults = Faults::default();
        faults.arrange(Fault::often(Carrier::SignalWire, Mode::Error500, 50));
        let mut lot = Random::new(7);
        let asked = (0..1_000).map(|_| faults.strike(&mut lot, Carrier::SignalWire, None, None));
        let failed = asked.flatten().count();
        assert!((400..600).contains(&failed), "{failed}");
    }
}
