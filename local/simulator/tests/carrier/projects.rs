//! Subprojects over both APIs.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Method;
use numberline_simulator::Kind;
use serde_json::json;

use crate::house::{House, NUMBER, ROOT, account, native, refused};

const NATIVE: &str = "/api/projects";
const LAML: &str = "/api/laml/2010-04-01/Accounts";

#[tokio::test]
async fn a_subproject_comes_with_its_signing_key_and_no_token() {
    let house = House::new();
    let body = json!({"name": "tenant-42", "force_https_requests": true});
    let made = house.post(&house.root, NATIVE, body).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.text("/name"), "tenant-42");
    assert_eq!(made.text("/parent_project_id"), ROOT);
    assert_eq!(made.body["subproject"], true);
    assert_eq!(made.body["force_https_requests"], true);
    assert_eq!(made.body["protect_recordings"], false);
    assert!(made.text("/signing_key").starts_with("PSK_"));
    assert!(made.body.get("token").is_none());
    let path = format!("{NATIVE}/{}", made.text("/id"));
    let read = house.get(&house.root, &path).await;
    assert_eq!(read.status, 200);
    assert!(read.body.get("signing_key").is_none());
    let ledger = house.simulator.ledger();
    let entry = ledger.of(Kind::Subproject).next().unwrap();
    assert_eq!(entry.reference.as_deref(), Some("tenant-42"));
    assert_eq!(entry.id.as_deref(), Some(made.text("/id")));
    assert!(!serde_json::to_string(&ledger).unwrap().contains("PSK_"));
}

#[tokio::test]
async fn a_subproject_is_found_by_its_name() {
    let house = House::new();
    house.subproject("ws_1").await;
    let (wanted, _) = house.subproject("ws_2").await;
    let found = house.get(&house.root, &format!("{NATIVE}?name=ws_2")).await;
    assert_eq!(found.list("data").len(), 1);
    assert_eq!(found.text("/data/0/id"), wanted.project);
    let found = house
        .get(&house.root, &format!("{LAML}?FriendlyName=ws_2"))
        .await;
    assert_eq!(found.text("/accounts/0/sid"), wanted.project);
}

#[tokio::test]
async fn malformed_subprojects_are_refused() {
    let house = House::new();
    for (body, code) in [
        (json!({}), "missing_required_parameter"),
        (json!({"name": " "}), "missing_required_parameter"),
        (json!({"name": 7}), "not_a_string"),
        (json!({"name": "x".repeat(251)}), "invalid_parameter"),
        (json!({"name": "x", "colour": "red"}), "invalid_parameter"),
        (
            json!({"name": "x", "protect_recordings": "yes"}),
            "not_a_boolean",
        ),
    ] {
        let answer = house.post(&house.root, NATIVE, body.clone()).await;
        assert_eq!(answer.refusal(), refused(422, code), "{body}");
    }
    let answer = house.form(&house.root, NATIVE, &[("name", "x")]).await;
    assert_eq!(answer.refusal(), refused(400, "Bad Request"));
    assert_eq!(house.simulator.ledger().total(Kind::Subproject), 0);
}

#[tokio::test]
async fn a_subproject_has_no_subprojects() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let answer = house.post(&sub, NATIVE, json!({"name": "x"})).await;
    assert_eq!(
        answer.refusal(),
        refused(422, "nested_subprojects_not_allowed")
    );
    let answer = house.form(&sub, LAML, &[("FriendlyName", "x")]).await;
    assert_eq!(answer.refusal(), refused(422, 10001));
    let own = house.get(&sub, NATIVE).await;
    assert_eq!(own.list("data").len(), 1);
    let above = house.get(&sub, &format!("{NATIVE}/{ROOT}")).await;
    assert_eq!(above.refusal(), refused(404, "Not Found"));
}

