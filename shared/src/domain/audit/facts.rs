//! What a tenant may know of a thing, at one time. Nothing here has room for a
//! carrier, an account, a secret, or the text of a message (P8).

use serde::{Deserialize, Serialize};

use crate::domain::{
    e164::E164,
    id::{ConversationId, MemberId, MessageId, NumberId, OrderId, WorkspaceId},
    message::{Direction, Message, MessageStatus},
    money::MicroDollars,
    number::{Number, NumberStatus, Origin},
    order::{Order, OrderStatus, TroubleCode, Work},
    pair::{SharedNumber, SharedStatus},
    plan::Plan,
    routing::Routing,
    stock::Stock,
    time::Timestamp,
    workspace::{Member, Role, Workspace, WorkspaceStatus},
};

/// A thing as it was at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Facts {
    /// A workspace.
    Workspace(WorkspaceFacts),
    /// A member.
    Member(MemberFacts),
    /// A number.
    Number(NumberFacts),
    /// An order.
    Order(OrderFacts),
    /// A number in stock: on the platform's own record only.
    Stock(StockFacts),
    /// A number that the platform lends: on its own record only.
    SharedNumber(SharedNumberFacts),
    /// A message: in events only.
    Message(MessageFacts),
}

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceFacts {
    /// Its identifier.
    pub id: WorkspaceId,
    /// What people call it.
    pub name: String,
    /// What it pays for.
    pub plan: Plan,
    /// Whether it may act.
    pub status: WorkspaceStatus,
    /// The SaaS product's own name for it.
    pub external_id: Option<String>,
    /// How many numbers it may hold, where that was agreed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_limit: Option<u32>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberFacts {
    /// Derived from issuer and subject.
    pub id: MemberId,
    /// The token's subject.
    pub subject: String,
    /// What they may do.
    pub role: Role,
}

/// A number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberFacts {
    /// Its identifier.
    pub id: NumberId,
    /// The number itself.
    pub number: E164,
    /// Where it stands.
    pub status: NumberStatus,
    /// How it came here.
    pub origin: Origin,
    /// What people call it.
    pub label: Option<String>,
    /// What happens to what arrives.
    pub routing: Routing,
    /// What it costs a month.
    pub monthly_price_micros: MicroDollars,
    /// The order that brought it.
    pub order_id: OrderId,
    /// The order that gives it back.
    pub release_order_id: Option<OrderId>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderFacts {
    /// Its identifier.
    pub id: OrderId,
    /// What it is for.
    pub purpose: OrderKind,
    /// Where it stands.
    pub status: OrderStatus,
    /// The number it is about, if it is about one.
    pub number_id: Option<NumberId>,
    /// The number itself, once one is chosen.
    pub number: Option<E164>,
    /// What holds it up, or ended it.
    pub problem: Option<TroubleCode>,
}

/// What an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// Getting a number.
    Provision,
    /// Giving one back.
    Release,
    /// Deleting the workspace.
    Deletion,
}

/// A number in stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StockFacts {
    /// The number.
    pub number: E164,
    /// The workspace that had it.
    pub former_workspace_id: WorkspaceId,
    /// What it costs a month until it is gone.
    pub monthly_price_micros: MicroDollars,
    /// When the carrier takes it back.
    pub release_at: Timestamp,
    /// The order that will give it back then.
    pub release_order_id: OrderId,
}

/// A number that the platform lends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedNumberFacts {
    /// The number.
    pub number: E164,
    /// Whether workspaces may write from it.
    pub status: SharedStatus,
}

/// A message, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageFacts {
    /// Its identifier.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// Which way it went.
    pub direction: Direction,
    /// The workspace's number.
    pub number: E164,
    /// The other party: an E.164, or a short code.
    pub customer: String,
    /// How far it got.
    pub status: MessageStatus,
    /// Why it failed, as a code of ours.
    pub failure: Option<String>,
    /// Parts it is charged as.
    pub segments: u32,
}

impl From<&Workspace> for Facts {
    fn from(workspace: &Workspace) -> Self {
        Self::Workspace(WorkspaceFacts {
            id: workspace.id.clone(),
            name: workspace.name.clone(),
            plan: workspace.plan,
            status: workspace.status,
            external_id: workspace.external_id.clone(),
            number_limit: workspace.number_limit,
        })
    }
}

impl From<&Member> for Facts {
    fn from(member: &Member) -> Self {
        Self::Member(MemberFacts {
            id: member.id.clone(),
            subject: member.subject.clone(),
            role: member.role,
        })
    }
}

impl From<&Number> for Facts {
    fn from(number: &Number) -> Self {
        Self::Number(NumberFacts {
            id: number.id.clone(),
            number: number.e164.clone(),
            status: number.status,
            origin: number.origin,
            label: number.label.clone(),
            routing: number.routing.clone(),
            monthly_price_micros: number.monthly_price,
            order_id: number.order.clone(),
            release_order_id: number.release_order.clone(),
        })
    }
}

impl From<&Order> for Facts {
    fn from(order: &Order) -> Self {
        let (purpose, number_id, number) = match &order.work {
            Work::Provision(provision) => (
                OrderKind::Provision,
                Some(&provision.number),
                provision.candidate.clone(),
            ),
            Work::GiveBack(give_back) => (
                OrderKind::Release,
                Some(&give_back.number),
                Some(give_back.e164.clone()),
            ),
            Work::Close(_) => (OrderKind::Deletion, None, None),
        };
        Self::Order(OrderFacts {
            id: order.id.clone(),
            purpose,
            status: order.status,
            number_id: number_id.cloned(),
            number,
            problem: order.trouble.as_ref().map(|trouble| trouble.code),
        })
    }
}

impl From<&Stock> for Facts {
    fn from(stock: &Stock) -> Self {
        Self::Stock(StockFacts {
            number: stock.e164.clone(),
            former_workspace_id: stock.former.clone(),
            monthly_price_micros: stock.monthly_price,
            release_at: stock.release_at,
            release_order_id: stock.release_order.clone(),
        })
    }
}

impl From<&SharedNumber> for Facts {
    fn from(number: &SharedNumber) -> Self {
        Self::SharedNumber(SharedNumberFacts {
            number: number.e164.clone(),
            status: number.status,
        })
    }
}

impl From<&Message> for Facts {
    fn from(message: &Message) -> Self {
        Self::Message(MessageFacts {
            id: message.id.clone(),
            conversation_id: message.conversation.clone(),
            direction: message.direction,
            number: message.ours.clone(),
            customer: message.theirs.clone(),
            status: message.status,
            failure: message.failure.clone(),
            segments: message.segments,
        })
    }
}
