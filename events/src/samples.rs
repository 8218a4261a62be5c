//! The cast as domain values, one sample of each kind. Tests vary them field by field.

use std::time::Duration;

use anyhow::{Context, Result};
use numberline::{
    domain::{
        Actor, Call, CallAnswer, CallEnd, CallOutcome, CallParties, Capabilities, CarrierCallId,
        CarrierId, CarrierMessageId, CarrierNumberId, ChangeId, Direction, Member, Message,
        MessageStatus, MicroDollars, Number, NumberStatus, Origin, Plan, Role, Routing, Timestamp,
        Workspace, WorkspaceId, WorkspaceStatus,
        actor::ActorKind,
        audit::{Change, Changed, Departure, Entry, Versions},
        call::call_id,
        message::{conversation_of, inbound_id},
        order::{
            GiveBack, Order, OrderStatus, Owned, Owner, Provision, ProvisionStep, VisibleStep,
            Wish, Work,
        },
        workspace::Reservations,
    },
    store::Thread,
};

use crate::cast::{self, Person};

/// When every world begins: 2026-11-21T06:00:00Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_240_800_000);

/// What every number costs a month.
pub const PRICE: MicroDollars = MicroDollars::from_dollars(1);

/// `minutes` before the world begins.
#[must_use]
pub fn ago(minutes: u64) -> Timestamp {
    NOW.minus(Duration::from_mins(minutes))
}

/// `days` before the world begins.
#[must_use]
pub fn days_ago(days: u64) -> Timestamp {
    ago(days * 24 * 60)
}

/// A workspace that signed up a month ago.
#[must_use]
pub fn workspace(id: &WorkspaceId, name: &str, plan: Plan) -> Workspace {
    Workspace {
        id: id.clone(),
        name: name.to_owned(),
        plan,
        status: WorkspaceStatus::Active,
        external_id: None,
        request_hash: None,
        created_at: days_ago(30),
        reservations: Reservations::default(),
        number_limit: None,
        closing_order: None,
        changed_by: Actor::system("events"),
    }
}

/// `person` in `workspace`.
#[must_use]
pub fn member(workspace: &WorkspaceId, person: Person, role: Role) -> Member {
    Member {
        id: person.member(),
        workspace: workspace.clone(),
        issuer: cast::ISSUER.to_owned(),
        subject: person.subject.to_owned(),
        role,
        since: days_ago(30),
        changed_by: Actor::system("events"),
    }
}

/// An order of `workspace` for any number in 512: accepted, not looked at.
pub fn order(n: u128, workspace: &WorkspaceId, created_at: Timestamp) -> Result<Order> {
    let work = Work::Provision(Provision {
        number: cast::number(n),
        wish: Wish::Any(vec!["512".parse()?]),
        label: None,
        price: PRICE,
        step: ProvisionStep::Search,
        candidate: None,
        refused: Vec::new(),
        refusal: None,
        unclear: false,
        account: None,
        token: None,
        owned: None,
        alternatives: Vec::new(),
    });
    let owner = Owner::Workspace(workspace.clone());
    Ok(new_order(n, owner, cast::carrier(), work, created_at))
}

fn new_order(n: u128, owner: Owner, carrier: CarrierId, work: Work, at: Timestamp) -> Order {
    Order::new(
        cast::order(n),
        owner,
        carrier,
        work,
        &Actor::system("events"),
        at,
    )
}

/// The order of Harbor Dental that bought the number called `num_…n` and is at `step`.
pub fn bought(n: u128, step: ProvisionStep, created_at: Timestamp) -> Result<Order> {
    let mut order = order(n, &cast::harbor(), created_at)?;
    let purchased_at = created_at.plus(Duration::from_mins(1));
    order.status = OrderStatus::Running;
    order.done = vec![
        (VisibleStep::Searching, created_at),
        (VisibleStep::Purchasing, purchased_at),
    ];
    if let Work::Provision(provision) = &mut order.work {
        let e164 = cast::e164(n)?;
        provision.wish = Wish::Exact(e164.clone());
        provision.candidate = Some(e164);
        provision.step = step;
        provision.account = Some(cast::account());
        provision.token = Some(cast::webhook_token());
        provision.owned = Some(Owned {
            carrier_number: carrier_number(n),
            account: cast::account(),
            capabilities: CAPABILITIES,
            purchased_at,
            wired: false,
        });
    }
    Ok(order)
}

/// The same order, done.
pub fn succeeded(n: u128, created_at: Timestamp) -> Result<Order> {
    let mut order = bought(n, ProvisionStep::Activate, created_at)?;
    let active_at = created_at.plus(Duration::from_mins(2));
    order.status = OrderStatus::Succeeded;
    order.wake_at = None;
    for step in [
        VisibleStep::ConfiguringVoice,
        VisibleStep::ConfiguringSms,
        VisibleStep::Verifying,
        VisibleStep::Active,
    ] {
        order.done.push((step, active_at));
    }
    Ok(order)
}

/// An order that gives `number` back: accepted, not looked at.
#[must_use]
pub fn give_back(n: u128, number: &Number, created_at: Timestamp) -> Order {
    let owner = Owner::Workspace(number.workspace.clone());
    let work = Work::GiveBack(GiveBack::of(number));
    new_order(n, owner, number.carrier.clone(), work, created_at)
}

const CAPABILITIES: Capabilities = Capabilities {
    voice: true,
    sms: true,
    mms: true,
};

fn carrier_number(n: u128) -> CarrierNumberId {
    CarrierNumberId::new(format!("c0ffee00-0000-4000-8000-00000000000{n}"))
}

