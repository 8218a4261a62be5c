//! What can happen to an order.

use crate::domain::{
    carrier::{AccountId, CarrierNumberId},
    e164::E164,
    id::{AttemptId, WebhookToken},
    time::Timestamp,
};

use super::{machine::Task, provision::Owned, trouble::TroubleCode};

/// Something that happened, as the worker saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An act is about to begin; its intent is written with this event.
    Intended(AttemptId),
    /// A number was found; it is claimed with this event.
    Found(E164),
    /// The carrier said of each area code that it has nothing there.
    NothingFound {
        /// Numbers to choose from instead, of other area codes.
        alternatives: Vec<E164>,
    },
    /// The workspace has an account to buy in.
    Isolated(AccountId, WebhookToken),
    /// The number is ours: bought just now, or found to have been.
    Bought(Owned),
    /// The carrier definitely refused this number.
    Refused(TroubleCode),
    /// The carrier did not say what became of the act.
    Unclear,
    /// The carrier says the number is not ours; others could be had instead.
    NotOurs {
        /// Numbers to choose from.
        alternatives: Vec<E164>,
    },
    /// The number is in the workspace's account now.
    Assigned(AccountId),
    /// Its webhooks were set.
    Configured,
    /// What the carrier has is what we set.
    Verified,
    /// What the carrier has is not what we set.
    NotWired,
    /// The workspace is given the number with this event.
    Activated,
    /// It is given the number switched off: it may not act itself.
    Suspended,
    /// The carrier took the number back, or says it does not have it.
    Returned,
    /// The carrier keeps the number for now.
    Held,
    /// The number is in none of our accounts.
    Gone,
    /// The number is still in its account.
    StillThere,
    /// The number is in another account of ours.
    Elsewhere,
    /// The number is in the workspace's account, under this name: it was moved there.
    AtHome(AccountId, CarrierNumberId),
    /// The workspace still has numbers, or orders that may yet get one.
    Occupied,
    /// The workspace has nothing left.
    Emptied,
    /// The workspace's account owns stock, the last of it until then.
    StockLeft(Timestamp),
    /// The workspace's accounts are closed, or there were none.
    Sealed,
    /// The act was not begun: it is this order's turn again then.
    Paced(Timestamp),
    /// The act certainly had no effect, and is worth another try.
    Deferred {
        /// What stands in the way.
        trouble: TroubleCode,
        /// Not before then, if something says so.
        not_before: Option<Timestamp>,
    },
    /// Somebody wanted the order canceled, and nothing stands in the way.
    Canceled,
}

/// An event that cannot follow what is recorded: a lost race, or a defect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot come of {task:?} now")]
pub struct IllegalEvent {
    /// What was done.
    pub task: Task,
    /// What is said to have come of it.
    pub event: Box<Event>,
}
