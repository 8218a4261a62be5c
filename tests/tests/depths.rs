//! Round trips of each use case, one after another, as DESIGN §8 budgets them.
//!
//! Counted at the seam: a call to a table or the key service is one deeper than the
//! deepest that was answered before it set out, so calls side by side count once.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a world that cannot be set up fails its test, and the table is for people"
)]

use std::sync::Arc;

use numberline::{
    app::{Caller, audit, orders::order, provision::any_number, search::search},
    domain::{Number, OrderId, Plan, order::OrderStatus, order::Wish},
};
use numberline_tests::{
    lab::{Books, Lab, Lambda, Setup, Tenant},
    seam::{Measured, Service},
};

/// What a use case may take.
struct Budget {
    name: &'static str,
    depth: u32,
    carrier: u32,
    sqs: u32,
}

/// A workspace with a number that works.
async fn settled() -> (Arc<Lab>, Tenant, Number) {
    let lab = Lab::new(&Setup::default()).unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Enterprise)
        .await
        .unwrap();
    tenant
        .order(&lab, &any_number(None), "first")
        .await
        .unwrap();
    lab.settle().await.unwrap();
    let number = Books::read(&lab.tables).unwrap().numbers.pop().unwrap();
    assert!(number.is_active());
    (lab, tenant, number)
}

/// Holds what was measured to its budget, and prints both.
#[track_caller]
fn check(budget: &Budget, measured: &Measured) {
    let Budget {
        name,
        depth,
        carrier,
        sqs,
    } = *budget;
    let (sent, asked) = (
        measured.count(Service::Sqs),
        measured.count(Service::Carrier),
    );
    println!(
        "{name:<34}depth {:>2} of {depth:>2}   carrier calls {asked} of {carrier}   SQS sends {sent} of {sqs}",
        measured.depth
    );
    let calls = measured.each.iter();
    let calls: Vec<String> = calls
        .map(|(depth, call)| format!("{depth} {call}"))
        .collect();
    let calls = calls.join("\n");
    assert!(
        measured.depth <= depth,
        "{name} takes {} round trips:\n{calls}",
        measured.depth
    );
    assert!(
        asked <= carrier,
        "{name} asks the carrier {asked} times:\n{calls}"
    );
    assert!(sent <= sqs, "{name} sends {sent} messages:\n{calls}");
    assert!(!measured.each.is_empty(), "{name} was not measured");
}

#[tokio::test]
async fn a_search_takes_one_round_trip() {
    let (lab, tenant, _) = settled().await;
    lab.seam.measure();
    let code = "512".parse().unwrap();
    let found = search(&lab.core(), lab.carriers(), &tenant.caller, code, 10).await;
    assert_eq!(found.unwrap().len(), 10);
    let budget = Budget {
        name: "search",
        depth: 1,
        carrier: 1,
        sqs: 0,
    };
    check(&budget, &lab.seam.measured());
}

#[tokio::test]
async fn ordering_takes_two_round_trips() {
    let (lab, tenant, _) = settled().await;
    let exact = Wish::Exact("+15125550107".parse().unwrap());
    for (name, wish) in [
        ("provision, any number", any_number(None)),
        ("provision, chosen", exact),
    ] {
        lab.seam.measure();
        tenant.order(&lab, &wish, name).await.unwrap();
        check(
            &Budget {
                name,
                depth: 2,
                carrier: 0,
                sqs: 1,
            },
            &lab.seam.measured(),
        );
    }
}

#[tokio::test]
async fn asking_for_an_order_takes_one_round_trip_or_two() {
    let (lab, tenant, number) = settled().await;
    let unnamed = Caller {
        workspace: None,
        ..tenant.caller.clone()
    };
    for (name, caller, depth) in [
        ("status-poll, workspace named", &tenant.caller, 1),
        ("status-poll, workspace not named", &unnamed, 2),
    ] {
        lab.seam.measure();
        order(&lab.core(), caller, &number.order).await.unwrap();
        check(
            &Budget {
                name,
                depth,
                carrier: 0,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
    }
}

#[tokio::test]
async fn a_text_takes_two_round_trips_warm_and_four_cold() {
    let (lab, _, number) = settled().await;
    let mailroom = lab.mailroom();
    for (name, depth) in [
        ("webhook-inbound SMS, cold", 4),
        ("webhook-inbound SMS, warm", 2),
    ] {
        let text = lab.text("+14155550177", &number.e164, name).await.unwrap();
        lab.seam.measure();
        Lab::take(&mailroom, &text).await.unwrap();
        check(
            &Budget {
                name,
                depth,
                carrier: 0,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
    }
}

#[tokio::test]
async fn giving_back_takes_two_round_trips() {
    let (lab, tenant, number) = settled().await;
    lab.seam.measure();
    tenant.give_back(&lab, &number.id).await.unwrap();
    let budget = Budget {
        name: "release",
        depth: 2,
        carrier: 0,
        sqs: 1,
    };
    check(&budget, &lab.seam.measured());
}

#[tokio::test]
async fn reading_the_record_takes_two_round_trips_and_verifying_it_three() {
    let (lab, tenant, _) = settled().await;
    let (core, ledger) = (lab.core(), lab.ledger());
    let budget = |name, depth| Budget {
        name,
        depth,
        carrier: 0,
        sqs: 0,
    };
    lab.seam.measure();
    audit::entries(&core, &ledger, &tenant.caller, None, 20)
        .await
        .unwrap();
    check(&budget("audit-log", 2), &lab.seam.measured());
    lab.seam.measure();
    audit::verify(&core, &ledger, &tenant.caller, None)
        .await
        .unwrap();
    check(&budget("audit-log, verification", 3), &lab.seam.measured());
}

#[tokio::test]
async fn a_worker_takes_two_round_trips_a_step() {
    let (lab, tenant, _) = settled().await;
    let exact = Wish::Exact("+15125550107".parse().unwrap());
    let chosen: OrderId = tenant.order(&lab, &exact, "chosen").await.unwrap().id;
    lab.seam.measure();
    lab.settle().await.unwrap();
    let measured = lab.seam.measured();
    let books = Books::read(&lab.tables).unwrap();
    let ended = books.order(&chosen).unwrap();
    assert_eq!(ended.status, OrderStatus::Succeeded);
    let steps = u32::try_from(ended.done.len()).unwrap();
    assert_eq!(steps, 6, "{:?}", ended.done);
    let budget = Budget {
        name: "order-worker, chosen, six steps",
        depth: 2 * steps,
        // The purchase, which sets everything, and the read-back.
        carrier: 2,
        sqs: 0,
    };
    check(&budget, &measured);
}
