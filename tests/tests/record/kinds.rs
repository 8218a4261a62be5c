//! Every kind of change there is, also of those that no flow here makes: items are
//! written as stores write them, and the streams are delivered twice.

use std::collections::BTreeSet;

use numberline::domain::{
    Actor, Member, MessageStatus, Number, NumberStatus, Origin, Plan, Role, Routing, SharedNumber,
    SharedStatus, Stock, VoiceRouting, Workspace, WorkspaceId, WorkspaceStatus,
    audit::{Action, Departure},
    event::MessageStep,
    order::{Order, OrderStatus, Owner},
};
use numberline_events::{cast, samples};
use numberline_tests::lab::{CORE, Lab, MESSAGES};
use serde::Serialize;
use serde_json::{Value, json};

use super::{catalogue, scene::Scene};

/// A change of one item, and what it is called.
struct Case {
    name: &'static str,
    owner: Owner,
    table: &'static str,
    key: (String, String),
    before: Option<Value>,
    after: Option<Value>,
}

/// The `n`th workspace: every case has one of its own, and so a record of its own.
fn workspace_id(n: u128) -> WorkspaceId {
    WorkspaceId::derived(100 + n)
}

fn json_of<T: Serialize>(body: &T) -> Value {
    json!({ "body": body })
}

fn of_workspace(n: u128, action: Action, change: impl Fn(&mut Workspace, bool)) -> Case {
    let id = workspace_id(n);
    let version = |after| {
        let mut workspace = samples::workspace(&id, "Harbor Dental", Plan::Pro);
        change(&mut workspace, after);
        json_of(&workspace)
    };
    let created = action == Action::WorkspaceCreated;
    Case {
        name: action.name(),
        owner: Owner::Workspace(id.clone()),
        table: CORE,
        key: (format!("WS#{id}"), "WORKSPACE".to_owned()),
        before: (!created).then(|| version(false)),
        after: Some(version(true)),
    }
}

fn workspaces() -> Vec<Case> {
    use WorkspaceStatus::{Active, Deleted, Deleting, Suspended};
    let moves = |n, action, from, to| {
        of_workspace(n, action, move |workspace, after| {
            workspace.status = if after { to } else { from };
        })
    };
    vec![
        of_workspace(1, Action::WorkspaceCreated, |_, _| {}),
        of_workspace(2, Action::WorkspaceRenamed, |workspace, after| {
            workspace.name = if after { "After" } else { "Before" }.to_owned();
        }),
        of_workspace(3, Action::WorkspacePlanChanged, |workspace, after| {
            workspace.plan = if after { Plan::Enterprise } else { Plan::Pro };
        }),
        moves(4, Action::WorkspaceSuspended, Active, Suspended),
        moves(5, Action::WorkspaceResumed, Suspended, Active),
        moves(6, Action::WorkspaceDeleting, Active, Deleting),
        moves(7, Action::WorkspaceDeleted, Deleting, Deleted),
        of_workspace(8, Action::WorkspaceChanged, |workspace, after| {
            workspace.external_id = after.then(|| "customer-4711".to_owned());
        }),
    ]
}

fn members() -> Vec<Case> {
    let member = |n, role| samples::member(&workspace_id(n), cast::BEN, role);
    let case = |n, action: Action, kind, before: Option<Member>, after: Option<Value>| Case {
        name: action.name(),
        owner: Owner::Workspace(workspace_id(n)),
        table: CORE,
        key: (
            format!("WS#{}", workspace_id(n)),
            format!("{kind}#{}", cast::BEN.member()),
        ),
        before: before.as_ref().map(json_of),
        after,
    };
    let departure = Departure {
        member: member(13, Role::Member),
        by: Actor::system("test"),
        at: samples::ago(1),
    };
    let added = Some(json_of(&member(11, Role::Member)));
    let changed = Some(json_of(&member(12, Role::Admin)));
    let before = Some(member(12, Role::Member));
    let removed = Some(json_of(&departure));
    vec![
        case(11, Action::MemberAdded, "MEMBER", None, added),
        case(12, Action::MemberRoleChanged, "MEMBER", before, changed),
        case(13, Action::MemberRemoved, "DEPARTURE", None, removed),
    ]
}

