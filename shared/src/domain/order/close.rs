//! What an order that ends a workspace knows.

use serde::{Deserialize, Serialize};

use crate::domain::{id::WorkspaceId, time::Timestamp, workspace::Workspace};

/// A workspace on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The SaaS product's own name for it, free again afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The step it is at.
    pub step: CloseStep,
    /// Until when stock in its account keeps that account open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
}

/// The steps of ending a workspace, in the order they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseStep {
    /// Have every order of it ended and every number given back.
    Empty,
    /// Close the accounts that isolated it.
    Seal,
}

impl Close {
    /// Ending `workspace`.
    #[must_use]
    pub fn of(workspace: &Workspace) -> Self {
        Self {
            workspace: workspace.id.clone(),
            external_id: workspace.external_id.clone(),
            step: CloseStep::Empty,
            held_until: None,
        }
    }
}
