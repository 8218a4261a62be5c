//! Domain values in every variant that a view shows differently.

use numberline::app::verify::Verified;
use numberline::domain::{
    Actor, Call, CallAnswer, CallEnd, CallOutcome, CarrierNumberId, Direction, Message,
    MessageStatus, Number, NumberStatus, Origin, Plan, Role, Routing, SharedNumber, SharedStatus,
    VoiceRouting, Workspace, WorkspaceStatus,
    audit::{Changed, Entry, OrderVersions},
    order::{
        GiveBackStep, Order, OrderStatus, ProvisionStep, Trouble, TroubleCode, VisibleStep, Wish,
        Work,
    },
    verify::{Channel, Fault, VerifyCode},
};
use numberline_events::{
    cast,
    samples::{self, ago, days_ago, versions},
};

pub(crate) const ORDER_STATUSES: [OrderStatus; 7] = [
    OrderStatus::Queued,
    OrderStatus::Running,
    OrderStatus::Waiting,
    OrderStatus::Succeeded,
    OrderStatus::Failed,
    OrderStatus::Canceled,
    OrderStatus::NeedsAttention,
];

const PROVISION_STEPS: [ProvisionStep; 7] = [
    ProvisionStep::Search,
    ProvisionStep::Isolate,
    ProvisionStep::Purchase,
    ProvisionStep::Assign,
    ProvisionStep::Configure,
    ProvisionStep::Verify,
    ProvisionStep::Activate,
];

const TROUBLES: [TroubleCode; 12] = [
    TroubleCode::NoInventory,
    TroubleCode::NumberUnavailable,
    TroubleCode::CarrierUnavailable,
    TroubleCode::CarrierBusy,
    TroubleCode::PlatformAccount,
    TroubleCode::RegulatoryHold,
    TroubleCode::SettingUpAccount,
    TroubleCode::OutcomeUnknown,
    TroubleCode::NotWired,
    TroubleCode::FoundElsewhere,
    TroubleCode::WorkspaceNotActive,
    TroubleCode::Unproven(VerifyCode::ProbeSlow),
];

const NUMBER_STATUSES: [NumberStatus; 7] = [
    NumberStatus::Pending,
    NumberStatus::Provisioning,
    NumberStatus::Active,
    NumberStatus::Suspended,
    NumberStatus::Releasing,
    NumberStatus::Released,
    NumberStatus::Failed,
];

const MESSAGE_STATUSES: [MessageStatus; 8] = [
    MessageStatus::Sending,
    MessageStatus::Unknown,
    MessageStatus::Queued,
    MessageStatus::Sent,
    MessageStatus::Delivered,
    MessageStatus::Undelivered,
    MessageStatus::Failed,
    MessageStatus::Received,
];

/// Every status at every step, in every trouble; with and without a number.
pub(crate) fn orders() -> Vec<Order> {
    let mut orders = Vec::new();
    for status in ORDER_STATUSES {
        for step in PROVISION_STEPS {
            orders.push(in_status(samples::bought(3, step, ago(2)).unwrap(), status));
        }
        for step in [GiveBackStep::Release, GiveBackStep::Confirm] {
            orders.extend(give_backs(step).map(|order| in_status(order, status)));
        }
    }
    for code in TROUBLES {
        let mut order = samples::order(4, &cast::harbor(), ago(1)).unwrap();
        order.trouble = Some(Trouble {
            code,
            since: ago(1),
        });
        if let Work::Provision(provision) = &mut order.work {
            provision.wish = Wish::Exact(cast::e164(4).unwrap());
            provision.alternatives = vec![cast::e164(5).unwrap(), cast::e164(6).unwrap()];
        }
        orders.push(order);
    }
    orders.push(samples::succeeded(1, days_ago(20)).unwrap());
    let mut fallen_back = samples::succeeded(1, days_ago(20)).unwrap();
    if let Work::Provision(provision) = &mut fallen_back.work {
        provision.wish = Wish::Any(vec!["907".parse().unwrap()]);
    }
    orders.push(fallen_back);
    orders
}

fn in_status(mut order: Order, status: OrderStatus) -> Order {
    order.status = status;
    order
}

/// Given back at once, and held by the carrier.
fn give_backs(step: GiveBackStep) -> impl Iterator<Item = Order> {
    let number = samples::number(1, NumberStatus::Active, days_ago(2)).unwrap();
    [None, Some(ago(0))].into_iter().map(move |held_until| {
        let mut order = samples::give_back(5, &number, ago(1));
        if let Work::GiveBack(give_back) = &mut order.work {
            (give_back.step, give_back.held_until) = (step, held_until);
        }
        order.done = vec![
            (VisibleStep::Releasing, ago(1)),
            (VisibleStep::Confirming, ago(1)),
            (VisibleStep::Released, ago(1)),
        ];
        order
    })
}

