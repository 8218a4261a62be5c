//! What people said about being written to, for each of our numbers.

use serde::{Deserialize, Serialize};

use super::{e164::E164, id::WorkspaceId, time::Timestamp};

/// The last word of a customer about messages from one of our numbers. It holds for
/// every workspace. The later word counts: an older one that comes late does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Our number.
    pub ours: E164,
    /// The customer: an E.164, or a short code.
    pub theirs: String,
    /// Whether they want no messages.
    pub opted_out: bool,
    /// When that was said: the arrival of the word.
    pub at: Timestamp,
    /// The workspace it was said to, if the number wrote for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
}
