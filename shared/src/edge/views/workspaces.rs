//! Workspaces, as clients see them.

use serde::Serialize;

use super::{OrderView, Price};
use crate::{
    app::{limits, workspaces::SignedUp},
    domain::{
        Member, MemberId, OrderId, Plan, Role, Timestamp, Workspace, WorkspaceId, WorkspaceStatus,
    },
    edge::Problem,
};

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceView {
    id: WorkspaceId,
    name: String,
    plan: Plan,
    status: WorkspaceStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    numbers_held: usize,
    numbers_allowed: u32,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_order_id: Option<OrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
}

impl From<&Workspace> for WorkspaceView {
    fn from(workspace: &Workspace) -> Self {
        Self {
            id: workspace.id.clone(),
            name: workspace.name.clone(),
            plan: workspace.plan,
            status: workspace.status,
            external_id: workspace.external_id.clone(),
            numbers_held: workspace.reservations.held.len(),
            numbers_allowed: workspace.limits().numbers,
            created_at: workspace.created_at,
            deletion_order_id: workspace.closing_order.clone(),
            role: None,
        }
    }
}

/// What came of signing up.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedUpView {
    workspace: WorkspaceView,
    order: Option<OrderView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<WarningView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct WarningView {
    code: &'static str,
    detail: String,
}

impl From<SignedUp> for SignedUpView {
    fn from(signed_up: SignedUp) -> Self {
        let without_number = !signed_up.workspace.plan.includes_number();
        Self {
            workspace: WorkspaceView::from(&signed_up.workspace),
            order: signed_up.order.as_ref().map(OrderView::from),
            warning: signed_up.warning.map(|error| {
                let problem = Problem::from(error);
                let detail = format!(
                    "The workspace is ready, but no phone number was ordered: {}. You can order one later.",
                    problem.detail
                );
                WarningView { code: problem.code, detail }
            }),
            note: without_number
                .then_some("This plan has no phone number of its own, and texts leave from a shared one; upgrade to get your own."),
        }
    }
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    id: MemberId,
    subject: String,
    role: Role,
    since: Timestamp,
}

impl From<&Member> for MemberView {
    fn from(member: &Member) -> Self {
        Self {
            id: member.id.clone(),
            subject: member.subject.clone(),
            role: member.role,
            since: member.since,
        }
    }
}

/// The caller, and the workspaces they are in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeView {
    subject: String,
    service: bool,
    workspaces: Vec<WorkspaceView>,
    plans: Vec<Plan>,
    workspaces_allowed: u32,
}

impl MeView {
    /// `caller` with their workspaces, and the plans they may choose.
    #[must_use]
    pub fn new(
        caller: &crate::app::Caller,
        workspaces: &[(Workspace, Role)],
        plans: Vec<Plan>,
    ) -> Self {
        let with_role = |(workspace, role): &(Workspace, Role)| WorkspaceView {
            role: Some(*role),
            ..WorkspaceView::from(workspace)
        };
        Self {
            subject: caller.subject.clone(),
            service: caller.service,
            workspaces: workspaces.iter().map(with_role).collect(),
            plans,
            workspaces_allowed: limits::FOUNDED_MAX,
        }
    }
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    name: Plan,
    numbers_included: u32,
    numbers_allowed: u32,
    extra_number_price: Option<Price>,
    texts_per_minute: u32,
    segments_per_day: u32,
    self_service: bool,
}

impl PlanView {
    /// `plan`, and whether people may choose it by themselves.
    #[must_use]
    pub fn new(plan: Plan, self_service: bool) -> Self {
        let limits = plan.limits();
        let extra = limits.numbers > limits.included;
        Self {
            name: plan,
            numbers_included: limits.included,
            numbers_allowed: limits.numbers,
            extra_number_price: extra.then(|| limits.extra_number.into()),
            texts_per_minute: limits.texts_a_minute,
            segments_per_day: limits.segments_a_day,
            self_service,
        }
    }
}
