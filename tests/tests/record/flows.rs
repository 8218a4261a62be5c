//! What people do, from signing up to giving back, and what the record says of it.

use std::collections::{BTreeMap, BTreeSet};

use numberline::{
    app::{
        Caller,
        bookkeep::asks_for_a_person,
        numbers,
        provision::any_number,
        send::{Text, send},
        workspaces::{self, Identity},
    },
    domain::{
        Number, Plan, Role, Routing, VoiceRouting, WorkspaceId,
        audit::{Action, Changed, OrderVersions},
        order::{OrderStatus, Owner},
    },
    store::{NumberEdit, Replay, WorkspaceEdit},
};
use numberline_events::samples;
use numberline_simulator::{Carrier, Fault, Mode, Operation};
use numberline_tests::lab::{Books, Lambda, Published, Rest, Tenant};

use super::scene::Scene;

const CUSTOMER: &str = "+14155550177";

/// Signs up, gets a number, and has it fail once before.
async fn get_a_number(scene: &Scene) -> (Tenant, Number) {
    let lab = &scene.lab;
    let mut tenant = Tenant::sign_up(lab, "ann", Plan::Enterprise).await.unwrap();
    tenant.caller = Caller {
        address: Some("198.51.100.7".to_owned()),
        request_id: Some("request-1".to_owned()),
        ..tenant.caller
    };
    let refused = Fault::once(Carrier::SignalWire, Operation::Purchase, Mode::Refuse);
    lab.simulator.arrange(refused);
    let wish = numberline::domain::order::Wish::Exact("+15125550107".parse().unwrap());
    tenant.order(lab, &wish, "refused").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let placed = tenant.order(lab, &any_number(None), "first").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    let number = books.number_of(&placed.id).unwrap().clone();
    assert!(number.is_active());
    (tenant, number)
}

/// Names the number, routes it, renames the workspace, lets somebody in and out again.
async fn administer(scene: &Scene, tenant: &Tenant, number: &Number) {
    let (base, caller) = (scene.lab.base(), &tenant.caller);
    let routing = Routing {
        voice: VoiceRouting::Greeting {
            text: "Hello.".to_owned(),
        },
    };
    for edit in [
        NumberEdit {
            label: Some("Front desk".to_owned()),
            routing: None,
        },
        NumberEdit {
            label: None,
            routing: Some(routing),
        },
    ] {
        numbers::edit(&base.core, caller, &number.id, &edit)
            .await
            .unwrap();
    }
    let name = WorkspaceEdit {
        name: Some("Ann and Sons".to_owned()),
        ..WorkspaceEdit::default()
    };
    workspaces::edit(&base, caller, &name).await.unwrap();
    let ben = Identity {
        issuer: "https://issuer.example".to_owned(),
        subject: "ben".to_owned(),
    };
    let member = workspaces::add_member(&base, caller, &ben, Role::Member)
        .await
        .unwrap();
    workspaces::remove_member(&base, caller, &member.id)
        .await
        .unwrap();
}

/// A text comes in, one goes out and arrives.
async fn talk(scene: &Scene, tenant: &Tenant, number: &Number) {
    let lab = &scene.lab;
    let webhook = lab
        .text(CUSTOMER, &number.e164, "a secret of mine")
        .await
        .unwrap();
    lab.take_cold(&webhook).await.unwrap();
    let text = Text {
        to: CUSTOMER.parse().unwrap(),
        from: None,
        body: "a secret of ours".to_owned(),
    };
    let replay = Replay {
        key: "text",
        request_hash: "text",
    };
    let (base, post) = (lab.base(), lab.post());
    Box::pin(send(&base, &post, &tenant.caller, &text, replay))
        .await
        .unwrap();
    for news in lab.statuses().await {
        lab.take_cold(&news).await.unwrap();
    }
}

fn count<T: Ord>(of: impl IntoIterator<Item = T>) -> BTreeMap<T, u32> {
    let mut counts = BTreeMap::new();
    for one in of {
        *counts.entry(one).or_default() += 1;
    }
    counts
}

/// From signing up until the number is gone from the stock, two weeks later.
async fn whole_story(scene: &mut Scene) -> WorkspaceId {
    let (tenant, number) = get_a_number(scene).await;
    administer(scene, &tenant, &number).await;
    Box::pin(talk(scene, &tenant, &number)).await;
    tenant.give_back(&scene.lab, &number.id).await.unwrap();
    assert_eq!(scene.lab.settle().await.unwrap(), Rest::Quiet);
    scene.catch_up().await;
    tenant.workspace
}

