//! P3, P5 and P6, and what became of texts: what the tables say.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use numberline::domain::{
    ClaimOwner, Direction, E164, Keyword, Message, MessageStatus, MicroDollars, NumberStatus,
    OrderId, Workspace,
    order::{Order, OrderStatus, Work},
    workspace::{Reservations, VELOCITY_WINDOW_DAYS},
};

use super::{Findings, carrier::is_alive};
use crate::{
    lab::{Books, Holdings, Lab, LabCarrier, Rest},
    matrix::Cast,
};

/// P3: an E.164 belongs to at most one workspace, and its claim says to whom.
pub(super) fn one_owner(findings: &mut Findings, books: &Books) {
    let mut rows: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for number in books
        .numbers
        .iter()
        .filter(|number| is_alive(number.status))
    {
        rows.entry(number.e164.as_str()).or_default().push(number);
    }
    for (e164, rows) in rows {
        findings.hold("P3", rows.len() == 1, || {
            format!("{e164} has {} rows", rows.len())
        });
        let claim = books
            .claims
            .iter()
            .find(|claim| claim.e164.as_str() == e164);
        for row in rows {
            let fits = claim.is_some_and(|claim| {
                claim.owner == ClaimOwner::Workspace(row.workspace.clone())
                    && claim.number.as_ref() == Some(&row.id)
                    && claim.account.as_ref() == Some(&row.account)
            });
            findings.hold("P3", fits, || {
                format!(
                    "{e164} is {}'s, and its claim says {claim:?}",
                    row.workspace
                )
            });
        }
    }
}

/// P5: what is held is what is used: the numbers and the running orders, each at its
/// order's price; and as purchases of the window count those that were made, or may be.
pub(super) fn limits(findings: &mut Findings, lab: &Lab, books: &Books, holdings: &Holdings) {
    for workspace in &books.workspaces {
        let Reservations {
            held, purchases, ..
        } = &workspace.reservations;
        let used = used(books, workspace);
        findings.hold("P5", *held == used, || {
            format!("{} holds {held:?} and uses {used:?}", workspace.id)
        });
        let numbers = workspace.limits().numbers;
        let over = u32::try_from(held.len()).unwrap_or(u32::MAX) > numbers;
        findings.hold("P5", !over, || {
            format!("{} holds {} of {numbers} numbers", workspace.id, held.len())
        });
        let window = Duration::from_hours(24 * VELOCITY_WINDOW_DAYS);
        let begin = lab.clock.time().minus(window);
        let counted: BTreeSet<&OrderId> = purchases
            .iter()
            .filter(|(_, ordered_at)| **ordered_at > begin)
            .map(|(order, _)| order)
            .collect();
        let made: BTreeSet<&OrderId> = books
            .orders_for_numbers(&workspace.id)
            .filter(|order| used.contains_key(&order.id) || is_bought(order, holdings))
            .filter(|order| order.created_at > begin)
            .map(|order| &order.id)
            .collect();
        findings.hold("P5", counted == made, || {
            format!(
                "{} has {counted:?} counted as bought, and {made:?} are",
                workspace.id
            )
        });
    }
}

/// Whether the carrier sold a number for an order, also if it went back.
fn is_bought(order: &Order, holdings: &Holdings) -> bool {
    let reference = order.reference();
    let mut sales = holdings.sales.iter();
    sales.any(|sale| sale.reference == reference)
}

/// The orders whose reservation must stand, and at which price.
fn used(books: &Books, workspace: &Workspace) -> BTreeMap<OrderId, MicroDollars> {
    let stands = |order: &&Order| match order.status {
        OrderStatus::Queued
        | OrderStatus::Running
        | OrderStatus::Waiting
        | OrderStatus::NeedsAttention => true,
        OrderStatus::Failed | OrderStatus::Canceled => false,
        OrderStatus::Succeeded => books
            .number_of(&order.id)
            .is_none_or(|number| number.status != NumberStatus::Released),
    };
    let orders = books.orders_for_numbers(&workspace.id).filter(stands);
    orders
        .filter_map(|order| Some((order.id.clone(), price(order)?)))
        .collect()
}

/// What the number of an order costs a month.
fn price(order: &Order) -> Option<MicroDollars> {
    match &order.work {
        Work::Provision(provision) => Some(provision.price),
        Work::GiveBack(give_back) => Some(give_back.monthly_price),
        Work::Close(_) => None,
    }
}

