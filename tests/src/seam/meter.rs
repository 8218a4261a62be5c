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
