//! Who is let in.

use bytes::Bytes;
use http::{Method, Request};
use numberline_simulator::{Operation, Rules};
use serde_json::json;

use crate::house::{House, NUMBER, ROOT, Who, account, messages, numbers, refused};

const NATIVE: &str = "/api/relay/rest/phone_numbers";

#[tokio::test]
async fn wrong_credentials_are_refused_in_each_dialect() {
    let house = House::new();
    let token = &house.root.token;
    for who in [
        Who::new(ROOT, "PTwrong"),
        Who::new(ROOT, "PSK_simulator000000000000000000"),
        Who::new("somebody", token),
        Who::new(ROOT, ""),
    ] {
        let answer = house.get(&who, NATIVE).await;
        assert_eq!(answer.refusal(), refused(401, "Unauthorized"));
        let answer = house.get(&who, "/api/projects").await;
        assert_eq!(answer.body, json!({"error": "Unauthorized"}));
        let answer = house.get(&who, &numbers(ROOT)).await;
        assert_eq!(answer.refusal(), refused(401, 20003));
    }
}

#[tokio::test]
async fn malformed_credentials_are_refused() {
    let house = House::new();
    for header in [
        None,
        Some("Bearer x"),
        Some("Basic %%%"),
        Some("Basic eA=="),
        Some("x"),
    ] {
        let mut request = Request::get(format!("/signalwire{NATIVE}"));
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let answer = house
            .send(request.body(Bytes::new()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status, 401, "{header:?}");
    }
}

#[tokio::test]
async fn ones_own_account_tells_that_credentials_are_good() {
    let house = House::new();
    let answer = house
        .get(&house.root, &format!("{}.json", account(ROOT)))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("/sid"), ROOT);
    assert_eq!(answer.text("/auth_token"), "redacted");
    assert_eq!(answer.text("/status"), "active");
    assert!(answer.body["signing_key"].is_null());
    let uri = numbers(ROOT);
    assert_eq!(answer.text("/subresource_uris/incoming_phone_numbers"), uri);
    let answer = house.get(&house.root, &account("nobody")).await;
    assert_eq!(answer.refusal(), refused(404, 20404));
    let counted = house.simulator.ledger().requests;
    assert_eq!(counted[&Operation::CheckCredentials], 2);
}

#[tokio::test]
async fn a_token_opens_what_its_permissions_name() {
    let house = House::new();
    let token = |permission: &str| json!({"name": "t", "permissions": [permission]});
    for (permission, opened) in [
        ("numbers", 0),
        ("messaging", 1),
        ("management", 2),
        ("calling", 3),
    ] {
        let made = house
            .post(&house.root, "/api/project/tokens", token(permission))
            .await;
        let who = Who::new(ROOT, made.text("/token"));
        let paths = [
            numbers(ROOT),
            messages(ROOT),
            account(ROOT),
            "/api/relay/rest/sip_profile".to_owned(),
        ];
        for (place, path) in paths.iter().enumerate() {
            let expected = if place == opened { 200 } else { 401 };
            let answer = house.get(&who, path).await;
            assert_eq!(answer.status, expected, "{permission} {path}");
        }
    }
}

#[tokio::test]
async fn what_a_parent_may_do_below_is_a_rule() {
    let house = House::with(Rules {
        parent_may: [Operation::Purchase].into(),
        ..Rules::default()
    });
    let (sub, _) = house.subproject("tenant").await;
    let path = numbers(&sub.project);
    let answer = house
        .form(&house.root, &path, &[("PhoneNumber", NUMBER)])
        .await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.text("/account_sid"), sub.project);
    let answer = house.get(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(401, 20003));
}

#[tokio::test]
async fn a_deleted_subproject_lets_nobody_in() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    assert_eq!(house.get(&sub, NATIVE).await.status, 200);
    let path = format!("/api/projects/{}", sub.project);
    assert_eq!(
        house.bare(&house.root, Method::DELETE, &path).await.status,
        204
    );
    assert_eq!(house.get(&sub, NATIVE).await.status, 401);
}
