//! What the chores have in common: other programs, their environments, and telling how far they are.

pub(crate) mod alone;
pub(crate) mod cargo;
pub(crate) mod command;
pub(crate) mod environment;
pub(crate) mod needs;
pub(crate) mod progress;
