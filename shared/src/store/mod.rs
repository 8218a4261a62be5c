//! What is kept, in DynamoDB. Four tables:
//!
//! | table | partition | what |
//! |---|---|---|
//! | Core | workspace, claim, identity | workspaces, members, orders, numbers, claims, stock |
//! | Messages | carrier's message, or ours | messages, thread heads, calls, pairs and consents, each one item |
//! | Ledger | workspace | what was done, chained by hash, and its events: its one writer is the bookkeeper |
//! | Vault | account, webhook token | secrets, encrypted per workspace and purpose |
//!
//! Every rule that must hold against a competitor is a condition of a write. A
//! write that failed on its condition but finds its own mark has succeeded.

mod calls;
mod changes;
mod client;
mod core;
mod cursor;
mod desks;
mod due;
pub(crate) mod error;
mod item;
mod keys;
mod ledger;
pub mod local;
mod members;
mod messages;
mod numbers;
mod orders;
mod pace;
mod pairs;
mod place;
mod requests;
mod shared_numbers;
mod stock;
mod stream;
mod subprojects;
mod text_counts;
mod threads;
mod transaction;
mod vault;
mod workspaces;

pub use client::client;
pub use core::{Core, Fetched, Wanted};
pub use cursor::{Cursor, InvalidCursor, Listed};
pub use desks::{DESKS, Desk};
pub use due::{Due, DueOrders};
pub use error::{Error, Result};
pub use keys::{OrderKey, body_hash};
pub use ledger::{Kept, Ledger, Walked, event_of};
pub use local::LocalBooks;
pub use members::Departed;
pub use messages::{Inserted, Messages, News, Stray, Window};
pub use numbers::{Edited, NumberEdit};
pub use orders::{Leased, Lost, Saved, Taken};
pub use pace::Slot;
pub use pairs::{Beside, Together};
pub use place::{Closing, KeyUse, Placed, Placement, Refusal, Replay};
pub use requests::Asked;
pub use stream::StreamRecord;
pub use text_counts::{CountedText, Counting};
pub use threads::{CountedThread, Thread, Threads};
pub use vault::{Vault, WebhookAccount};
pub use workspaces::{Founded, Founding, WorkspaceEdit};
