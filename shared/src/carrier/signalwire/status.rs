//! How far a message got, and why it got no further, in our words; and how a call ended.

use crate::domain::{CallOutcome, MessageStatus};

/// The status of a message of ours that a word of SignalWire's stands for (message and status callback
/// models of the API description, 2026-08-21).
pub(super) fn of_word(word: &str) -> Option<MessageStatus> {
    Some(match word {
        "queued" | "initiated" | "sending" => MessageStatus::Queued,
        "sent" => MessageStatus::Sent,
        "delivered" => MessageStatus::Delivered,
        "undelivered" => MessageStatus::Undelivered,
        "failed" => MessageStatus::Failed,
        _ => return None,
    })
}

/// Whether a word is of a message that comes in, which none of ours can become.
pub(super) fn comes_in(word: &str) -> bool {
    matches!(word, "receiving" | "received")
}

/// The status of a message that was just taken. A word we do not know does not
/// make it less taken.
pub(super) fn of_taken(word: Option<&str>) -> MessageStatus {
    word.and_then(of_word).unwrap_or(MessageStatus::Queued)
}

/// How a call ended that a word says is over. A number's own callback knows the first
/// two, those of calls we would place the rest (API description, 2026-08-21).
pub(super) fn of_call(word: &str) -> Option<CallOutcome> {
    match word {
        "completed" => Some(CallOutcome::Completed),
        "failed" | "busy" | "no-answer" | "canceled" => Some(CallOutcome::Failed),
        _ => None,
    }
}

/// Why a message that reached `status` failed, as a code of ours: carriers'
/// codes say whose they are, and tenants are not told.
pub(super) fn failure(status: MessageStatus, code: Option<&str>) -> Option<String> {
    matches!(status, MessageStatus::Failed | MessageStatus::Undelivered)
        .then(|| reason(code.unwrap_or_default()).to_owned())
}

/// From the two error lists, LaML's and the native one (2026-08-21).
fn reason(code: &str) -> &'static str {
    match code {
        // The sender is in no active 10DLC campaign.
        "21717"
        | "30034"
        | "inactive_campaign"
        | "associated_campaign_inactive"
        | "associated_campaign_suspended"
        | "campaign_not_active" => "not_registered",
        // The recipient wants no messages from this number.
        "21610" | "message_blocked_by_number" => "opted_out",
        // Off, unknown, not a mobile, no route, or off for too long.
        "21606"
        | "21614"
        | "30003"
        | "30005"
        | "30006"
        | "30009"
        | "unreachable_destination_handset"
        | "unknown_destination_handset"
        | "unrouteable_message"
        | "message_validity_period_expired_at_carrier" => "unreachable",
        // The recipient's carrier, or a spam filter on the way.
        "30004"
        | "30007"
        | "carrier_violation"
        | "message_blocked_by_carrier"
        | "message_filtered" => "blocked",
        _ => "carrier_error",
    }
}

#[cfg(test)]
mod tests {
    use super::{MessageStatus, comes_in, failure, of_taken, of_word};

    #[test]
    fn every_word_of_the_carrier_is_known() {
        use MessageStatus::{Delivered, Failed, Queued, Sent, Undelivered};
        for (word, status) in [
            ("queued", Queued),
            ("initiated", Queued),
            ("sending", Queued),
            ("sent", Sent),
            ("delivered", Delivered),
            ("undelivered", Undelivered),
            ("failed", Failed),
        ] {
            assert_eq!(of_word(word), Some(status), "{word}");
            assert!(!comes_in(word), "{word}");
        }
        for word in ["receiving", "received"] {
            assert_eq!(of_word(word), None, "{word}");
            assert!(comes_in(word), "{word}");
        }
        assert_eq!(of_word("teleported"), None);
        assert_eq!(of_taken(Some("teleported")), Queued);
    }

    #[test]
    fn only_failures_have_a_reason_and_it_is_ours() {
        let failed = |code| failure(MessageStatus::Failed, code);
        for (code, ours) in [
            ("21717", "not_registered"),
            ("30034", "not_registered"),
            ("21610", "opted_out"),
            ("30003", "unreachable"),
            ("30007", "blocked"),
            ("30008", "carrier_error"),
            ("", "carrier_error"),
        ] {
            assert_eq!(failed(Some(code)).as_deref(), Some(ours), "{code}");
        }
        assert_eq!(failed(None).as_deref(), Some("carrier_error"));
        assert_eq!(failure(MessageStatus::Delivered, Some("30003")), None);
    }
}
