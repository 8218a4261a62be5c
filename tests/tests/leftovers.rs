//! What could be left over: numbers that moved, accounts half made, orders nobody can
//! read, lists that are long.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use numberline::{
    app::{
        Caller, Error,
        numbers::edit,
        sweep::sweep,
        workspaces::{self, Identity, SignUp, sign_up},
    },
    carrier::signalwire::Placement,
    domain::{
        OrderId, Plan, WorkspaceStatus,
        order::{OrderStatus, Wish},
    },
    store::{NumberEdit, Replay},
};
use numberline_simulator::{Carrier, Fault, Kind, Mode, Operation};
use numberline_tests::{
    lab::{Books, CORE, Lab, Lambda, Rest, Setup, Tenant, caller},
    seam::{Again, Outcome, Service, Strike},
};
use serde_json::{Value, json};

fn books(lab: &Lab) -> Books {
    Books::read(&lab.tables).unwrap()
}

fn any() -> Wish {
    Wish::Any(vec!["512".parse().unwrap()])
}

async fn world(setup: &Setup, plan: Plan) -> (Arc<Lab>, Tenant) {
    let lab = Lab::new(setup).unwrap();
    let tenant = Tenant::sign_up(&lab, "ann", plan).await.unwrap();
    (lab, tenant)
}

/// Something done to the Core table behind everybody's back.
#[track_caller]
fn meddle(lab: &Lab, operation: &str, mut request: Value) -> Value {
    let fields = request.as_object_mut().unwrap();
    fields.insert("TableName".to_owned(), json!(CORE));
    let answer = lab.tables.answer(operation, request.to_string().as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_number_that_was_moved_without_a_word_is_not_forgotten() {
    let placed = Setup {
        placement: Placement::AssignedAfterwards,
        ..Setup::default()
    };
    let (lab, tenant) = world(&placed, Plan::Enterprise).await;
    let unanswered = Fault::once(Carrier::SignalWire, Operation::Transfer, Mode::LostResponse);
    lab.simulator.arrange(unanswered);
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    lab.work_what_is_due().await;
    tenant.cancel(&lab, &order.id).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    lab.clock.advance(Duration::from_hours(24 * 16));
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    assert_eq!(
        books.order(&order.id).unwrap().status,
        OrderStatus::Canceled
    );
    assert_eq!(lab.holdings().unwrap().numbers, []);
    assert!(books.claims.is_empty(), "{:?}", books.claims);
}

#[tokio::test]
async fn an_account_that_was_left_half_made_goes_with_its_workspace() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    let unanswered = Fault::once(
        Carrier::SignalWire,
        Operation::CreateSubproject,
        Mode::LostResponse,
    );
    lab.simulator.arrange(unanswered);
    tenant.order(&lab, &any(), "one").await.unwrap();
    lab.work_what_is_due().await;
    assert_eq!(lab.holdings().unwrap().subprojects.len(), 1);
    tenant.delete(&lab).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    assert_eq!(books.workspaces[0].status, WorkspaceStatus::Deleted);
    assert!(books.subprojects.is_empty(), "{:?}", books.subprojects);
    assert_eq!(lab.holdings().unwrap().subprojects, []);
}

#[tokio::test]
async fn an_account_whose_secrets_are_gone_is_not_called_closed() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let number = books(&lab).numbers.pop().unwrap();
    assert_eq!(order.id, number.order);
    lab.clock.advance(Duration::from_hours(24 * 15));
    tenant.give_back(&lab, &number.id).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let secrets = lab.tables.items("vault").unwrap();
    for secret in secrets {
        let key = json!({ "pk": { "S": secret["pk"] }, "sk": { "S": secret["sk"] } });
        let request = json!({ "TableName": "vault", "Key": key });
        let deleted = lab
            .tables
            .answer("DeleteItem", request.to_string().as_bytes());
        assert_eq!(deleted.status, 200);
    }
    let closing = tenant.delete(&lab).await.unwrap();
    // Nobody remembers the secrets any more.
    lab.clock.advance(Duration::from_mins(10));
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    let status = books.order(&closing.id).unwrap().status;
    assert_eq!(status, OrderStatus::NeedsAttention);
    assert_eq!(books.subprojects.len(), 1);
}

