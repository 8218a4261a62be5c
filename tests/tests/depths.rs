//! Round trips of each use case, one after another, held to their budgets
//! (`docs/performance.md`).
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
    app::{
        Caller, audit,
        numbers::edit,
        orders::order,
        provision::any_number,
        search::{Search, Where, search},
        verify::verify,
    },
    domain::{
        Number, OrderId, Plan, Routing, VoiceRouting, order::OrderStatus, order::Wish, pace::Rate,
    },
    store::NumberEdit,
};
use numberline_simulator::{Carrier, Inbound};
use numberline_tests::{
    lab::{Books, Lab, Lambda, Setup, Tenant, lend_number},
    seam::{Measured, Service},
};

/// What a use case takes, and what it may take.
struct Budget {
    name: &'static str,
    /// Round trips one after another: so many, no more and no fewer.
    depth: u32,
    /// The most that is allowed, where a bound is set: see `docs/performance.md`.
    allowed: Option<u32>,
    carrier: u32,
    sqs: u32,
}

/// A world in which turns are taken at the carrier, as the template has it.
fn deployed() -> Setup {
    Setup {
        rate: Some(Rate::new(100).unwrap()),
        ..Setup::default()
    }
}

/// A workspace with a number that works.
async fn settled() -> (Arc<Lab>, Tenant, Number) {
    let lab = Lab::new(&deployed()).unwrap();
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

/// Holds what was measured to what it was and to its budget, and prints both. What takes
/// less than it did takes less for good: the figure here goes down with it.
#[track_caller]
fn check(budget: &Budget, measured: &Measured) {
    let Budget {
        name,
        depth,
        allowed,
        carrier,
        sqs,
    } = *budget;
    let (sent, asked) = (
        measured.count(Service::Sqs),
        measured.count(Service::Carrier),
    );
    let probes = measured.count(Service::Public);
    let bound = allowed.map_or("-".to_owned(), |allowed| allowed.to_string());
    println!(
        "{name:<37}depth {:>2} of {bound:>2}   carrier calls {asked}   SQS sends {sent}   probes {probes}",
        measured.depth
    );
    let calls = measured.each.iter();
    let calls: Vec<String> = calls
        .map(|(depth, call)| format!("{depth} {call}"))
        .collect();
    let calls = calls.join("\n");
    assert_eq!(measured.depth, depth, "round trips of {name}:\n{calls}");
    assert!(
        allowed.is_none_or(|allowed| measured.depth <= allowed),
        "{name} takes more than is allowed:\n{calls}"
    );
    assert_eq!(asked, carrier, "calls of {name} to the carrier:\n{calls}");
    assert_eq!(sent, sqs, "messages that {name} sends:\n{calls}");
    assert!(!measured.each.is_empty(), "{name} was not measured");
}

#[tokio::test]
async fn a_search_takes_one_round_trip() {
    let (lab, tenant, _) = settled().await;
    let area_code = |code: &str| Search::any_in(code.parse().unwrap(), 10);
    let zip = Search {
        place: Where::Zip("10001".parse().unwrap()),
        ..area_code("212")
    };
    // Neighbours are asked when there is nothing: six of them.
    // The neighbours' turn is taken only when it is known that they are asked.
    for (name, wanted, depth, carrier, found) in [
        ("search", area_code("512"), 1, 1, 10),
        ("search, ZIP code of four codes", zip, 1, 4, 10),
        ("search, nothing there", area_code("737"), 1 + 1, 1 + 6, 0),
    ] {
        lab.seam.measure();
        let (base, carriers) = (lab.base(), lab.carriers());
        let answer = search(&base, carriers, &tenant.caller, &wanted).await;
        assert_eq!(answer.unwrap().numbers.len(), found, "{name}");
        let budget = Budget {
            name,
            depth,
            allowed: (found > 0).then_some(1),
            carrier,
            sqs: 0,
        };
        check(&budget, &lab.seam.measured());
    }
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
                allowed: Some(2),
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
                allowed: Some(depth),
                carrier: 0,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
    }
}

