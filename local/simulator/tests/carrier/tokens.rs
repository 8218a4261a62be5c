//! API tokens.

use http::Method;
use numberline_simulator::Kind;
use serde_json::json;

use crate::house::{House, Who, account, refused};

const NATIVE: &str = "/api/project/tokens";
const NUMBERS: &str = "/api/relay/rest/phone_numbers";

#[tokio::test]
async fn a_token_for_a_subproject_is_shown_when_it_is_made() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let body = json!({"name": "svc", "permissions": ["numbers"], "subproject_id": sub.project});
    let made = house.post(&house.root, NATIVE, body).await;
    assert_eq!(made.status, 200);
    assert!(made.text("/token").starts_with("PT"));
    assert_eq!(made.body["permissions"], json!(["numbers"]));
    let who = Who::new(&sub.project, made.text("/token"));
    assert_eq!(house.get(&who, NUMBERS).await.status, 200);
    let ledger = house.simulator.ledger();
    let entry = ledger.of(Kind::Token).last().unwrap();
    assert_eq!(entry.account, sub.project);
    assert!(!serde_json::to_string(&ledger).unwrap().contains(&who.token));
}

#[tokio::test]
async fn malformed_tokens_are_refused() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    for (body, code) in [
        (
            json!({"permissions": ["numbers"]}),
            "missing_required_parameter",
        ),
        (json!({"name": "x"}), "missing_required_parameter"),
        (
            json!({"name": "x", "permissions": []}),
            "invalid_auth_token_permissions",
        ),
        (
            json!({"name": "x", "permissions": ["root"]}),
            "invalid_auth_token_permissions",
        ),
        (
            json!({"name": "x", "permissions": "numbers"}),
            "not_an_array_of_strings",
        ),
        (
            json!({"name": "x", "permissions": ["numbers"], "scope": 1}),
            "invalid_parameter",
        ),
        (
            json!({"name": "x", "permissions": ["numbers"], "subproject_id": "nobody"}),
            "invalid_subproject_id",
        ),
    ] {
        let answer = house.post(&house.root, NATIVE, body.clone()).await;
        assert_eq!(answer.refusal(), refused(422, code), "{body}");
    }
    // A subproject makes tokens for itself, not for its parent.
    let body = json!({"name": "x", "permissions": ["numbers"],
        "subproject_id": house.root.project});
    let answer = house.post(&sub, NATIVE, body).await;
    assert_eq!(answer.refusal(), refused(422, "invalid_subproject_id"));
}

#[tokio::test]
async fn a_token_is_narrowed_and_deleted() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let body = json!({"name": "svc", "permissions": ["numbers"], "subproject_id": sub.project});
    let made = house.post(&house.root, NATIVE, body).await;
    let who = Who::new(&sub.project, made.text("/token"));
    let path = format!("{NATIVE}/{}", made.text("/id"));
    let change = json!({"permissions": ["messaging"]});
    let answer = house.json(&house.root, Method::PATCH, &path, change).await;
    assert_eq!(answer.status, 200);
    assert_eq!(house.get(&who, NUMBERS).await.status, 401);
    let wrong = json!({"permissions": ["root"]});
    let answer = house.json(&house.root, Method::PATCH, &path, wrong).await;
    assert_eq!(
        answer.refusal(),
        refused(422, "invalid_auth_token_permissions")
    );
    assert_eq!(house.delete(&house.root, &path).await.status, 204);
    let answer = house.delete(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
}

#[tokio::test]
async fn a_subproject_does_not_see_its_parents_tokens() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let body = json!({"name": "own", "permissions": ["numbers"]});
    let made = house.post(&house.root, NATIVE, body).await;
    let path = format!("{NATIVE}/{}", made.text("/id"));
    let answer = house.delete(&sub, &path).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
}

#[tokio::test]
async fn tokens_are_made_with_a_form_too() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let path = format!("{}/tokens", account(&house.root.project));
    let form = [
        ("name", "svc"),
        ("permissions[]", "numbers"),
        ("permissions[]", "messaging"),
        ("subproject_id", sub.project.as_str()),
    ];
    let made = house.form(&house.root, &path, &form).await;
    assert_eq!(made.status, 200);
    assert_eq!(made.body["permissions"], json!(["numbers", "messaging"]));
    let answer = house.form(&house.root, &path, &[("name", "x")]).await;
    assert_eq!(answer.refusal(), refused(422, 10003));
    let form = [
        ("name", "x"),
        ("permissions", "fax"),
        ("subproject_id", "nobody"),
    ];
    let answer = house.form(&house.root, &path, &form).await;
    assert_eq!(answer.refusal(), refused(422, 10004));
}