fn of_number(n: u128, action: Action, change: impl Fn(&mut Number, bool)) -> Case {
    let id = workspace_id(n);
    let version = |after| {
        let mut number = samples::number(1, NumberStatus::Active, samples::days_ago(2)).unwrap();
        number.workspace = id.clone();
        change(&mut number, after);
        json_of(&number)
    };
    let new = [
        Action::NumberPurchased,
        Action::NumberImported,
        Action::NumberConnected,
    ];
    Case {
        name: action.name(),
        owner: Owner::Workspace(id.clone()),
        table: CORE,
        key: (format!("WS#{id}"), format!("NUMBER#{}", cast::number(1))),
        before: (!new.contains(&action)).then(|| version(false)),
        after: Some(version(true)),
    }
}

fn numbers() -> Vec<Case> {
    use NumberStatus::{Active, Failed, Pending, Provisioning, Released, Releasing, Suspended};
    let from = |n, action, origin| of_number(n, action, move |number, _| number.origin = origin);
    let moves = |n, action, before, now| {
        of_number(n, action, move |number, after| {
            number.status = if after { now } else { before };
        })
    };
    vec![
        from(21, Action::NumberPurchased, Origin::Purchased),
        from(22, Action::NumberImported, Origin::Imported),
        from(23, Action::NumberConnected, Origin::Connected),
        moves(24, Action::NumberActivated, Provisioning, Active),
        moves(25, Action::NumberSuspended, Active, Suspended),
        moves(26, Action::NumberResumed, Suspended, Active),
        moves(27, Action::NumberReleasing, Active, Releasing),
        moves(28, Action::NumberReleased, Releasing, Released),
        moves(29, Action::NumberFailed, Provisioning, Failed),
        moves(30, Action::NumberChanged, Pending, Provisioning),
        of_number(31, Action::NumberLabeled, |number, after| {
            number.label = after.then(|| "Front desk".to_owned());
        }),
        of_number(32, Action::NumberRerouted, |number, after| {
            if after {
                let to = cast::CUSTOMER.parse().unwrap();
                number.routing = Routing {
                    voice: VoiceRouting::Forward { to },
                };
            }
        }),
    ]
}

fn of_order(n: u128, action: Action, statuses: (Option<OrderStatus>, OrderStatus)) -> Case {
    let id = workspace_id(n);
    let order = |status| -> Order {
        let mut order = samples::order(4, &id, samples::ago(1)).unwrap();
        order.status = status;
        order
    };
    let mut after = json_of(&order(statuses.1));
    if action == Action::OrderCancelRequested {
        after["cancel_requested_at"] = json!(samples::ago(1));
        after["changed_by"] = json!(samples::actor(cast::ADA));
    }
    Case {
        name: action.name(),
        owner: Owner::Workspace(id.clone()),
        table: CORE,
        key: (format!("WS#{id}"), format!("ORDER#{}", cast::order(4))),
        before: statuses.0.map(|before| json_of(&order(before))),
        after: Some(after),
    }
}

fn orders() -> Vec<Case> {
    use OrderStatus::{Canceled, Failed, NeedsAttention, Queued, Running, Succeeded, Waiting};
    vec![
        of_order(41, Action::OrderPlaced, (None, Queued)),
        of_order(42, Action::OrderCancelRequested, (Some(Waiting), Waiting)),
        of_order(43, Action::OrderRetried, (Some(Failed), Queued)),
        of_order(44, Action::OrderSucceeded, (Some(Running), Succeeded)),
        of_order(45, Action::OrderFailed, (Some(Running), Failed)),
        of_order(46, Action::OrderCanceled, (Some(Waiting), Canceled)),
        of_order(
            47,
            Action::OrderNeedsAttention,
            (Some(Waiting), NeedsAttention),
        ),
    ]
}