#[tokio::test]
async fn a_text_takes_two_round_trips_warm_and_three_cold() {
    let (lab, _, number) = settled().await;
    let mailroom = lab.mailroom();
    for (name, depth, allowed) in [
        ("webhook-inbound SMS, cold", 3, 4),
        ("webhook-inbound SMS, warm", 2, 2),
    ] {
        let text = lab.text("+14155550177", &number.e164, name).await.unwrap();
        lab.seam.measure();
        Lab::take(&mailroom, &text).await.unwrap();
        check(
            &Budget {
                name,
                depth,
                allowed: Some(allowed),
                carrier: 0,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
    }
}

#[tokio::test]
async fn verifying_takes_three_round_trips_cold_and_two_warm() {
    let (lab, tenant, number) = settled().await;
    let (base, verifier) = (lab.base(), lab.verifier());
    for (name, depth) in [("verify, cold", 3), ("verify, warm", 2)] {
        lab.seam.measure();
        let pass = verify(&base, &verifier, &tenant.caller, &number.id, false);
        assert_eq!(Box::pin(pass).await.unwrap().faults, []);
        check(
            &Budget {
                name,
                depth,
                allowed: None,
                carrier: 1,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
    }
}

#[tokio::test]
async fn a_text_to_a_shared_number_takes_no_more() {
    let lab = Lab::new(&Setup {
        owned: &["+15125550190"],
        ..deployed()
    });
    let lab = lab.unwrap();
    let shared = lend_number(&lab, "+15125550190").await.unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Starter).await.unwrap();
    let customer = "+14155550177";
    tenant.text(&lab, customer, "hello", "1").await.unwrap();
    let mailroom = lab.mailroom();
    for (name, depth, allowed) in [
        ("webhook-inbound shared SMS, cold", 3, 4),
        ("webhook-inbound shared SMS, warm", 2, 2),
    ] {
        let text = lab.text(customer, &shared.e164, name).await.unwrap();
        lab.seam.measure();
        Lab::take(&mailroom, &text).await.unwrap();
        check(
            &Budget {
                name,
                depth,
                allowed: Some(allowed),
                carrier: 0,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
    }
}

/// Sending has no budget of its own: what it takes is held here.
#[tokio::test]
async fn sending_takes_no_more_than_it_did() {
    let (lab, tenant, _) = settled().await;
    let owned = Lab::new(&Setup {
        owned: &["+15125550190"],
        ..deployed()
    });
    let owned = owned.unwrap();
    lend_number(&owned, "+15125550190").await.unwrap();
    let starter = Tenant::sign_up(&owned, "admin", Plan::Starter)
        .await
        .unwrap();
    for (name, lab, tenant, depth) in [
        ("communications, own number", &lab, &tenant, 6),
        ("communications, shared number", &owned, &starter, 6),
    ] {
        lab.seam.measure();
        tenant
            .text(lab, "+14155550177", "hello", "1")
            .await
            .unwrap();
        check(
            &Budget {
                name,
                depth,
                allowed: None,
                carrier: 1,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
    }
}

/// Neither has a call: claim, number, the claim on where it goes, and writing it down.
#[tokio::test]
async fn a_call_takes_three_round_trips_or_four() {
    let (lab, tenant, number) = settled().await;
    let mailroom = lab.mailroom();
    let ring = async || {
        let call = Inbound::call(Carrier::SignalWire, "+14155550177", number.e164.as_str());
        lab.happens(&call).await.unwrap()
    };
    Lab::take(&mailroom, &ring().await).await.unwrap();
    let to = "+12125550142".parse().unwrap();
    let change = NumberEdit {
        label: None,
        routing: Some(Routing {
            voice: VoiceRouting::Forward { to },
        }),
    };
    for (name, depth) in [
        ("webhook-inbound call, greeting, warm", 3),
        ("webhook-inbound call, forward, warm", 4),
    ] {
        let call = ring().await;
        lab.seam.measure();
        Lab::take(&mailroom, &call).await.unwrap();
        check(
            &Budget {
                name,
                depth,
                allowed: None,
                carrier: 0,
                sqs: 0,
            },
            &lab.seam.measured(),
        );
        edit(&lab.core(), &tenant.caller, &number.id, &change)
            .await
            .unwrap();
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
        allowed: Some(2),
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
        allowed: None,
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
        depth: 10,
        allowed: Some(2 * steps),
        // The purchase, which sets everything, and the read-back.
        carrier: 2,
        sqs: 0,
    };
    check(&budget, &measured);
    // Side by side with each other and with the read-back.
    assert_eq!(measured.count(Service::Public), 2);
}
