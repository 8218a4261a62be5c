//! What is true about phone numbers, whoever asks and wherever it is stored.
//!
//! Nothing here reads a clock, a file, a socket or the environment, and nothing
//! here knows AWS, HTTP or a carrier's name: `tests/tests/architecture.rs` guards it.
//! Time and chance come in as arguments, so every rule is a table in a test.

pub mod actor;
pub mod area_code;
pub mod audit;
pub mod call;
pub mod carrier;
pub mod claim;
pub mod consent;
pub(crate) mod digest;
pub mod e164;
pub mod event;
pub mod geography;
pub mod id;
pub mod keyword;
pub mod message;
pub mod money;
mod named;
pub mod number;
pub mod order;
pub mod pace;
pub mod pair;
pub mod plan;
pub mod probe;
pub mod routing;
pub mod search;
pub mod stock;
pub mod subproject;
pub mod text_count;
pub mod time;
pub mod vanity;
pub mod verify;
pub mod webhooks;
pub mod workspace;

pub use actor::Actor;
pub use area_code::{AreaCode, Region};
pub use call::{Call, CallAnswer, CallEnd, CallOutcome, CallParties, CallStatus};
pub use carrier::{AccountId, CarrierCallId, CarrierId, CarrierMessageId, CarrierNumberId};
pub use claim::{Claim, ClaimOwner};
pub use consent::Consent;
pub use e164::E164;
pub use geography::{Locality, RegionCode, ZipCode};
pub use id::{
    AttemptId, CallId, ChangeId, ConversationId, LeaseId, MemberId, MessageId, NumberId, OrderId,
    WebhookToken, WorkspaceId,
};
pub use keyword::Keyword;
pub use message::{Direction, Message, MessageStatus};
pub use money::MicroDollars;
pub use number::{Capabilities, Number, NumberStatus, Origin};
pub use pair::{Pair, SharedNumber, SharedStatus};
pub use plan::Plan;
pub use routing::{Routing, VoiceRouting};
pub use search::{Filter, Filters, Place};
pub use stock::Stock;
pub use subproject::Subproject;
pub use text_count::{TextCount, TooManyTexts};
pub use time::Timestamp;
pub use vanity::Pattern;
pub use webhooks::Webhooks;
pub use workspace::{Member, Role, Workspace, WorkspaceStatus, member_id};