/// What belongs to the platform is on one record: told apart by the numbers.
fn stock() -> Vec<Case> {
    let stock = |line: u128| Stock {
        e164: cast::e164(line).unwrap(),
        former: cast::harbor(),
        carrier: cast::carrier(),
        account: cast::account(),
        carrier_number: numberline::domain::CarrierNumberId::new("c0ffee"),
        monthly_price: samples::PRICE,
        purchased_at: samples::days_ago(2),
        since: samples::ago(1),
        release_at: samples::ago(0),
        release_order: cast::order(4),
    };
    let case = |line, action: Action, before: Option<Stock>, after: Option<Stock>| Case {
        name: action.name(),
        owner: Owner::Stock,
        table: CORE,
        key: (
            "STOCK".to_owned(),
            format!("NUMBER#{}", cast::e164(line).unwrap()),
        ),
        before: before.as_ref().map(json_of),
        after: after.as_ref().map(json_of),
    };
    let later = Stock {
        release_at: samples::days_ago(1),
        ..stock(2)
    };
    vec![
        case(1, Action::StockFiled, None, Some(stock(1))),
        case(2, Action::StockChanged, Some(stock(2)), Some(later)),
        case(3, Action::StockGone, Some(stock(3)), None),
    ]
}

fn shared_numbers() -> Vec<Case> {
    use SharedStatus::{Lending, Preparing, Withdrawn};
    let number = |line: u128, status| SharedNumber {
        e164: cast::e164(line).unwrap(),
        status,
        carrier: cast::carrier(),
        account: cast::account(),
        carrier_number: numberline::domain::CarrierNumberId::new("c0ffee"),
        token: cast::webhook_token(),
        since: samples::days_ago(1),
        changed_by: samples::actor(cast::BACKEND),
    };
    let case = |line, action: Action, before: Option<SharedStatus>, after| Case {
        name: action.name(),
        owner: Owner::Stock,
        table: CORE,
        key: (
            "SHARED".to_owned(),
            format!("NUMBER#{}", cast::e164(line).unwrap()),
        ),
        before: before.map(|status| json_of(&number(line, status))),
        after: Some(json_of(&number(line, after))),
    };
    vec![
        case(1, Action::SharedNumberAdopted, None, Preparing),
        case(2, Action::SharedNumberLent, Some(Preparing), Lending),
        case(3, Action::SharedNumberWithdrawn, Some(Lending), Withdrawn),
    ]
}

fn messages() -> Vec<Case> {
    use MessageStatus::{Delivered, Queued, Received, Sending, Sent, Undelivered};
    let case = |n: u128, step: MessageStep, before, now| {
        let message = |status| {
            let mut message = samples::sent().unwrap();
            message.workspace = workspace_id(n);
            message.status = status;
            json_of(&message)
        };
        let before: Option<MessageStatus> = before;
        Case {
            name: step.name(),
            owner: Owner::Workspace(workspace_id(n)),
            table: MESSAGES,
            key: (format!("OUT#{n}"), "MESSAGE".to_owned()),
            before: before.map(message),
            after: Some(message(now)),
        }
    };
    vec![
        case(61, MessageStep::Received, None, Received),
        case(62, MessageStep::Sent, Some(Sending), Queued),
        case(63, MessageStep::Delivered, Some(Sent), Delivered),
        case(64, MessageStep::Failed, Some(Queued), Undelivered),
    ]
}

