//! What a workspace wants done with what arrives at its number.

use serde::{Deserialize, Serialize};

use super::e164::E164;

/// Longest spoken greeting, in characters: about half a minute.
pub const GREETING_MAX: usize = 500;

/// A number's routing, as its workspace set it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// What happens to a call.
    pub voice: VoiceRouting,
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum VoiceRouting {
    /// A voice speaks a text, then the call ends.
    Greeting {
        /// The text, at most [`GREETING_MAX`] characters.
        text: String,
    },
    /// The call goes on to another number.
    Forward {
        /// Where to.
        to: E164,
    },
}

/// A new number is never silent: it says where the caller has arrived.
impl Default for VoiceRouting {
    fn default() -> Self {
        Self::Greeting {
            text: "Thank you for calling. Please send a text message to this number.".to_owned(),
        }
    }
}