#[tokio::test]
async fn a_project_is_renamed() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let path = format!("{NATIVE}/{}", sub.project);
    let change = json!({"name": "renamed", "protect_fax_media": true});
    let answer = house.json(&house.root, Method::PATCH, &path, change).await;
    assert_eq!(answer.text("/name"), "renamed");
    assert_eq!(answer.body["protect_fax_media"], true);
    let form = [("FriendlyName", "again")];
    let answer = house.form(&house.root, &account(&sub.project), &form).await;
    assert_eq!(answer.text("/friendly_name"), "again");
    for (change, code) in [
        (json!({"name": null}), "missing_required_parameter"),
        (json!({"status": "closed"}), "invalid_parameter"),
    ] {
        let answer = house.json(&house.root, Method::PATCH, &path, change).await;
        assert_eq!(answer.refusal(), refused(422, code));
    }
    let form = [("Status", "closed")];
    let answer = house.form(&house.root, &account(&sub.project), &form).await;
    assert_eq!(answer.refusal(), refused(422, 90000));
    let path = format!("{NATIVE}/nobody");
    let answer = house
        .json(&house.root, Method::PATCH, &path, json!({}))
        .await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
}

#[tokio::test]
async fn only_an_empty_subproject_can_be_deleted() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let id = house.bought(&sub, NUMBER).await;
    let path = format!("{NATIVE}/{}", sub.project);
    let answer = house.delete(&house.root, &path).await;
    assert_eq!(
        answer.refusal(),
        refused(422, "phone_numbers_must_be_removed")
    );
    house.days_pass(14);
    assert_eq!(house.delete(&sub, &native(&id)).await.status, 204);
    assert_eq!(house.delete(&house.root, &path).await.status, 204);
    let answer = house.delete(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
    let answer = house.delete(&house.root, &format!("{NATIVE}/{ROOT}")).await;
    assert_eq!(
        answer.refusal(),
        refused(422, "only_subprojects_can_be_deleted")
    );
    assert_eq!(house.simulator.inventory().accounts.len(), 1);
}

#[tokio::test]
async fn a_rotated_key_is_shown_once_more() {
    let house = House::new();
    let (sub, key) = house.subproject("tenant").await;
    let path = format!("{NATIVE}/{}/signing-key/rotate", sub.project);
    let answer = house.bare(&house.root, Method::POST, &path).await;
    assert_eq!(answer.status, 200);
    assert_ne!(answer.text("/signing_key"), key);
    let path = format!("{NATIVE}/nobody/signing-key/rotate");
    let answer = house.bare(&house.root, Method::POST, &path).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
}

#[tokio::test]
async fn an_account_is_a_subproject_under_another_name() {
    let house = House::new();
    let form = [("FriendlyName", "tenant")];
    let made = house.form(&house.root, LAML, &form).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.text("/owner_account_sid"), ROOT);
    assert_eq!(made.text("/auth_token"), "redacted");
    assert!(made.text("/signing_key").starts_with("PSK_"));
    let path = format!("{NATIVE}/{}", made.text("/sid"));
    assert_eq!(house.get(&house.root, &path).await.text("/name"), "tenant");
    let long = "x".repeat(65);
    for form in [
        vec![],
        vec![("FriendlyName", "")],
        vec![("FriendlyName", long.as_str())],
    ] {
        let answer = house.form(&house.root, LAML, &form).await;
        assert_eq!(answer.refusal(), refused(422, 20002));
    }
}

#[tokio::test]
async fn links_of_projects_are_whole_addresses_where_our_name_is_known() {
    let house = House::new();
    let path = format!("{NATIVE}?page_size=1");
    house.subproject("ws_1").await;
    let unknown = house.get(&house.root, &path).await;
    assert!(unknown.text("/links/next").starts_with("/api/projects?"));
    let credentials = format!("{}:{}", house.root.project, house.root.token);
    let request = http::Request::get(format!("/signalwire{path}"))
        .header("host", "127.0.0.1:4610")
        .header(
            "authorization",
            format!("Basic {}", STANDARD.encode(credentials)),
        )
        .body(Bytes::new())
        .unwrap();
    let known = house.send(request).await.unwrap();
    let next = known.text("/links/next");
    assert!(
        next.starts_with("http://127.0.0.1:4610/signalwire/api/projects?"),
        "{next}"
    );
}
