//! Streams as they really come: again, in other batches, in part, side by side, and to
//! processes that die.

use aws_lambda_events::dynamodb::EventRecord;
use numberline::app::provision::any_number;
use numberline::domain::{Plan, WorkspaceId, order::Owner};
use numberline_tests::{
    lab::{Lambda, Rest, Tenant},
    seam::{Outcome, Strike},
};

use super::scene::{Scene, bookkeep, from, tell};

/// A workspace that got a number, and what the streams tell of it.
async fn story() -> (Scene, WorkspaceId, Vec<EventRecord>) {
    let mut scene = Scene::new();
    let lab = &scene.lab;
    let tenant = Tenant::sign_up(lab, "ann", Plan::Pro).await.unwrap();
    tenant.order(lab, &any_number(None), "first").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let news = scene.news();
    (scene, tenant.workspace, news)
}

/// Entries of that story: the workspace, its admin, the order, the number, its
/// activation, the order's end.
const ENTRIES: usize = 6;

/// That everything is on the record once, and nobody was at it.
async fn check(scene: &Scene, workspace: &WorkspaceId, case: &str) {
    let record = scene.record(workspace).await;
    let actions: Vec<&str> = record.iter().map(|entry| entry.action.name()).collect();
    assert_eq!(record.len(), ENTRIES, "{case}: {actions:?}");
    let owner = Owner::Workspace(workspace.clone());
    assert_eq!(scene.walk(&owner).await.findings(), [], "{case}");
}

#[tokio::test]
async fn batches_of_any_size_and_order_make_one_record() {
    let (scene, workspace, news) = story().await;
    for size in [3, 1, 7, news.len()] {
        for some in news.chunks(size) {
            assert_eq!(bookkeep(&scene.lab, some.to_vec()).await, None);
        }
    }
    let backwards = news.iter().rev().cloned().collect();
    assert_eq!(bookkeep(&scene.lab, backwards).await, None);
    check(&scene, &workspace, "in batches").await;
}

/// The key of a workspace's item names its shard, so one workspace's changes may come
/// from several: here from two at once, and each of them twice.
#[tokio::test]
async fn shards_side_by_side_make_one_record() {
    let (scene, workspace, news) = story().await;
    let (even, odd): (Vec<_>, Vec<_>) = (0..).zip(&news).partition(|(n, _)| n % 2 == 0);
    let shard = |records: &[(u32, &EventRecord)]| {
        records
            .iter()
            .map(|(_, record)| (*record).clone())
            .collect()
    };
    let lab = &scene.lab;
    let left = tokio::join!(
        bookkeep(lab, shard(&even)),
        bookkeep(lab, shard(&odd)),
        bookkeep(lab, shard(&even)),
        bookkeep(lab, shard(&odd)),
    );
    assert_eq!(left, (None, None, None, None));
    check(&scene, &workspace, "side by side").await;
}

#[tokio::test]
async fn whatever_becomes_of_a_call_there_is_one_record() {
    let mut point = 0;
    loop {
        let mut reached = false;
        for outcome in [
            Outcome::Refused,
            Outcome::LostResponse,
            Outcome::Unanswered,
            Outcome::Conflict,
            Outcome::CrashBefore,
            Outcome::CrashAfter,
        ] {
            let (scene, workspace, news) = story().await;
            let strike = Strike { point, outcome };
            scene.lab.seam.record(Some(strike));
            let delivery = bookkeep(&scene.lab, news.clone());
            let ended = scene.lab.run("bookkeeper", None, delivery).await;
            reached |= !scene.lab.seam.is_armed();
            scene.lab.seam.stop();
            let again = match ended {
                Some(None) => continue,
                Some(Some(sequence)) => from(&news, &sequence),
                None => news,
            };
            assert_eq!(bookkeep(&scene.lab, again).await, None);
            check(&scene, &workspace, &format!("{outcome} at {point}")).await;
        }
        if !reached {
            break;
        }
        point += 1;
    }
    assert!(point >= 2 * ENTRIES, "only {point} points");
}

#[tokio::test]
async fn what_the_bus_does_not_take_is_told_again_from_there() {
    let (mut scene, _, news) = story().await;
    assert_eq!(bookkeep(&scene.lab, news).await, None);
    let kept = scene.kept();
    // The third is refused three times over, the others are taken at once.
    scene
        .lab
        .bus
        .refuse([false, false, true, false, false, false, true, true]);
    let sequence = tell(&scene.lab, kept.clone()).await.unwrap();
    assert_eq!(tell(&scene.lab, from(&kept, &sequence)).await, None);
    let published = scene.lab.bus.published();
    let ids = published.iter().map(|event| event.detail["id"].to_string());
    let ids: std::collections::BTreeSet<String> = ids.collect();
    assert_eq!(ids.len(), ENTRIES);
    assert!(
        published.len() > ENTRIES,
        "what came after it is told again"
    );
}
