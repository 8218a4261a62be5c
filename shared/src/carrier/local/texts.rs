//! Outgoing texts: taken, counted, and delivered in the same moment.

use super::{
    ID, Local,
    errors::{refused, unwritten},
};
use crate::{
    carrier::{Account, Effect, Error, ErrorKind, OutgoingMessage, Result, SentMessage},
    domain::{MessageStatus, carrier::CarrierMessageId},
    store::local::SentText,
};

impl Local {
    /// Takes a text. There is nobody to deliver it to and nobody to tell of it later, so
    /// it counts as delivered.
    pub(super) async fn deliver(
        &self,
        account: &Account,
        message: &OutgoingMessage,
    ) -> Result<SentMessage> {
        let operation = "send_message";
        if !self.has(operation, account, &message.from).await? {
            return Err(refused(operation, ErrorKind::Rejected));
        }
        let text = SentText {
            id: CarrierMessageId::new(self.fresh_name()),
            account: account.id.clone(),
            from: message.from.clone(),
            to: message.to.clone(),
            status_url: message.status_url.clone(),
            segments: segments(&message.body),
            sent_at: self.clock.now(),
        };
        let sent = self.books.send(&text).await;
        if sent.map_err(|error| unwritten(operation, error))? {
            Ok(SentMessage {
                id: text.id,
                status: MessageStatus::Delivered,
                segments: text.segments,
            })
        } else {
            // A fresh name that is taken: this text, sent twice by the network.
            Err(Error::new(
                ID,
                operation,
                ErrorKind::Unexpected,
                Effect::Unknown,
            ))
        }
    }
}

/// Parts a text is counted as: 160 letters of ASCII fit into one, or 153 into each of
/// several; of other alphabets 70, or 67 (GSM 03.38 and 03.40, in round terms).
pub(super) fn segments(body: &str) -> u32 {
    let (length, alone, joined) = if body.is_ascii() {
        (body.len(), 160, 153)
    } else {
        (body.encode_utf16().count(), 70, 67)
    };
    if length <= alone {
        1
    } else {
        u32::try_from(length.div_ceil(joined)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn long_texts_are_several_parts() {
        for (body, parts) in [
            (String::new(), 1),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(307), 3),
            ("ü".repeat(70), 1),
            ("ü".repeat(71), 2),
            ("🎉".repeat(36), 2),
        ] {
            assert_eq!(segments(&body), parts, "{} bytes", body.len());
        }
    }
}