/// Every status and origin; with and without what may be missing.
pub(crate) fn numbers() -> Vec<Number> {
    let mut numbers: Vec<Number> = NUMBER_STATUSES
        .into_iter()
        .map(|status| samples::number(1, status, days_ago(2)).unwrap())
        .collect();
    for origin in [Origin::Purchased, Origin::Imported, Origin::Connected] {
        let mut number = samples::number(2, NumberStatus::Released, days_ago(2)).unwrap();
        number.origin = origin;
        number.label = Some("Front desk".to_owned());
        number.release_order = Some(cast::order(5));
        number.activated_at = Some(days_ago(1));
        number.released_at = Some(ago(1));
        number.routing = Routing {
            voice: VoiceRouting::Forward {
                to: cast::CUSTOMER.parse().unwrap(),
            },
        };
        numbers.push(number);
    }
    numbers
}

/// Every status in both directions; from a short code, and failed.
pub(crate) fn messages() -> Vec<Message> {
    let mut messages = Vec::new();
    for status in MESSAGE_STATUSES {
        for direction in [Direction::Inbound, Direction::Outbound] {
            messages.push(Message {
                status,
                direction,
                ..samples::sent().unwrap()
            });
        }
    }
    let mut failed = samples::received().unwrap();
    failed.theirs = "24273".to_owned();
    failed.failure = Some("unreachable".to_owned());
    failed.segments = 0;
    messages.push(failed);
    messages
}

/// Every answer and end; one of which only the beginning is known, and one of which
/// only the end is.
pub(crate) fn calls() -> Vec<Call> {
    let forward = CallAnswer::Forward {
        to: cast::CUSTOMER.parse().unwrap(),
    };
    let answers = [
        None,
        Some(CallAnswer::Greeting),
        Some(forward),
        Some(CallAnswer::Declined),
    ];
    let end = |outcome| CallEnd {
        outcome,
        seconds: 61,
        at: ago(1),
    };
    let ends = [
        None,
        Some(end(CallOutcome::Completed)),
        Some(end(CallOutcome::Failed)),
    ];
    let mut calls = Vec::new();
    for answer in answers {
        for end in ends {
            let mut call = Call {
                answer: answer.clone(),
                end,
                ..samples::call(1).unwrap()
            };
            call.parties.theirs = "anonymous".to_owned();
            calls.push(call);
        }
    }
    calls
}

/// Every status.
pub(crate) fn shared_numbers() -> Vec<SharedNumber> {
    let statuses = [
        SharedStatus::Preparing,
        SharedStatus::Lending,
        SharedStatus::Withdrawn,
    ];
    let numbers = statuses.into_iter().map(|status| SharedNumber {
        e164: cast::SHARED.parse().unwrap(),
        status,
        carrier: cast::carrier(),
        account: cast::account(),
        carrier_number: CarrierNumberId::new("c0ffee00-0000-4000-8000-000000000009"),
        token: cast::webhook_token(),
        since: days_ago(1),
        changed_by: Actor::system("events"),
    });
    numbers.collect()
}

/// Things of every kind that are on a workspace's record, new and gone.
pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = samples::recorded().unwrap();
    let mut changes = vec![Changed::Member(versions(
        None,
        Some(samples::member(&cast::harbor(), cast::BEN, Role::Member)),
    ))];
    changes.extend(
        workspaces()
            .into_iter()
            .map(|new| Changed::Workspace(versions(None, Some(new)))),
    );
    changes.extend(
        numbers()
            .into_iter()
            .map(|new| Changed::Number(versions(None, Some(new)))),
    );
    changes.extend(orders().into_iter().map(|new| {
        Changed::Order(OrderVersions {
            order: versions(None, Some(new)),
            cancel_requested: false,
            by: None,
        })
    }));
    let changes = changes.into_iter();
    entries.extend(changes.map(|what| samples::change(9, what).entry().unwrap()));
    entries
}

/// Every plan and status; with and without an external id.
pub(crate) fn workspaces() -> Vec<Workspace> {
    let statuses = [
        WorkspaceStatus::Active,
        WorkspaceStatus::Suspended,
        WorkspaceStatus::Deleting,
        WorkspaceStatus::Deleted,
    ];
    let mut workspaces = Vec::new();
    for plan in Plan::ALL {
        for status in statuses {
            let mut workspace = samples::workspace(&cast::harbor(), "Harbor Dental", plan);
            workspace.status = status;
            workspaces.push(workspace.clone());
            workspace.external_id = Some("customer-4711".to_owned());
            workspaces.push(workspace);
        }
    }
    workspaces
}

/// Every code, on every channel in turn; and nothing wrong.
pub(crate) fn verifications() -> Vec<Verified> {
    let channels = [
        Channel::Number,
        Channel::Voice,
        Channel::VoiceFallback,
        Channel::Sms,
        Channel::SmsFallback,
        Channel::Status,
        Channel::Webhooks,
    ];
    let codes = VerifyCode::ALL
        .into_iter()
        .zip(channels.into_iter().cycle());
    let faults = codes.map(|(code, channel)| Fault { channel, code });
    let all = Verified {
        faults: faults.collect(),
        repaired: true,
    };
    vec![all, Verified::default()]
}
