//! Orders, as clients see them.

use serde::Serialize;

use super::NumberText;
use crate::domain::{
    AreaCode, NumberId, OrderId, Timestamp,
    order::{Order, OrderStatus, Provision, StepState, TroubleCode, VisibleStep, Work},
};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    id: OrderId,
    kind: &'static str,
    status: OrderStatus,
    step: VisibleStep,
    percent: u8,
    steps: Vec<StepView>,
    number_id: Option<NumberId>,
    #[serde(flatten)]
    number: Option<NumberText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback_from: Option<AreaCode>,
    problem: Option<TroubleView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<NumberText>,
    held_until: Option<Timestamp>,
    poll_after_ms: Option<u32>,
    created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct StepView {
    name: VisibleStep,
    status: StepState,
    at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct TroubleView {
    code: TroubleCode,
    detail: &'static str,
    since: Timestamp,
}

impl OrderView {
    /// When it is worth asking again, in milliseconds.
    #[must_use]
    pub fn poll_after_ms(&self) -> Option<u32> {
        self.poll_after_ms
    }

    /// Where the order is followed.
    #[must_use]
    pub fn location(&self) -> String {
        format!("/api/orders/{}", self.id)
    }
}

impl From<&Order> for OrderView {
    fn from(order: &Order) -> Self {
        let progress = order.progress();
        let (kind, number_id, e164, alternatives, held_until) = match &order.work {
            Work::Provision(provision) => (
                "provision",
                Some(&provision.number),
                provision.candidate.as_ref(),
                provision.alternatives.as_slice(),
                None,
            ),
            Work::GiveBack(give_back) => (
                "release",
                Some(&give_back.number),
                Some(&give_back.e164),
                [].as_slice(),
                give_back.held_until,
            ),
            Work::Close(close) => ("deletion", None, None, [].as_slice(), close.held_until),
        };
        let steps = progress.steps.into_iter();
        Self {
            id: order.id.clone(),
            kind,
            status: order.status,
            step: order.visible_step(),
            percent: progress.percent,
            steps: steps
                .map(|(name, status, at)| StepView { name, status, at })
                .collect(),
            number_id: number_id.cloned(),
            number: e164.map(NumberText::from),
            fallback_from: order.provision().and_then(Provision::fell_back_from),
            problem: order.trouble.as_ref().map(|trouble| TroubleView {
                code: trouble.code,
                detail: trouble.code.sentence(),
                since: trouble.since,
            }),
            alternatives: alternatives.iter().map(NumberText::from).collect(),
            held_until,
            poll_after_ms: progress.poll_after_ms,
            created_at: order.created_at,
        }
    }
}
