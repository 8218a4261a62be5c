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

pub(super) use crate::domain::message::segments_of as segments;

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