#[tokio::test]
async fn one_order_that_cannot_be_read_keeps_no_other_waiting() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    while let Some(message) = lab.queue.receive(lab.clock.time()) {
        lab.queue.delete(message.id);
    }
    let long_due = "2020-01-01T00:00:00.000Z";
    for shard in 0..4 {
        let item = json!({
            "pk": { "S": "WS#nobody" },
            "sk": { "S": format!("ORDER#{shard}") },
            "wake_shard": { "S": format!("WAKE#{shard}") },
            "wake_at": { "S": long_due },
        });
        meddle(&lab, "PutItem", json!({ "Item": item }));
    }
    lab.clock.advance(Duration::from_secs(1));
    let (core, queue, clock) = (lab.core(), lab.order_queue(), lab.clock());
    let swept = sweep(&core, &queue, &clock).await.unwrap();
    assert_eq!((swept.woken, swept.failed), (1, 4));
    let message = lab.queue.receive(lab.clock.time()).unwrap();
    assert!(message.body.contains(order.id.as_str()), "{message:?}");
}

#[tokio::test]
async fn an_order_whose_wake_up_fails_keeps_no_other_waiting() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    for key in ["one", "two", "three"] {
        tenant.order(&lab, &any(), key).await.unwrap();
    }
    lab.clock.advance(Duration::from_secs(1));
    let (core, queue, clock) = (lab.core(), lab.order_queue(), lab.clock());
    // Four shards are read, and then the first order is moved on.
    lab.seam.record(Some(Strike {
        point: 4,
        outcome: Outcome::Refused,
    }));
    let swept = sweep(&core, &queue, &clock).await.unwrap();
    assert!(!lab.seam.is_armed());
    assert_eq!((swept.woken, swept.failed), (2, 1));
}

#[tokio::test]
async fn a_workspace_with_many_old_purchases_can_order_again() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    let bought_at = lab.clock.time();
    let purchases: serde_json::Map<String, Value> = (0..120)
        .map(|n| {
            (
                OrderId::derived(n).to_string(),
                json!({ "S": bought_at.to_string() }),
            )
        })
        .collect();
    let key =
        json!({ "pk": { "S": format!("WS#{}", tenant.workspace) }, "sk": { "S": "WORKSPACE" } });
    let update = json!({
        "Key": key,
        "UpdateExpression": "SET body.reservations.purchases = :many",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": { ":many": { "M": purchases } },
    });
    meddle(&lab, "UpdateItem", update);
    let too_many = tenant.order(&lab, &any(), "too soon").await;
    assert!(matches!(too_many, Err(Error::OverLimit(_))), "{too_many:?}");
    lab.clock.advance(Duration::from_hours(24 * 31));
    let mut left = Vec::new();
    for key in ["one", "two", "three"] {
        tenant.order(&lab, &any(), key).await.unwrap();
        left.push(books(&lab).workspaces[0].reservations.purchases.len());
    }
    assert_eq!(left, [120 - 50 + 1, 120 - 100 + 2, 3]);
}

#[tokio::test]
async fn an_order_without_its_claim_is_set_aside() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    let wish = Wish::Exact("+15125550107".parse().unwrap());
    let order = tenant.order(&lab, &wish, "one").await.unwrap();
    let claim = lab.tables.items(CORE).unwrap();
    let claim = claim.iter().find(|item| item["sk"] == "CLAIM").unwrap();
    let key = json!({ "pk": { "S": claim["pk"] }, "sk": { "S": claim["sk"] } });
    meddle(&lab, "DeleteItem", json!({ "Key": key }));
    lab.seam.measure();
    let later = lab.clock.time().plus(Duration::from_hours(1));
    lab.settle_until(later).await.unwrap();
    let asked = lab.seam.measured().count(Service::Carrier);
    assert!(asked < 40, "the carrier was asked {asked} times");
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = books(&lab);
    let status = books.order(&order.id).unwrap().status;
    assert_eq!(status, OrderStatus::NeedsAttention);
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 1);
}

#[tokio::test]
async fn an_order_whose_desk_cannot_be_read_is_not_kept() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    tenant.order(&lab, &any(), "one").await.unwrap();
    // Order and desk are taken side by side.
    lab.seam.record(Some(Strike {
        point: 1,
        outcome: Outcome::Refused,
    }));
    lab.work_what_is_due().await;
    let points = lab.seam.points();
    assert!(points[1].call.target.contains("DESK"), "{}", points[1].call);
    lab.seam.stop();
    let items = lab.tables.items(CORE).unwrap();
    let held = items.iter().any(|item| item.contains_key("lease_until"));
    assert!(!held, "nobody is at it, and it is held");
}

