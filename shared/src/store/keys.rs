//! Where items lie. The workspace is the partition wherever tenant data is read, so
//! that another workspace's item cannot even be named.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::{
    AccountId, CarrierId, ChangeId, ConversationId, E164, MemberId, MessageId, NumberId, OrderId,
    WebhookToken, WorkspaceId,
    carrier::{CarrierCallId, CarrierMessageId},
    order::Owner,
};

/// The place of one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// The place of an order, as it travels through the queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OrderKey {
    /// Whose it is.
    pub owner: Owner,
    /// Which.
    pub order: OrderId,
}

impl OrderKey {
    /// Among whose orders it waits: the message group of the queue.
    #[must_use]
    pub fn group(&self) -> String {
        match &self.owner {
            Owner::Workspace(workspace) => workspace.to_string(),
            Owner::Stock => STOCK.to_owned(),
        }
    }
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }

    pub(crate) fn workspace(workspace: &WorkspaceId) -> Self {
        Self::new(partition(workspace), "WORKSPACE")
    }

    pub(crate) fn member(workspace: &WorkspaceId, member: &MemberId) -> Self {
        Self::new(partition(workspace), format!("{MEMBER}{member}"))
    }

    /// Who removed a member, the last time one of this name was removed.
    pub(crate) fn departure(workspace: &WorkspaceId, member: &MemberId) -> Self {
        Self::new(partition(workspace), format!("{DEPARTURE}{member}"))
    }

    pub(crate) fn number(workspace: &WorkspaceId, number: &NumberId) -> Self {
        Self::new(partition(workspace), format!("{NUMBER}{number}"))
    }

    pub(crate) fn order(owner: &Owner, order: &OrderId) -> Self {
        Self::new(owner_partition(owner), format!("{ORDER}{order}"))
    }

    /// An idempotency key: hashed, so that any text of a client's fits.
    pub(crate) fn idempotency(workspace: &WorkspaceId, key: &str) -> Self {
        Self::new(
            partition(workspace),
            format!("KEY#{}", body_hash(key.as_bytes())),
        )
    }

    pub(crate) fn subproject(workspace: &WorkspaceId, carrier: &CarrierId) -> Self {
        Self::new(partition(workspace), format!("SUBPROJECT#{carrier}"))
    }

    /// One workspace of an identity.
    pub(crate) fn identity(member: &MemberId, workspace: &WorkspaceId) -> Self {
        Self::new(identity_partition(member), format!("WS#{workspace}"))
    }

    pub(crate) fn external(external_id: &str) -> Self {
        Self::new(format!("EXTERNAL#{external_id}"), "EXTERNAL")
    }

    pub(crate) fn claim(e164: &E164) -> Self {
        Self::new(format!("CLAIM#{e164}"), "CLAIM")
    }

    pub(crate) fn stock(e164: &E164) -> Self {
        Self::new(STOCK, format!("{NUMBER}{e164}"))
    }

    /// How many orders of a workspace are being worked on.
    pub(crate) fn desks(workspace: &WorkspaceId) -> Self {
        Self::new(partition(workspace), "DESKS")
    }

    /// Until when a carrier's time is given away.
    pub(crate) fn pace(carrier: &CarrierId) -> Self {
        Self::new(format!("PACE#{carrier}"), "PACE")
    }

    /// How much a workspace sent in its last minute and on its last day. A partition of
    /// its own: who may count texts may write nothing else of the workspace.
    pub(crate) fn text_count(workspace: &WorkspaceId) -> Self {
        Self::new(format!("TEXTS#{workspace}"), "TEXTS")
    }

    /// An account at the local carrier.
    pub(crate) fn local_account(account: &AccountId) -> Self {
        Self::new(LOCAL, format!("ACCOUNT#{account}"))
    }

    /// A number that the local carrier sold.
    pub(crate) fn local_number(e164: &E164) -> Self {
        Self::new(LOCAL, format!("{SOLD}{e164}"))
    }

    pub(crate) fn local_sip(account: &AccountId, username: &str) -> Self {
        Self::new(LOCAL, format!("SIP#{account}#{username}"))
    }

    /// A text that was handed to the local carrier.
    pub(crate) fn local_text(text: &CarrierMessageId) -> Self {
        Self::new(LOCAL, format!("SENT#{text}"))
    }

    pub(crate) fn shared_number(e164: &E164) -> Self {
        Self::new(SHARED, format!("{NUMBER}{e164}"))
    }

    /// What is known of the platform's own account at a carrier.
    pub(crate) fn platform(carrier: &CarrierId, account: &AccountId) -> Self {
        Self::new(format!("PLATFORM#{carrier}#{account}"), "WEBHOOKS")
    }

    pub(crate) fn inbound(
        carrier: &CarrierId,
        account: &AccountId,
        name: &CarrierMessageId,
    ) -> Self {
        Self::new(format!("IN#{carrier}#{account}#{name}"), MESSAGE)
    }

    /// A message for a number nobody has here.
    pub(crate) fn stray(carrier: &CarrierId, account: &AccountId, name: &CarrierMessageId) -> Self {
        Self {
            sk: "STRAY".to_owned(),
            ..Self::inbound(carrier, account, name)
        }
    }

    /// Whom the messages of a shared number with a customer belong to.
    pub(crate) fn pair(ours: &E164, theirs: &str) -> Self {
        Self::new(format!("PAIR#{ours}#{theirs}"), "PAIR")
    }

    /// What a customer said about messages from one of our numbers.
    pub(crate) fn consent(ours: &E164, theirs: &str) -> Self {
        Self {
            sk: "CONSENT".to_owned(),
            ..Self::pair(ours, theirs)
        }
    }

    pub(crate) fn call(carrier: &CarrierId, account: &AccountId, name: &CarrierCallId) -> Self {
        Self::new(format!("CALL#{carrier}#{account}#{name}"), "CALL")
    }

    pub(crate) fn outbound(message: &MessageId) -> Self {
        Self::new(format!("OUT#{message}"), MESSAGE)
    }

    pub(crate) fn thread(workspace: &WorkspaceId, conversation: &ConversationId) -> Self {
        Self::new(partition(workspace), format!("THREAD#{conversation}"))
    }

    pub(crate) fn credentials(carrier: &CarrierId, account: &AccountId) -> Self {
        Self::new(format!("ACCOUNT#{carrier}#{account}"), "CREDENTIALS")
    }

    pub(crate) fn webhook(token: &WebhookToken) -> Self {
        Self::new(format!("WEBHOOK#{token}"), "KEYS")
    }

    /// How far the owner's record has come: in Core, apart from the record itself.
    pub(crate) fn record_head(owner: &Owner) -> Self {
        Self::new(format!("AUDIT#{}", owner_partition(owner)), "HEAD")
    }

    /// An entry of the record at its place.
    pub(crate) fn entry(owner: &Owner, sequence: u64) -> Self {
        Self::new(
            owner_partition(owner),
            format!("{ENTRY}{}", place(sequence)),
        )
    }

    /// The event of a change: also the mark that the change was kept.
    pub(crate) fn event(owner: &Owner, change: &ChangeId) -> Self {
        Self::new(owner_partition(owner), format!("{EVENT}{change}"))
    }

    /// The key as attributes of an item.
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

