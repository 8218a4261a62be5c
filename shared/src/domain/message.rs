//! Text messages and the conversations they belong to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    actor::Actor,
    carrier::{AccountId, CarrierId, CarrierMessageId},
    digest::digest,
    e164::E164,
    id::{ConversationId, MessageId, WorkspaceId},
    time::Timestamp,
};

/// Longest text a carrier takes, in characters (SignalWire and Twilio: 1600).
pub const BODY_MAX: usize = 1_600;

/// A text message of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its identifier.
    pub id: MessageId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Which way it went.
    pub direction: Direction,
    /// The workspace's number.
    pub ours: E164,
    /// The other party: an E.164, or a short code.
    pub theirs: String,
    /// The text.
    pub body: String,
    /// How far it got.
    pub status: MessageStatus,
    /// The carrier's reason when it failed, as a code of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Parts it was charged as.
    pub segments: u32,
    /// When it was sent or received.
    pub at: Timestamp,
    /// The carrier that carried it.
    pub carrier: CarrierId,
    /// The account it went through: news of it counts only from there.
    pub account: AccountId,
    /// The carrier's name for it, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_message: Option<CarrierMessageId>,
    /// Hash of what was asked: the same key with another text is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<String>,
    /// Who changed it last.
    pub changed_by: Actor,
}

/// How long handing a message over may take; longer than any sandbox that does it lives.
const SENDING_MAX: Duration = Duration::from_mins(1);

impl Message {
    /// Whether it was about to be handed over, and nobody lived to say whether it was.
    #[must_use]
    pub fn is_lost_sight_of(&self, now: Timestamp) -> bool {
        self.status == MessageStatus::Sending && now > self.at.plus(SENDING_MAX)
    }
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To the workspace.
    Inbound,
    /// From the workspace.
    Outbound,
}

/// How far a message got. News may come twice and in any order; [`MessageStatus::rank`]
/// decides which of it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageStatus {
    /// Written down, about to be handed to the carrier.
    Sending,
    /// Handed over, perhaps: the carrier did not say.
    Unknown,
    /// The carrier has it.
    Queued,
    /// The carrier passed it on.
    Sent,
    /// It arrived.
    Delivered,
    /// It did not arrive.
    Undelivered,
    /// The carrier refused it.
    Failed,
    /// It came in.
    Received,
}

impl MessageStatus {
    /// How much this status knows. News counts only when it ranks higher than
    /// what is recorded, so a final status is never undone (P7).
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Sending => 0,
            Self::Unknown => 1,
            Self::Queued => 2,
            Self::Sent => 3,
            Self::Delivered | Self::Undelivered | Self::Failed | Self::Received => 4,
        }
    }
}

/// The conversation of a workspace's number with another party: computed, so
/// finding it and creating it are the same, without a read.
#[must_use]
pub fn conversation_of(workspace: &WorkspaceId, ours: &E164, theirs: &str) -> ConversationId {
    ConversationId::derived(digest(&[workspace.as_str(), ours.as_str(), theirs]))
}

/// Letters that a network sends in seven bits (GSM 03.38), but for those of ASCII that it
/// has at all: it lacks the backtick.
const GSM: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";

/// Letters that it sends as two.
const GSM_DOUBLE: &str = "^{}\\[~]|€";

/// Parts a text is charged as, as far as that can be told without the carrier: 160
/// letters of the network's alphabet fit into one, or 153 into each of several; of other
/// alphabets 70, or 67 (GSM 03.38 and 03.40).
#[must_use]
pub fn segments_of(body: &str) -> u32 {
    let septets: Option<usize> = body.chars().map(septets_of).sum();
    let (length, alone, joined) = match septets {
        Some(septets) => (septets, 160, 153),
        None => (body.encode_utf16().count(), 70, 67),
    };
    if length <= alone {
        1
    } else {
        u32::try_from(length.div_ceil(joined)).unwrap_or(u32::MAX)
    }
}

/// What a letter takes in the network's alphabet, if it is of that.
fn septets_of(letter: char) -> Option<usize> {
    if GSM_DOUBLE.contains(letter) {
        return Some(2);
    }
    let ascii = letter.is_ascii() && letter != '`';
    (ascii || GSM.contains(letter)).then_some(1)
}

/// The identifier of a message that a carrier delivers: the same at every redelivery.
#[must_use]
pub fn inbound_id(carrier: &CarrierId, account: &AccountId, name: &CarrierMessageId) -> MessageId {
    MessageId::derived(digest(&[
        "in",
        carrier.as_str(),
        account.as_str(),
        name.as_str(),
    ]))
}

/// The identifier of a message a workspace sends under an idempotency key (P4).
#[must_use]
pub fn outbound_id(workspace: &WorkspaceId, key: &str) -> MessageId {
    MessageId::derived(digest(&["out", workspace.as_str(), key]))
}

#[cfg(test)]
mod tests {
    use super::{MessageStatus, WorkspaceId, conversation_of, segments_of};

    #[test]
    fn long_texts_are_several_parts() {
        for (body, parts) in [
            (String::new(), 1),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(307), 3),
            ("ü".repeat(160), 1),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("ł".repeat(70), 1),
            ("ł".repeat(71), 2),
            (format!("`{}", "a".repeat(70)), 2),
            ("🎉".repeat(35), 1),
            ("🎉".repeat(36), 2),
            ("🎉".repeat(1_600), 48),
        ] {
            assert_eq!(segments_of(&body), parts, "{} bytes", body.len());
        }
    }

    #[test]
    fn no_news_undoes_an_end() {
        use MessageStatus::{Delivered, Failed, Queued, Sent, Undelivered};
        for end in [Delivered, Undelivered, Failed] {
            for late in [Queued, Sent, Delivered, Undelivered, Failed] {
                assert!(late.rank() <= end.rank(), "{late:?} after {end:?}");
            }
        }
    }

    #[test]
    fn a_conversation_belongs_to_one_workspace() {
        let ours = "+15125550123".parse().unwrap();
        let one = conversation_of(&WorkspaceId::derived(1), &ours, "+12125550100");
        let other = conversation_of(&WorkspaceId::derived(2), &ours, "+12125550100");
        assert_ne!(one, other);
        assert_eq!(
            one,
            conversation_of(&WorkspaceId::derived(1), &ours, "+12125550100")
        );
    }
}