/// A key and its workspace are not read as of one moment: the key is looked at again
/// before a limit is named.
#[tokio::test]
async fn a_second_click_gets_the_order_of_the_first() {
    let (lab, tenant) = world(&Setup::default(), Plan::Pro).await;
    let order = tenant.order(&lab, &any(), "one").await.unwrap();
    // As it is for a moment: the reservation is seen, and the key is not.
    let used = lab.tables.items(CORE).unwrap();
    let used = used
        .iter()
        .find(|item| item["sk"].as_str().unwrap().starts_with("KEY#"))
        .unwrap();
    let key = json!({ "pk": { "S": used["pk"] }, "sk": { "S": used["sk"] } });
    let item = meddle(&lab, "GetItem", json!({ "Key": key }))["Item"].clone();
    meddle(&lab, "DeleteItem", json!({ "Key": key }));
    let appears: Again = {
        let there = Arc::downgrade(&lab);
        Arc::new(move || {
            let (there, item) = (Weak::clone(&there), item.clone());
            Box::pin(async move {
                let lab = there.upgrade().unwrap();
                meddle(&lab, "PutItem", json!({ "Item": item }));
            })
        })
    };
    lab.seam.may_revoke(appears);
    lab.seam.record(Some(Strike {
        point: 1,
        outcome: Outcome::Revoked,
    }));
    let again = tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(again.id, order.id);
}

#[tokio::test]
async fn an_identity_in_more_than_a_hundred_workspaces_sees_them_all() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let ann = caller("ann");
    let backend = Caller {
        service: true,
        ..caller("backend")
    };
    let (base, shop) = (lab.base(), lab.shop());
    for n in 0..103 {
        let wanted = SignUp {
            name: format!("Branch {n}"),
            plan: Plan::Starter,
            external_id: None,
            admin: Some(Identity {
                issuer: ann.issuer.clone(),
                subject: ann.subject.clone(),
            }),
            number: None,
        };
        sign_up(&base, &shop, &[], &backend, &wanted, None)
            .await
            .unwrap();
    }
    let listed = workspaces::memberships(&base, &ann).await.unwrap();
    assert_eq!(listed.len(), 103);
}

#[tokio::test]
async fn a_sign_up_that_ended_with_a_warning_buys_nothing_when_it_comes_again() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let ann = caller("ann");
    let wanted = SignUp {
        name: "Ann".to_owned(),
        plan: Plan::Pro,
        external_id: None,
        admin: None,
        number: Some(any()),
    };
    let replay = Replay {
        key: "sign up",
        request_hash: "ann",
    };
    let (base, mut shop) = (lab.base(), lab.shop());
    shop.open = false;
    for open in [false, true, true] {
        shop.open = open;
        let signed_up = sign_up(&base, &shop, &Plan::ALL, &ann, &wanted, Some(replay))
            .await
            .unwrap();
        assert!(signed_up.order.is_none(), "{open}: {signed_up:?}");
        assert!(
            matches!(signed_up.warning, Some(Error::PurchasesDisabled)),
            "{open}: {signed_up:?}"
        );
    }
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    assert_eq!(lab.simulator.ledger().total(Kind::Purchase), 0);
}

#[tokio::test]
async fn the_record_of_a_number_that_was_given_back_is_not_changed() {
    let (lab, tenant) = world(&Setup::default(), Plan::Enterprise).await;
    tenant.order(&lab, &any(), "one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let number = books(&lab).numbers.pop().unwrap();
    let label = NumberEdit {
        label: Some("Front desk".to_owned()),
        routing: None,
    };
    let core = lab.core();
    edit(&core, &tenant.caller, &number.id, &label)
        .await
        .unwrap();
    lab.clock.advance(Duration::from_hours(24 * 15));
    tenant.give_back(&lab, &number.id).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let other = NumberEdit {
        label: Some("Mine".to_owned()),
        routing: None,
    };
    let refused = edit(&core, &tenant.caller, &number.id, &other).await;
    assert!(matches!(refused, Err(Error::NumberGone)), "{refused:?}");
    let kept = books(&lab).numbers.pop().unwrap();
    assert_eq!(kept.label.as_deref(), Some("Front desk"));
    let nobodys = numberline::domain::NumberId::derived(1);
    let missing = edit(&core, &tenant.caller, &nobodys, &other).await;
    assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
}