/// Prefixes of sort keys that are listed.
pub(crate) const MEMBER: &str = "MEMBER#";
/// Departures, entries and events are told apart by these.
pub(crate) const DEPARTURE: &str = "DEPARTURE#";
pub(crate) const ENTRY: &str = "AUDIT#";
pub(crate) const EVENT: &str = "EVENT#";
pub(crate) const NUMBER: &str = "NUMBER#";
pub(crate) const ORDER: &str = "ORDER#";
/// The partition of what belongs to no workspace.
pub(crate) const STOCK: &str = "STOCK";
/// The partition of the local carrier, and the prefix of what it sold there.
pub(crate) const LOCAL: &str = "LOCAL";
pub(crate) const SOLD: &str = "SOLD#";
/// The partition of the numbers that the platform lends.
pub(crate) const SHARED: &str = "SHARED";
/// The sort key of a message.
pub(crate) const MESSAGE: &str = "MESSAGE";

pub(crate) fn partition(workspace: &WorkspaceId) -> String {
    format!("WS#{workspace}")
}

pub(crate) fn identity_partition(member: &MemberId) -> String {
    format!("IDENTITY#{member}")
}

pub(crate) fn owner_partition(owner: &Owner) -> String {
    match owner {
        Owner::Workspace(workspace) => partition(workspace),
        Owner::Stock => STOCK.to_owned(),
    }
}

/// The partition of the index by time that holds a conversation's messages.
pub(crate) fn thread_messages(workspace: &WorkspaceId, conversation: &ConversationId) -> String {
    format!("{workspace}#{conversation}")
}

/// The partition of the index by time that holds a workspace's conversations.
pub(crate) fn threads(workspace: &WorkspaceId) -> String {
    format!("{workspace}#THREADS")
}

/// The partition of the index by time that holds a workspace's calls.
pub(crate) fn calls(workspace: &WorkspaceId) -> String {
    format!("{workspace}#CALLS")
}

/// The place of an entry as it sorts: as many digits as the largest has.
pub(crate) fn place(sequence: u64) -> String {
    format!("{sequence:020}")
}

/// SHA-256 of a request body, in hex: what an idempotency key stands for.
#[must_use]
pub fn body_hash(body: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(body) {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(half.into(), 16));
        }
    }
    hex
}