fn cases() -> Vec<Case> {
    [
        workspaces(),
        members(),
        numbers(),
        orders(),
        stock(),
        shared_numbers(),
        messages(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Writes an item, or takes it away.
pub(crate) fn write(lab: &Lab, table: &str, key: &(String, String), item: Option<&Value>) {
    let (pk, sk) = key;
    let keys = json!({ "pk": pk, "sk": sk });
    let typed = |plain: Value| {
        let item: serde_dynamo::Item = serde_dynamo::to_item(plain).unwrap();
        serde_json::to_value(item).unwrap()
    };
    let (operation, request) = match item {
        None => (
            "DeleteItem",
            json!({ "TableName": table, "Key": typed(keys) }),
        ),
        Some(item) => {
            let mut whole = item.clone();
            whole["pk"] = json!(pk);
            whole["sk"] = json!(sk);
            (
                "PutItem",
                json!({ "TableName": table, "Item": typed(whole) }),
            )
        }
    };
    let answer = lab.tables.answer(operation, request.to_string().as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn of_every_kind_of_change_there_is_one_entry_and_one_event() {
    let mut scene = Scene::new();
    let cases = cases();
    for case in &cases {
        if let Some(before) = &case.before {
            write(&scene.lab, case.table, &case.key, Some(before));
        }
    }
    scene.catch_up().await;
    let before = scene.lab.bus.published().len();
    for case in &cases {
        write(&scene.lab, case.table, &case.key, case.after.as_ref());
    }
    scene.catch_up().await;
    let published = scene.lab.bus.published().split_off(before);
    let new: BTreeSet<&str> = published
        .iter()
        .filter_map(|event| event.detail["id"].as_str())
        .collect();
    for case in &cases {
        let entries = scene.record_of(&case.owner).await;
        let entries: Vec<_> = entries
            .iter()
            .filter(|entry| entry.action.name() == case.name && new.contains(entry.id.as_str()))
            .collect();
        let events: BTreeSet<String> = published
            .iter()
            .filter(|event| event.kind == case.name)
            .map(|event| event.detail.to_string())
            .collect();
        assert_eq!(events.len(), 1, "{}: {events:?}", case.name);
        let expected = usize::from(!case.name.starts_with("message."));
        assert_eq!(entries.len(), expected, "{}", case.name);
        assert_eq!(
            scene.walk(&case.owner).await.findings(),
            [],
            "{}",
            case.name
        );
    }
    for event in &published {
        catalogue::check(event);
    }
    let told: BTreeSet<&str> = published.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(told, catalogue::names());
}

#[tokio::test]
async fn who_asked_for_a_cancel_is_who_did_it() {
    let mut scene = Scene::new();
    let case = &orders()[1];
    write(&scene.lab, CORE, &case.key, case.before.as_ref());
    write(&scene.lab, CORE, &case.key, case.after.as_ref());
    scene.catch_up().await;
    let entries = scene.record_of(&case.owner).await;
    let last = entries.last().unwrap();
    assert_eq!(last.action, Action::OrderCancelRequested);
    assert_eq!(last.actor, samples::actor(cast::ADA));
}

#[tokio::test]
async fn what_shows_in_nothing_is_on_no_record() {
    let mut scene = Scene::new();
    let key = |sk: &str| (format!("WS#{}", workspace_id(1)), sk.to_owned());
    let workspace = samples::workspace(&workspace_id(1), "Harbor Dental", Plan::Pro);
    let mut reserved = workspace.clone();
    reserved.reservations.version += 1;
    let order = |status| {
        let mut order = samples::order(4, &workspace_id(1), samples::ago(1)).unwrap();
        order.status = status;
        json_of(&order)
    };
    let quiet = [
        ("WORKSPACE", Some(json_of(&reserved))),
        ("ORDER#4", Some(order(OrderStatus::Running))),
        ("ORDER#4", Some(order(OrderStatus::Waiting))),
        ("KEY#1", Some(json!({ "body": "an idempotency key" }))),
        ("SUBPROJECT#1", Some(json!({ "body": "an account" }))),
        ("MEMBER#1", None),
        (
            "SOMETHING#NEW",
            Some(json!({ "body": "of a later version" })),
        ),
    ];
    let ben = samples::member(&workspace_id(1), cast::BEN, Role::Member);
    write(
        &scene.lab,
        CORE,
        &key("WORKSPACE"),
        Some(&json_of(&workspace)),
    );
    write(
        &scene.lab,
        CORE,
        &key("ORDER#4"),
        Some(&order(OrderStatus::Queued)),
    );
    write(&scene.lab, CORE, &key("MEMBER#1"), Some(&json_of(&ben)));
    scene.catch_up().await;
    let before = scene.record(&workspace_id(1)).await;
    assert_eq!(before.len(), 3);
    for (sk, item) in quiet {
        write(&scene.lab, CORE, &key(sk), item.as_ref());
        scene.catch_up().await;
        assert_eq!(scene.record(&workspace_id(1)).await, before, "{sk}");
    }
}
