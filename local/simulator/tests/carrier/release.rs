//! Giving numbers back: not too early, and only once.

use http::Method;
use numberline_simulator::{Kind, Rules};
use serde_json::json;

use crate::house::{House, NUMBER, ROOT, native, numbers, refused};

#[tokio::test]
async fn a_fresh_number_is_held_for_fourteen_days() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    house.days_pass(13);
    let answer = house.delete(&house.root, &native(&id)).await;
    assert_eq!(answer.refusal(), refused(422, "purchased_too_recently"));
    let path = format!("{}/{id}", numbers(ROOT));
    let answer = house.delete(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(422, 22121));
    let held = &house.simulator.inventory().numbers[0];
    assert_eq!(held.releasable_at.to_string(), "2026-09-04T17:04:15Z");
    house.days_pass(1);
    let answer = house.delete(&house.root, &path).await;
    assert_eq!((answer.status, answer.body.is_null()), (204, true));
    assert_eq!(house.simulator.ledger().total(Kind::Release), 1);
    assert!(house.simulator.inventory().numbers.is_empty());
}

#[tokio::test]
async fn a_second_release_finds_nothing() {
    let house = House::new();
    let id = house.bought(&house.root, NUMBER).await;
    house.days_pass(14);
    assert_eq!(house.delete(&house.root, &native(&id)).await.status, 204);
    let answer = house.delete(&house.root, &native(&id)).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
    let path = format!("{}/{id}", numbers(ROOT));
    let answer = house.delete(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(404, 20404));
    assert_eq!(house.simulator.ledger().total(Kind::Release), 1);
}

#[tokio::test]
async fn a_trial_number_is_held_for_thirty_days() {
    let house = House::with(Rules {
        trial: true,
        ..Rules::default()
    });
    let id = house.bought(&house.root, NUMBER).await;
    house.days_pass(29);
    assert_eq!(house.delete(&house.root, &native(&id)).await.status, 422);
    house.days_pass(1);
    assert_eq!(house.delete(&house.root, &native(&id)).await.status, 204);
}

#[tokio::test]
async fn a_released_number_is_not_for_sale_until_it_is_put_up_again() {
    let house = House::with(Rules {
        hold_days: 0,
        ..Rules::default()
    });
    let id = house.bought(&house.root, NUMBER).await;
    assert_eq!(house.delete(&house.root, &native(&id)).await.status, 204);
    let again = json!({"number": NUMBER});
    let path = "/api/relay/rest/phone_numbers";
    let answer = house.post(&house.root, path, again.clone()).await;
    assert_eq!(answer.refusal(), refused(422, "could_not_purchase"));
    let stock = json!({"numbers": [NUMBER]});
    assert_eq!(
        house.control(Method::POST, "stock", stock).await.status,
        200
    );
    assert_eq!(house.post(&house.root, path, again).await.status, 200);
}

#[tokio::test]
async fn another_accounts_number_cannot_be_released() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let id = house.bought(&sub, NUMBER).await;
    house.days_pass(14);
    let answer = house.delete(&house.root, &native(&id)).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
    let path = format!("{}/{id}", numbers(&sub.project));
    let answer = house.delete(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(401, 20003));
    assert_eq!(house.delete(&sub, &native(&id)).await.status, 204);
}
