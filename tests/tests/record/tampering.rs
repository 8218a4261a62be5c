//! Somebody who may write the Ledger is at it: whatever they do is found.

use numberline::domain::{
    Role, WorkspaceId,
    audit::{
        Action, Changed, Entry, Fault,
        Fault::{Altered, Inserted, Missing, Replaced},
        Hash, Sealed,
    },
    order::Owner,
};
use numberline_events::{cast, samples};
use numberline_tests::lab::{CORE, LEDGER};
use serde_json::{Value, json};

use super::{kinds::write, scene::Scene};

const WORKSPACE: u128 = 1;

fn owner() -> Owner {
    Owner::Workspace(WorkspaceId::derived(WORKSPACE))
}

fn key(place: u64) -> (String, String) {
    let workspace = WorkspaceId::derived(WORKSPACE);
    (format!("WS#{workspace}"), format!("AUDIT#{place:020}"))
}

/// That somebody became a member: the `n`th thing that was done.
fn entry(n: u128) -> Entry {
    let mut member = samples::member(&WorkspaceId::derived(WORKSPACE), cast::BEN, Role::Member);
    member.subject = format!("person {n}");
    let change = samples::change(n, Changed::Member(samples::versions(None, Some(member))));
    let entry = change.entry().unwrap();
    assert_eq!(entry.action, Action::MemberAdded);
    entry
}

/// A record of five.
async fn five() -> Scene {
    let scene = Scene::new();
    for n in 1..=5 {
        scene.lab.ledger().append(&entry(n)).await.unwrap();
    }
    assert_eq!(found(&scene).await, []);
    scene
}

async fn found(scene: &Scene) -> Vec<(u64, u64, Fault)> {
    let walk = scene.walk(&owner()).await;
    let findings = walk.findings().iter();
    findings
        .map(|finding| (finding.sequence, finding.count, finding.fault))
        .collect()
}

/// The entry in a place, as it is kept.
fn kept(scene: &Scene, place: u64) -> Value {
    let items = scene.lab.tables.items(LEDGER).unwrap().into_iter();
    let mut there = items.filter(|item| item["sk"] == key(place).1);
    Value::from(there.next().unwrap())
}

/// An entry in a place, as nobody but the bookkeeper should write it.
fn forged(place: u64, previous: &str) -> Value {
    let sealed = Sealed::new(&entry(99), place, &Hash::kept(previous)).unwrap();
    json!({
        "content": sealed.content,
        "previous": sealed.previous,
        "hash": sealed.hash,
    })
}

#[tokio::test]
async fn a_removed_entry_is_found() {
    let scene = five().await;
    write(&scene.lab, LEDGER, &key(2), None);
    assert_eq!(found(&scene).await, [(2, 1, Missing)]);
}

#[tokio::test]
async fn an_altered_entry_is_found() {
    let scene = five().await;
    let mut entry = kept(&scene, 3);
    let content = entry["content"].as_str().unwrap();
    entry["content"] = content.replace("person 3", "nobody").into();
    write(&scene.lab, LEDGER, &key(3), Some(&entry));
    assert_eq!(found(&scene).await, [(3, 1, Altered)]);
}

#[tokio::test]
async fn a_replaced_entry_is_found_by_the_next() {
    let scene = five().await;
    let previous = kept(&scene, 2)["hash"].as_str().unwrap().to_owned();
    write(&scene.lab, LEDGER, &key(3), Some(&forged(3, &previous)));
    assert_eq!(found(&scene).await, [(4, 1, Replaced)]);
}

#[tokio::test]
async fn an_inserted_entry_is_found() {
    let scene = five().await;
    let last = kept(&scene, 5)["hash"].as_str().unwrap().to_owned();
    write(&scene.lab, LEDGER, &key(6), Some(&forged(6, &last)));
    assert_eq!(found(&scene).await, [(6, 1, Inserted)]);
    // It stays to be seen when the record goes on.
    scene.lab.ledger().append(&entry(6)).await.unwrap();
    assert_eq!(found(&scene).await, [(7, 1, Replaced)]);
}

#[tokio::test]
async fn an_entry_in_a_place_that_none_has_is_found() {
    let scene = five().await;
    let (pk, sk) = key(3);
    write(
        &scene.lab,
        LEDGER,
        &(pk, format!("{sk}a")),
        Some(&forged(3, "")),
    );
    assert_eq!(found(&scene).await, [(4, 1, Inserted)]);
}

#[tokio::test]
async fn the_newest_entries_are_missed() {
    let scene = five().await;
    write(&scene.lab, LEDGER, &key(5), None);
    write(&scene.lab, LEDGER, &key(4), None);
    assert_eq!(found(&scene).await, [(4, 2, Missing)]);
    scene.lab.ledger().append(&entry(6)).await.unwrap();
    assert_eq!(
        found(&scene).await,
        [(4, 2, Missing)],
        "also when it goes on"
    );
}

#[tokio::test]
async fn a_record_that_is_gone_is_missed() {
    let scene = five().await;
    for place in 1..=5 {
        write(&scene.lab, LEDGER, &key(place), None);
    }
    assert_eq!(found(&scene).await, [(1, 5, Missing)]);
}

/// After Core was restored its head is behind. Nothing is lost, and the break shows.
#[tokio::test]
async fn a_head_that_went_back_does_not_stop_the_record() {
    let scene = five().await;
    let heads = scene.lab.tables.items(CORE).unwrap().into_iter();
    let mut heads = heads.filter(|item| item["sk"] == "HEAD");
    let head = heads.next().unwrap();
    let place = |name: &str| head[name].as_str().unwrap().to_owned();
    let before = json!({ "body": { "sequence": 3, "hash": kept(&scene, 3)["hash"] } });
    write(&scene.lab, CORE, &(place("pk"), place("sk")), Some(&before));
    assert_eq!(found(&scene).await, [(4, 2, Inserted)]);
    scene.lab.ledger().append(&entry(6)).await.unwrap();
    assert_eq!(found(&scene).await, [(6, 1, Replaced)]);
    scene.lab.ledger().append(&entry(7)).await.unwrap();
    assert_eq!(scene.record_of(&owner()).await.len(), 7);
}

#[tokio::test]
async fn a_long_record_is_walked_in_pieces_and_each_joint_is_looked_at() {
    let scene = five().await;
    let previous = kept(&scene, 2)["hash"].as_str().unwrap().to_owned();
    write(&scene.lab, LEDGER, &key(3), Some(&forged(3, &previous)));
    let (ledger, mut cursor, mut findings) = (scene.lab.ledger(), None, Vec::new());
    let mut pieces = 0;
    loop {
        let walked = ledger.walk(&owner(), cursor.as_ref(), 3).await.unwrap();
        findings.extend(walked.walk.findings().to_vec());
        cursor = walked.next;
        pieces += 1;
        if cursor.is_none() {
            assert_eq!(walked.head.unwrap().sequence, 5);
            break;
        }
        assert!(pieces < 10, "a walk without an end");
    }
    let places: Vec<u64> = findings.iter().map(|finding| finding.sequence).collect();
    assert_eq!(places, [4], "at the joint of two pieces");
}
