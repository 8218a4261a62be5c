//! Shared numbers, as the product's own backend sees them.

use serde::Serialize;

use super::NumberText;
use crate::domain::{SharedNumber, SharedStatus, Timestamp};

/// A number that the platform lends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedNumberView {
    #[serde(flatten)]
    number: NumberText,
    status: SharedStatus,
    since: Timestamp,
}

impl From<&SharedNumber> for SharedNumberView {
    fn from(shared: &SharedNumber) -> Self {
        Self {
            number: NumberText::from(&shared.e164),
            status: shared.status,
            since: shared.since,
        }
    }
}
