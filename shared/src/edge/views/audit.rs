//! The record, as clients see it.

use serde::Serialize;

use super::PageView;
use crate::{
    domain::{
        Actor, ChangeId, Timestamp,
        actor::ActorKind,
        audit::{Action, Entry, Facts, Fault, Finding, Sealed, Tip},
    },
    store::{Cursor, Listed, Walked},
};

/// One thing that was done, in its place on the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntryView {
    id: ChangeId,
    sequence: u64,
    at: Timestamp,
    action: Action,
    actor: ActorView,
    before: Option<Facts>,
    after: Option<Facts>,
    hash: String,
    previous_hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ActorView {
    kind: ActorKind,
    subject: String,
    address: Option<String>,
    request_id: Option<String>,
}

impl From<Actor> for ActorView {
    fn from(actor: Actor) -> Self {
        Self {
            kind: actor.kind,
            subject: actor.subject,
            address: actor.address,
            request_id: actor.request_id,
        }
    }
}

impl AuditEntryView {
    /// One page of the record.
    #[must_use]
    pub fn page(listed: &Listed<Sealed>) -> PageView<Self> {
        PageView {
            items: listed.items.iter().filter_map(Self::of).collect(),
            next_cursor: listed.next.as_ref().map(Cursor::encode),
            since_cursor: None,
        }
    }

    /// The entry, unless somebody made it unreadable: the verification finds that.
    #[must_use]
    pub fn of(sealed: &Sealed) -> Option<Self> {
        let Entry {
            id,
            at,
            action,
            actor,
            before,
            after,
            ..
        } = sealed.entry().ok()?;
        Some(Self {
            id,
            sequence: sealed.sequence,
            at,
            action,
            actor: actor.into(),
            before,
            after,
            hash: sealed.hash.as_str().to_owned(),
            previous_hash: sealed.previous.as_str().to_owned(),
        })
    }
}

/// What a walk along the record found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerificationView {
    intact: bool,
    complete: bool,
    checked: u64,
    findings: Vec<FindingView>,
    head: Option<HeadView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct HeadView {
    sequence: u64,
    hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct FindingView {
    sequence: u64,
    count: u64,
    code: Fault,
    detail: &'static str,
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            sequence: finding.sequence,
            count: finding.count,
            code: finding.fault,
            detail: finding.fault.sentence(),
        }
    }
}

impl From<&Tip> for HeadView {
    fn from(tip: &Tip) -> Self {
        Self {
            sequence: tip.sequence,
            hash: tip.hash.as_str().to_owned(),
        }
    }
}

impl From<&Walked> for AuditVerificationView {
    fn from(walked: &Walked) -> Self {
        let findings = walked.walk.findings();
        Self {
            intact: findings.is_empty(),
            complete: walked.next.is_none(),
            checked: walked.walk.checked(),
            findings: findings.iter().map(FindingView::from).collect(),
            head: walked.head.as_ref().map(HeadView::from),
            next_cursor: walked.next.as_ref().map(Cursor::encode),
        }
    }
}
