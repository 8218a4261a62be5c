//! What the API answers, as a client of it writes that down.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// How to ask for the next one.
    pub next_cursor: Option<String>,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Names the problem.
    pub code: String,
    /// The HTTP status once more.
    pub status: u16,
    /// A sentence for people.
    pub detail: String,
    /// Whether asking again may help.
    pub retryable: bool,
    /// Numbers to take instead.
    #[serde(default)]
    pub alternatives: Vec<Named>,
}

/// A number as it is named.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// E.164.
    pub number: String,
    /// As people write it.
    pub display: String,
}

/// The caller.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Their workspaces.
    pub workspaces: Vec<Workspace>,
    /// Plans they may choose by themselves.
    pub plans: Vec<String>,
    /// How many workspaces one identity may found.
    pub workspaces_allowed: usize,
}

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Workspace {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its plan.
    pub plan: String,
    /// Numbers it holds, those being ordered counted.
    pub numbers_held: u32,
    /// The caller's role, where the list is theirs.
    pub role: Option<String>,
}

/// What came of signing up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SignedUp {
    /// The workspace.
    pub workspace: Workspace,
    /// The order of its first number.
    pub order: Option<Order>,
}

/// A number for sale.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Available {
    /// E.164.
    pub number: String,
    /// As people write it.
    pub display: String,
    /// The town.
    pub locality: Option<String>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Its identifier.
    pub id: String,
    /// `provision` or `release`.
    pub kind: String,
    /// How it stands.
    pub status: String,
    /// The step it is at; the last one once it succeeded.
    pub step: String,
    /// Its steps, first to last.
    pub steps: Vec<Step>,
    /// Share of them that are done.
    pub percent: u8,
    /// The number it is about.
    pub number_id: String,
    /// That number, once known.
    pub number: Option<String>,
    /// That number as people write it.
    pub display: Option<String>,
    /// What holds it up or ended it.
    pub problem: Option<Trouble>,
    /// Numbers to take instead.
    #[serde(default)]
    pub alternatives: Vec<Named>,
    /// Until when the carrier keeps a number that was given back.
    pub held_until: Option<Timestamp>,
    /// When to look again.
    pub poll_after_ms: Option<u32>,
    /// When it was placed.
    pub created_at: Timestamp,
}

impl Order {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.poll_after_ms.is_none()
    }

    /// The code of its trouble, if it has any.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.problem.as_ref().map(|trouble| trouble.code.as_str())
    }
}

/// A step of an order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// What is done.
    pub name: String,
    /// How that stands.
    pub status: String,
    /// When it was done.
    pub at: Option<Timestamp>,
}

/// What holds an order up or ended it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trouble {
    /// Names it.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

/// A number of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Number {
    /// Its identifier.
    pub id: String,
    /// E.164.
    pub number: String,
    /// As people write it.
    pub display: String,
    /// How it stands.
    pub status: String,
    /// What people call it.
    pub label: Option<String>,
    /// The order that bought it.
    pub order_id: String,
}

/// What releasing a number would mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// Whether it can be released now.
    pub releasable: bool,
    /// Until when the carrier would keep it.
    pub held_until: Option<Timestamp>,
}

/// A conversation's head.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// Its identifier.
    pub id: String,
    /// The workspace's number.
    pub number: String,
    /// The other party.
    pub customer: String,
    /// The newest text.
    pub last_message: String,
    /// How many messages there are, in lists.
    pub messages: Option<u64>,
}

/// A conversation with its newest messages, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Messages {
    /// The head.
    pub conversation: Conversation,
    /// The messages.
    pub items: Vec<Message>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its identifier.
    pub id: String,
    /// The conversation it is in.
    pub conversation_id: String,
    /// `inbound` or `outbound`.
    pub direction: String,
    /// Who wrote.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The text.
    pub body: String,
    /// How far it got.
    pub status: String,
    /// Parts it is charged as.
    pub segments: u32,
}

/// The numbers of a list, to compare.
#[must_use]
pub fn numbers_of(listed: &[Named]) -> BTreeSet<&str> {
    listed.iter().map(|named| named.number.as_str()).collect()
}