/// The number called `num_…n` of Harbor Dental, which its order of the same digit brought.
pub fn number(n: u128, status: NumberStatus, ordered_at: Timestamp) -> Result<Number> {
    let works = status == NumberStatus::Active;
    Ok(Number {
        id: cast::number(n),
        workspace: cast::harbor(),
        e164: cast::e164(n)?,
        status,
        origin: Origin::Purchased,
        label: None,
        routing: Routing::default(),
        capabilities: CAPABILITIES,
        monthly_price: PRICE,
        carrier: cast::carrier(),
        account: cast::account(),
        carrier_number: carrier_number(n),
        order: cast::order(n),
        release_order: None,
        purchased_at: ordered_at.plus(Duration::from_mins(1)),
        activated_at: works.then(|| ordered_at.plus(Duration::from_mins(2))),
        released_at: None,
        changed_by: Actor::system("events"),
    })
}

/// What the customer wrote first, to the number called `num_…01`.
pub fn received() -> Result<Message> {
    let first = written(1, "Do you have time on Friday?")?;
    Ok(Message {
        at: ago(10),
        ..first
    })
}

/// What the customer wrote a minute or so ago; `n` is the last digit of the carrier's
/// name for it, and minutes are counted backwards from five.
pub fn written(n: u8, body: &str) -> Result<Message> {
    let name = CarrierMessageId::new(format!("7a9e2a44-0000-4000-8000-00000000000{n}"));
    let sent = sent()?;
    Ok(Message {
        id: inbound_id(&sent.carrier, &sent.account, &name),
        direction: Direction::Inbound,
        body: body.to_owned(),
        status: MessageStatus::Received,
        at: ago(5_u64.saturating_sub(n.into())),
        carrier_message: Some(name),
        ..sent
    })
}

/// What Harbor Dental answered, whose delivery is not known yet.
pub fn sent() -> Result<Message> {
    let (workspace, ours) = (cast::harbor(), cast::e164(1)?);
    Ok(Message {
        id: cast::message(2),
        conversation: conversation_of(&workspace, &ours, cast::CUSTOMER),
        workspace,
        direction: Direction::Outbound,
        ours,
        theirs: cast::CUSTOMER.to_owned(),
        body: "Friday at ten is free.".to_owned(),
        status: MessageStatus::Sent,
        failure: None,
        segments: 1,
        at: ago(5),
        carrier: cast::carrier(),
        account: cast::account(),
        carrier_message: Some(CarrierMessageId::new(
            "7a9e2a44-0000-4000-8000-000000000002",
        )),
        request_hash: None,
        changed_by: Actor::system("events"),
    })
}

/// A call of the customer to the number called `num_…01`; `n` is the last digit of the
/// carrier's name for it, and minutes are counted backwards from five.
pub fn call(n: u8) -> Result<Call> {
    let name = CarrierCallId::new(format!("0c9e2a44-0000-4000-8000-00000000000{n}"));
    let (carrier, account) = (cast::carrier(), cast::account());
    let at = ago(5_u64.saturating_sub(n.into()));
    let end = CallEnd {
        outcome: CallOutcome::Completed,
        seconds: 61,
        at: at.plus(Duration::from_mins(2)),
    };
    Ok(Call {
        parties: CallParties {
            id: call_id(&carrier, &account, &name),
            workspace: cast::harbor(),
            ours: cast::e164(1)?,
            theirs: cast::CUSTOMER.to_owned(),
            carrier,
            account,
            carrier_call: name,
        },
        at,
        answer: Some(CallAnswer::Greeting),
        end: Some(end),
    })
}

/// The head of their conversation.
#[must_use]
pub fn thread(newest: &Message) -> Thread {
    Thread {
        id: newest.conversation.clone(),
        workspace: newest.workspace.clone(),
        ours: newest.ours.clone(),
        theirs: newest.theirs.clone(),
        last_body: newest.body.clone(),
        last_direction: newest.direction,
        last_at: newest.at,
    }
}

/// `person` as they act: from where, and with which request.
#[must_use]
pub fn actor(person: Person) -> Actor {
    Actor {
        kind: ActorKind::Member,
        subject: person.subject.to_owned(),
        address: Some("198.51.100.7".to_owned()),
        request_id: Some("JKJaXmPLvHcESHA=".to_owned()),
    }
}

/// A thing before and after a change.
#[must_use]
pub fn versions<T>(before: Option<T>, after: Option<T>) -> Versions<T> {
    Versions {
        before: before.map(Box::new),
        after: after.map(Box::new),
    }
}

/// The change called `chg_…n`.
#[must_use]
pub fn change(n: u128, what: Changed) -> Change {
    Change {
        id: ChangeId::derived(n),
        at: ago(3),
        what,
    }
}

/// What Ada did at Harbor Dental: renamed it, named a number, removed Ben.
pub fn recorded() -> Result<Vec<Entry>> {
    let by = || actor(cast::ADA);
    let before = workspace(&cast::harbor(), "Harbor Dental Care", Plan::Enterprise);
    let renamed = Workspace {
        name: "Harbor Dental".to_owned(),
        changed_by: by(),
        ..before.clone()
    };
    let unnamed = number(1, NumberStatus::Active, days_ago(20))?;
    let named = Number {
        label: Some("Front desk".to_owned()),
        changed_by: by(),
        ..unnamed.clone()
    };
    let removed = Departure {
        member: member(&cast::harbor(), cast::BEN, Role::Member),
        by: by(),
        at: ago(3),
    };
    let changes = [
        Changed::Workspace(versions(Some(before), Some(renamed))),
        Changed::Number(versions(Some(unnamed), Some(named))),
        Changed::Departure(removed),
    ];
    let entries = (1..).zip(changes).map(|(n, what)| {
        let entry = change(n, what).entry();
        entry.context("worth an entry")
    });
    entries.collect()
}