#[tokio::test]
async fn every_change_is_on_the_record_once_and_told_once_by_its_id() {
    let mut scene = Scene::new();
    let workspace = Box::pin(whole_story(&mut scene)).await;
    let of_workspace = scene.record(&workspace).await;
    let of_platform = scene.record_of(&Owner::Stock).await;
    let expected = [
        (Action::WorkspaceCreated, 1),
        (Action::WorkspaceRenamed, 1),
        (Action::MemberAdded, 2),
        (Action::MemberRemoved, 1),
        (Action::OrderPlaced, 3),
        (Action::OrderFailed, 1),
        (Action::OrderSucceeded, 2),
        (Action::NumberPurchased, 1),
        (Action::NumberActivated, 1),
        (Action::NumberLabeled, 1),
        (Action::NumberRerouted, 1),
        (Action::NumberReleasing, 1),
        (Action::NumberReleased, 1),
    ];
    let actions = count(of_workspace.iter().map(|entry| entry.action));
    assert_eq!(actions, BTreeMap::from(expected));
    let expected = [
        (Action::StockFiled, 1),
        (Action::OrderPlaced, 1),
        (Action::OrderSucceeded, 1),
        (Action::StockGone, 1),
    ];
    let actions = count(of_platform.iter().map(|entry| entry.action));
    assert_eq!(actions, BTreeMap::from(expected));
    for owner in [Owner::Workspace(workspace), Owner::Stock] {
        assert_eq!(scene.walk(&owner).await.findings(), []);
    }

    let published = scene.lab.bus.published();
    let ids = |event: &Published| event.detail["id"].as_str().unwrap().to_owned();
    let told: BTreeSet<String> = published.iter().map(ids).collect();
    let entries = of_workspace.iter().chain(&of_platform);
    let entries: BTreeSet<String> = entries.map(|entry| entry.id.to_string()).collect();
    let messages = published
        .iter()
        .filter(|event| event.kind.starts_with("message."));
    let messages: BTreeSet<String> = messages.map(ids).collect();
    assert_eq!(told, entries.union(&messages).cloned().collect());
    let kinds = published
        .iter()
        .map(|event| (ids(event), event.kind.as_str()));
    let kinds: BTreeMap<String, &str> = kinds.collect();
    let of_messages = count(kinds.values().filter(|kind| kind.starts_with("message.")));
    let expected = [
        (&"message.received", 1),
        (&"message.sent", 1),
        (&"message.delivered", 1),
    ];
    assert_eq!(of_messages, BTreeMap::from(expected));
}

#[tokio::test]
async fn an_entry_says_who_from_where_with_which_request_and_what_was_before() {
    let mut scene = Scene::new();
    let workspace = Box::pin(whole_story(&mut scene)).await;
    let record = scene.record(&workspace).await;
    let only = |action| {
        let entry = record.iter().find(|entry| entry.action == action);
        serde_json::to_value(entry.unwrap()).unwrap()
    };
    let labeled = only(Action::NumberLabeled);
    assert_eq!(labeled["before"]["label"], serde_json::Value::Null);
    assert_eq!(labeled["after"]["label"], "Front desk");
    for action in [
        Action::NumberLabeled,
        Action::NumberRerouted,
        Action::NumberReleasing,
        Action::WorkspaceRenamed,
        Action::MemberRemoved,
    ] {
        let actor = &only(action)["actor"];
        assert_eq!(actor["subject"], "ann", "{action:?}");
        assert_eq!(actor["address"], "198.51.100.7", "{action:?}");
        assert_eq!(actor["request_id"], "request-1", "{action:?}");
    }
    let removed = only(Action::MemberRemoved);
    assert_eq!(removed["before"]["subject"], "ben");
    assert_eq!(removed["after"], serde_json::Value::Null);
    let bought = only(Action::NumberPurchased);
    assert_eq!(bought["atCarrier"]["carrier"], "signalwire");
}

#[tokio::test]
async fn no_event_names_a_carrier_or_says_what_a_message_says() {
    let mut scene = Scene::new();
    Box::pin(whole_story(&mut scene)).await;
    let books = Books::read(&scene.lab.tables).unwrap();
    let account = books.numbers[0].account.to_string();
    let published = format!("{:?}", scene.lab.bus.published());
    for secret in ["a secret of", "signalwire", "SignalWire", &account] {
        assert!(!published.contains(secret), "{secret} in {published}");
    }
}

#[tokio::test]
async fn an_order_that_needs_a_person_is_news_until_it_is_kept() {
    let scene = Scene::new();
    let books = scene.lab.bookkeeping();
    let before = samples::order(4, &WorkspaceId::derived(1), samples::ago(1)).unwrap();
    let mut after = before.clone();
    after.status = OrderStatus::NeedsAttention;
    let change = samples::change(
        1,
        Changed::Order(OrderVersions {
            order: samples::versions(Some(before), Some(after)),
            cancel_requested: false,
            by: None,
        }),
    );
    for _ in 0..2 {
        assert!(asks_for_a_person(&books, &change).await.unwrap());
    }
    numberline::app::bookkeep::keep(&books, &change)
        .await
        .unwrap();
    assert!(!asks_for_a_person(&books, &change).await.unwrap());
}
