//! What is true about phone numbers, whoever asks and wherever it is stored.
//!
//! Nothing here reads a clock, a file, a socket or the environment, and nothing
//! here knows AWS, HTTP or a carrier's name: `tests/tests/architecture.rs` guards it.
//! Time and chance come in as arguments, so every rule is a table in a test.

pub mod actor;
pub mod area_code;
pub mod audit;
pub mod carrier;
pub mod claim;
pub(crate) mod digest;
pub mod e164;
pub mod event;
pub mod id;
pub mod message;
pub mod money;
mod named;
pub mod number;
pub mod order;

pub mod plan;
pub mod routing;
pub mod stock;
pub mod subproject;
pub mod time;
pub mod webhooks;
pub mod workspace;

pub use actor::Actor;
pub use area_code::{AreaCode, Region};
pub use carrier::{AccountId, CarrierId, CarrierMessageId, CarrierNumberId};
pub use claim::{Claim, ClaimOwner};
pub use e164::E164;
pub use id::{
    AttemptId, ChangeId, ConversationId, LeaseId, MemberId, MessageId, NumberId, OrderId,
    WebhookToken, WorkspaceId,
};
pub use message::{Direction, Message, MessageStatus};
pub use money::MicroDollars;
pub use number::{Capabilities, Number, NumberStatus, Origin};
pub use plan::Plan;
pub use routing::{Routing, VoiceRouting};
pub use stock::Stock;
pub use subproject::Subproject;
pub use time::Timestamp;
pub use webhooks::Webhooks;
pub use workspace::{Member, Role, Workspace, WorkspaceStatus, member_id};
