//! How many round trips a use case takes, one after another.

use std::collections::BTreeMap;

use super::point::{Call, Service};

/// What one use case did at the seam.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Round trips to tables and key service, one after another.
    pub depth: u32,
    /// Calls of each service.
    pub calls: BTreeMap<Service, u32>,
    /// Every call in order: its depth (0 where it is not counted), and what it was.
    pub each: Vec<(u32, String)>,
}

impl Measured {
    /// Calls of one service.
    #[must_use]
    pub fn count(&self, service: Service) -> u32 {
        self.calls.get(&service).copied().unwrap_or(0)
    }

    /// A call sets out. Its depth is one more than that of the deepest call that
    /// was answered before: calls on their way at the same time share a depth.
    pub(super) fn set_out(&mut self, call: &Call) -> u32 {
        *self.calls.entry(call.service).or_default() += 1;
        let depth = if call.is_data() { self.depth + 1 } else { 0 };
        self.each.push((depth, call.to_string()));
        depth
    }

    /// A call of `depth` was answered.
    pub(super) fn answered(&mut self, depth: u32) {
        self.depth = self.depth.max(depth);
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Measured, Service};

    fn call(service: Service) -> Call {
        Call {
            service,
            operation: "GetItem".to_owned(),
            target: String::new(),
            series: String::new(),
            tries: 1,
            contended_tries: 0,
        }
    }

    #[test]
    fn calls_side_by_side_count_once() {
        let mut measured = Measured::default();
        let one = measured.set_out(&call(Service::DynamoDb));
        let other = measured.set_out(&call(Service::Kms));
        measured.answered(one);
        measured.answered(other);
        assert_eq!(measured.depth, 1);
        let next = measured.set_out(&call(Service::DynamoDb));
        measured.answered(next);
        assert_eq!(measured.depth, 2);
    }

    #[test]
    fn queue_and_carrier_are_counted_apart() {
        let mut measured = Measured::default();
        for service in [Service::Sqs, Service::Carrier] {
            let depth = measured.set_out(&call(service));
            measured.answered(depth);
        }
        assert_eq!(measured.depth, 0);
        assert_eq!(measured.count(Service::Carrier), 1);
    }
}