/// A workspace that was to be deleted is gone, and nothing of it is left: no number, no
/// reservation, no account.
pub(super) fn deleted(findings: &mut Findings, books: &Books, cast: &Cast) {
    let Some(closing) = cast.order.as_ref().filter(|_| cast.deleted) else {
        return;
    };
    let workspace = &cast.tenant.workspace;
    let ended = books.order(closing).map(|order| order.status);
    findings.hold("P6", ended == Some(OrderStatus::Succeeded), || {
        format!("the deletion is {ended:?}")
    });
    let gone = books
        .workspaces
        .iter()
        .any(|known| known.id == *workspace && known.is_deleted());
    findings.hold("P2", gone, || format!("{workspace} is not gone"));
    let owned = books
        .numbers
        .iter()
        .filter(|number| number.workspace == *workspace);
    let owned = owned.filter(|number| is_alive(number.status)).count();
    let accounts = books
        .subprojects
        .iter()
        .filter(|known| known.workspace == *workspace);
    let left = owned + accounts.count();
    findings.hold("P2", left == 0, || {
        format!("{left} numbers and accounts of {workspace} are left")
    });
}

/// P6: every order ended in its time, and without going round in circles.
pub(super) fn ended(findings: &mut Findings, lab: &Lab, books: &Books, rest: &Rest) {
    findings.hold("P6", *rest == Rest::Quiet, || {
        format!("the world is {rest:?}")
    });
    for order in books.open_orders() {
        let Order {
            id,
            status,
            trouble,
            ..
        } = order;
        findings.add("P6", format!("{id} is {status:?}: {trouble:?}"));
    }
    let dead = lab.queue.dead();
    findings.hold("P6", dead == 0, || {
        format!("{dead} messages were put aside")
    });
}

/// Who said STOP is known to have said so exactly when their text is kept; and a shared
/// number's pair belongs to who wrote, and to nobody who did not.
pub(super) fn heeded(findings: &mut Findings, books: &Books) {
    for kept in &books.messages {
        let stop =
            kept.direction == Direction::Inbound && Keyword::of(&kept.body) == Some(Keyword::Stop);
        let known = books.consents.iter().any(|consent| {
            consent.opted_out && (&consent.ours, &consent.theirs) == (&kept.ours, &kept.theirs)
        });
        findings.hold("P7", !stop || known, || {
            format!("{} said STOP, and may be written to", kept.theirs)
        });
    }
    let lent = |e164: &E164| books.shared.iter().any(|number| number.e164 == *e164);
    for kept in books.messages.iter().filter(|kept| lent(&kept.ours)) {
        let pair = books
            .pairs
            .iter()
            .find(|pair| (&pair.ours, &pair.theirs) == (&kept.ours, &kept.theirs));
        let theirs = pair.is_some_and(|pair| pair.workspace == kept.workspace);
        findings.hold("P8", theirs, || {
            format!("{} wrote, and the pair is {pair:?}", kept.workspace)
        });
    }
    for pair in &books.pairs {
        let wrote = books.messages.iter().any(|kept| {
            kept.workspace == pair.workspace
                && (&kept.ours, &kept.theirs) == (&pair.ours, &pair.theirs)
        });
        findings.hold("P8", wrote, || {
            format!("{} has a pair and wrote nothing", pair.workspace)
        });
    }
}

/// Rule 10: a text is sent once at most, and shown as what became of it. The local
/// carrier sends no news: there a text stays as the table last had it.
pub(super) fn texts(
    findings: &mut Findings,
    lab: &Lab,
    books: &Books,
    holdings: &Holdings,
    cast: &Cast,
) {
    let Some(text) = &cast.text else { return };
    let kept: Vec<&Message> = books
        .messages
        .iter()
        .filter(|kept| kept.body == *text)
        .collect();
    findings.hold("P7", kept.len() == 1, || {
        format!("the text is kept {} times", kept.len())
    });
    let sent = holdings.texts;
    let is_told = lab.setup.carrier == LabCarrier::SignalWire;
    findings.hold("P4", sent <= 1, || {
        format!("the text was sent {sent} times")
    });
    for message in kept {
        let fits = match message.status {
            MessageStatus::Received => message.workspace == cast.tenant.workspace,
            MessageStatus::Delivered => sent == 1,
            MessageStatus::Unknown => sent == 0 || !is_told,
            MessageStatus::Failed => sent == 0,
            MessageStatus::Sending => !is_told,
            MessageStatus::Queued | MessageStatus::Sent | MessageStatus::Undelivered => false,
        };
        findings.hold("P7", fits, || {
            format!(
                "the text was sent {sent} times, and is {:?}",
                message.status
            )
        });
    }
}
