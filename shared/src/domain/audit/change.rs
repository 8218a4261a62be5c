//! Which change of an item is worth an entry, and what it is called.
//!
//! One change is one entry at most: where several things changed at once, the entry is
//! called by the most important, and shows all of them as they were and are.

use serde::{Deserialize, Serialize};

use super::{Action, AtCarrier, Entry, Facts};
use crate::domain::{
    actor::Actor,
    id::ChangeId,
    message::Message,
    number::{Number, NumberStatus, Origin},
    order::{Order, OrderStatus, Owner},
    pair::{SharedNumber, SharedStatus},
    stock::Stock,
    time::Timestamp,
    workspace::{Member, Workspace, WorkspaceStatus},
};

/// A change of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name: the same however often it is told.
    pub id: ChangeId,
    /// When, to the second.
    pub at: Timestamp,
    /// Of what.
    pub what: Changed,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A workspace.
    Workspace(Versions<Workspace>),
    /// A member, in their workspace.
    Member(Versions<Member>),
    /// A member left.
    Departure(Departure),
    /// A number.
    Number(Versions<Number>),
    /// An order.
    Order(OrderVersions),
    /// A number in stock.
    Stock(Versions<Stock>),
    /// A number that the platform lends.
    SharedNumber(Versions<SharedNumber>),
    /// A message: an event, and no entry.
    Message(Versions<Message>),
}

/// A thing before and after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions<T> {
    /// As it was, if it was there.
    pub before: Option<Box<T>>,
    /// As it is, if it still is.
    pub after: Option<Box<T>>,
}

/// An order before and after a change, with what people left beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderVersions {
    /// The order.
    pub order: Versions<Order>,
    /// Whether this change asks for it to be canceled.
    pub cancel_requested: bool,
    /// Who changed it from outside, if the item says so.
    pub by: Option<Actor>,
}

/// That somebody was removed from a workspace: a removed item cannot say who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// The member as they were.
    pub member: Member,
    /// Who removed them.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// What of a change makes an entry.
struct Noted {
    owner: Owner,
    action: Action,
    actor: Actor,
    before: Option<Facts>,
    after: Option<Facts>,
    at_carrier: Option<AtCarrier>,
}

/// The part of the system that works orders.
const WORKER: &str = "order-worker";

impl Change {
    /// The entry this change makes, if it is worth one.
    #[must_use]
    pub fn entry(&self) -> Option<Entry> {
        let noted = match &self.what {
            Changed::Workspace(versions) => of_workspace(versions),
            Changed::Member(versions) => of_member(versions),
            Changed::Departure(departure) => Some(of_departure(departure)),
            Changed::Number(versions) => of_number(versions),
            Changed::Order(versions) => of_order(versions),
            Changed::Stock(versions) => of_stock(versions),
            Changed::SharedNumber(versions) => of_shared_number(versions),
            Changed::Message(_) => None,
        }?;
        // A reservation, a lease, a step: such changes show in nothing here.
        let asked = matches!(&self.what, Changed::Order(order) if order.cancel_requested);
        (asked || noted.before != noted.after).then(|| Entry {
            id: self.id.clone(),
            owner: noted.owner,
            at: self.at,
            action: noted.action,
            actor: noted.actor,
            before: noted.before,
            after: noted.after,
            at_carrier: noted.at_carrier,
        })
    }
}

impl<T> Versions<T> {
    fn facts<'t>(&'t self) -> (Option<Facts>, Option<Facts>)
    where
        Facts: From<&'t T>,
    {
        let facts = |version: &'t Option<Box<T>>| version.as_deref().map(Facts::from);
        (facts(&self.before), facts(&self.after))
    }
}

fn of_workspace(versions: &Versions<Workspace>) -> Option<Noted> {
    let now = versions.after.as_deref()?;
    let (before, after) = versions.facts();
    Some(Noted {
        owner: Owner::Workspace(now.id.clone()),
        action: match versions.before.as_deref() {
            None => Action::WorkspaceCreated,
            Some(before) if before.status != now.status => match now.status {
                WorkspaceStatus::Active => Action::WorkspaceResumed,
                WorkspaceStatus::Suspended => Action::WorkspaceSuspended,
                WorkspaceStatus::Deleting => Action::WorkspaceDeleting,
                WorkspaceStatus::Deleted => Action::WorkspaceDeleted,
            },
            Some(before) if before.plan != now.plan => Action::WorkspacePlanChanged,
            Some(before) if before.name != now.name => Action::WorkspaceRenamed,
            Some(_) => Action::WorkspaceChanged,
        },
        actor: now.changed_by.clone(),
        before,
        after,
        at_carrier: None,
    })
}

/// A member who is gone is told of by their departure.
fn of_member(versions: &Versions<Member>) -> Option<Noted> {
    let now = versions.after.as_deref()?;
    let (before, after) = versions.facts();
    Some(Noted {
        owner: Owner::Workspace(now.workspace.clone()),
        action: match before {
            None => Action::MemberAdded,
            Some(_) => Action::MemberRoleChanged,
        },
        actor: now.changed_by.clone(),
        before,
        after,
        at_carrier: None,
    })
}

