//! What clients see. Nothing here names a carrier, an account or a secret (P8): a
//! view is made of what a tenant may know, field by field.

mod audit;
mod calls;
mod messages;
mod numbers;
mod orders;
mod search;
mod shared_numbers;
mod verification;
mod workspaces;

use serde::Serialize;

pub use audit::{AuditEntryView, AuditVerificationView};
pub use calls::CallView;
pub use messages::{ConversationView, MessageView};
pub use numbers::{
    AvailableNumberView, CapabilitiesView, NumberText, NumberView, PreviewView, Price, RoutingView,
    VoiceRoutingView,
};
pub use orders::OrderView;
pub use search::SearchView;
pub use shared_numbers::SharedNumberView;
pub use verification::VerificationView;
pub use workspaces::{MeView, MemberView, PlanView, SignedUpView, WorkspaceView};

use crate::store::{Cursor, Listed};

/// One page of a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageView<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next one; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// What to send as `since` for what is newer, in lists that can be asked so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_cursor: Option<String>,
}

impl<T> PageView<T> {
    /// A list that has one page.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next_cursor: None,
            since_cursor: None,
        }
    }

    /// The page of things that `view` shows.
    pub fn of<'a, I>(listed: &'a Listed<I>, view: impl Fn(&'a I) -> T) -> Self {
        Self {
            items: listed.items.iter().map(view).collect(),
            next_cursor: listed.next.as_ref().map(Cursor::encode),
            since_cursor: listed.latest.as_ref().map(Cursor::encode),
        }
    }
}