fn of_departure(departure: &Departure) -> Noted {
    Noted {
        owner: Owner::Workspace(departure.member.workspace.clone()),
        action: Action::MemberRemoved,
        actor: departure.by.clone(),
        before: Some(Facts::from(&departure.member)),
        after: None,
        at_carrier: None,
    }
}

fn of_number(versions: &Versions<Number>) -> Option<Noted> {
    let now = versions.after.as_deref()?;
    let (before, after) = versions.facts();
    Some(Noted {
        owner: Owner::Workspace(now.workspace.clone()),
        action: match versions.before.as_deref() {
            None => match now.origin {
                Origin::Purchased => Action::NumberPurchased,
                Origin::Imported => Action::NumberImported,
                Origin::Connected => Action::NumberConnected,
            },
            Some(before) if before.status != now.status => moved(before, now),
            Some(before) if before.label != now.label => Action::NumberLabeled,
            Some(before) if before.routing != now.routing => Action::NumberRerouted,
            Some(_) => Action::NumberChanged,
        },
        actor: now.changed_by.clone(),
        before,
        after,
        at_carrier: Some(AtCarrier {
            carrier: now.carrier.clone(),
            account: Some(now.account.clone()),
            number: Some(now.carrier_number.clone()),
        }),
    })
}

/// A number that was bought for a suspended workspace was switched off before it ever
/// worked: it does not work again, but for the first time.
fn moved(before: &Number, now: &Number) -> Action {
    let worked = before.status == NumberStatus::Suspended && before.activated_at.is_some();
    match now.status {
        NumberStatus::Active if worked => Action::NumberResumed,
        NumberStatus::Active => Action::NumberActivated,
        NumberStatus::Suspended => Action::NumberSuspended,
        NumberStatus::Releasing => Action::NumberReleasing,
        NumberStatus::Released => Action::NumberReleased,
        NumberStatus::Failed => Action::NumberFailed,
        NumberStatus::Pending | NumberStatus::Provisioning => Action::NumberChanged,
    }
}

/// Of an order's progress only its beginning and its ends are entries, and what people
/// asked for in between.
fn of_order(versions: &OrderVersions) -> Option<Noted> {
    let OrderVersions {
        order,
        cancel_requested,
        by,
    } = versions;
    let now = order.after.as_deref()?;
    let worker = || Actor::system(WORKER);
    let somebody = || by.clone().unwrap_or_else(|| now.requested_by.clone());
    let before = order.before.as_deref().map(|before| before.status);
    let (action, actor) = match (before, now.status) {
        (None, _) => (Action::OrderPlaced, now.requested_by.clone()),
        (Some(before), after) if before == after && *cancel_requested => {
            (Action::OrderCancelRequested, somebody())
        }
        (Some(before), after) if before == after => return None,
        (_, OrderStatus::Succeeded) => (Action::OrderSucceeded, worker()),
        (_, OrderStatus::Failed) => (Action::OrderFailed, worker()),
        (_, OrderStatus::Canceled) => (Action::OrderCanceled, worker()),
        (_, OrderStatus::NeedsAttention) => (Action::OrderNeedsAttention, worker()),
        (Some(before), _) if before.is_final() => (Action::OrderRetried, somebody()),
        (Some(_), _) if *cancel_requested => (Action::OrderCancelRequested, somebody()),
        (Some(_), OrderStatus::Queued | OrderStatus::Running | OrderStatus::Waiting) => {
            return None;
        }
    };
    let (before, after) = order.facts();
    Some(Noted {
        owner: now.owner.clone(),
        action,
        actor,
        before,
        after,
        at_carrier: Some(AtCarrier {
            carrier: now.carrier.clone(),
            account: None,
            number: None,
        }),
    })
}

fn of_stock(versions: &Versions<Stock>) -> Option<Noted> {
    let (before, after) = versions.facts();
    let known = versions.after.as_deref().or(versions.before.as_deref())?;
    Some(Noted {
        owner: Owner::Stock,
        action: match (&before, &after) {
            (None, _) => Action::StockFiled,
            (Some(_), Some(_)) => Action::StockChanged,
            (Some(_), None) => Action::StockGone,
        },
        actor: Actor::system(WORKER),
        before,
        after,
        at_carrier: Some(AtCarrier {
            carrier: known.carrier.clone(),
            account: Some(known.account.clone()),
            number: Some(known.carrier_number.clone()),
        }),
    })
}

fn of_shared_number(versions: &Versions<SharedNumber>) -> Option<Noted> {
    let now = versions.after.as_deref()?;
    let (before, after) = versions.facts();
    Some(Noted {
        owner: Owner::Stock,
        action: match now.status {
            SharedStatus::Preparing => Action::SharedNumberAdopted,
            SharedStatus::Lending => Action::SharedNumberLent,
            SharedStatus::Withdrawn => Action::SharedNumberWithdrawn,
        },
        actor: now.changed_by.clone(),
        before,
        after,
        at_carrier: Some(AtCarrier {
            carrier: now.carrier.clone(),
            account: Some(now.account.clone()),
            number: Some(now.carrier_number.clone()),
        }),
    })
}
