//! SIP endpoints, their profile, and the phones they let in.

use http::Method;
use numberline_simulator::{Carrier, Fault, Kind, Mode, Operation, Registration, Secret};
use serde_json::{Value, json};

use crate::house::{House, NUMBER, ROOT, Who, numbers, refused};

const SIP: &str = "/api/relay/rest/endpoints/sip";
const PROFILE: &str = "/api/relay/rest/sip_profile";
const PASSWORD: &str = "a-password-7b1f6d0a";

fn wish(username: &str) -> Value {
    json!({
        "username": username,
        "password": PASSWORD,
        "caller_id": "Front desk",
        "send_as": NUMBER,
        "encryption": "required",
    })
}

async fn line(house: &House, username: &str) -> String {
    let made = house.post(&house.root, SIP, wish(username)).await;
    assert_eq!(made.status, 200, "{}", made.body);
    made.text("/id").to_owned()
}

async fn owner() -> House {
    let house = House::new();
    house.bought(&house.root, NUMBER).await;
    house
}

async fn lets_in(house: &House, who: &Who, username: &str, password: &str) -> bool {
    let profile = house.get(who, PROFILE).await;
    house.simulator.registers(&Registration {
        carrier: Carrier::SignalWire,
        domain: profile.text("/domain").to_owned(),
        username: username.to_owned(),
        password: Secret::new(password),
    })
}

#[tokio::test]
async fn an_endpoint_is_shown_without_its_password() {
    let house = owner().await;
    let made = house.post(&house.root, SIP, wish("line_1")).await;
    assert_eq!(made.status, 200);
    assert_eq!(made.text("/type"), "sip_endpoint");
    assert_eq!(made.text("/username"), "line_1");
    assert_eq!(made.text("/caller_id"), "Front desk");
    assert_eq!(made.text("/send_as"), NUMBER);
    assert_eq!(made.text("/encryption"), "required");
    assert_eq!(made.list("ciphers").len(), 5);
    assert_eq!(made.list("codecs").len(), 6);
    assert_eq!(made.body["call_handler"], Value::Null);
    assert!(made.body.get("password").is_none());
    let path = format!("{SIP}/{}", made.text("/id"));
    assert_eq!(house.get(&house.root, &path).await.body, made.body);
    let ledger = house.simulator.ledger();
    let entry = ledger.of(Kind::SipCredential).next().unwrap();
    assert_eq!(entry.account, ROOT);
    assert_eq!(entry.id.as_deref(), Some(made.text("/id")));
    assert_eq!(entry.reference.as_deref(), Some("line_1"));
    assert_eq!(entry.number.as_deref(), Some(NUMBER));
    let told = serde_json::to_string(&(&ledger, house.simulator.inventory())).unwrap();
    let told = format!("{told} {:?}", house.simulator);
    assert!(!told.contains(PASSWORD), "{told}");
}

#[tokio::test]
async fn a_phone_is_let_in_at_its_projects_domain_only() {
    let house = owner().await;
    line(&house, "line_1").await;
    let root = house.root.clone();
    assert!(lets_in(&house, &root, "line_1", PASSWORD).await);
    assert!(!lets_in(&house, &root, "line_1", "another").await);
    assert!(!lets_in(&house, &root, "line_2", PASSWORD).await);
    let (sub, _) = house.subproject("tenant").await;
    assert!(!lets_in(&house, &sub, "line_1", PASSWORD).await);
}

#[tokio::test]
async fn registration_is_tried_over_the_controls() {
    let house = owner().await;
    line(&house, "line_1").await;
    let domain = house
        .get(&house.root, PROFILE)
        .await
        .text("/domain")
        .to_owned();
    for (password, registered) in [(PASSWORD, true), ("another", false)] {
        let phone = json!({"domain": domain, "username": "line_1", "password": password});
        let answer = house.control(Method::POST, "register", phone).await;
        assert_eq!(answer.body, json!({"registered": registered}));
    }
    let answer = house
        .control(Method::POST, "register", json!({"username": "line_1"}))
        .await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn the_profile_says_where_phones_register() {
    let house = House::new();
    let profile = house.get(&house.root, PROFILE).await;
    assert_eq!(profile.status, 200);
    let domain = "simulator-7b1f6d0a3c52.sip.signalwire.example";
    assert_eq!(profile.text("/domain"), domain);
    assert_eq!(profile.text("/domain_identifier"), "7b1f6d0a3c52");
    assert_eq!(profile.list("default_codecs").len(), 6);
    let answer = house.get(&house.root, &format!("{PROFILE}?x=1")).await;
    assert_eq!(answer.refusal(), refused(422, "invalid_parameter"));
    let answer = house.bare(&house.root, Method::DELETE, PROFILE).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
}

#[tokio::test]
async fn malformed_endpoints_are_refused() {
    let house = owner().await;
    line(&house, "taken").await;
    let root = house.root.clone();
    for (member, value, code) in [
        ("username", Value::Null, "missing_required_parameter"),
        ("username", json!(" "), "missing_required_parameter"),
        ("username", json!("a b"), "invalid_parameter"),
        ("username", json!("a@b"), "invalid_parameter"),
        ("username", json!(7), "not_a_string"),
        ("username", json!("taken"), "not_unique_within_project"),
        ("password", Value::Null, "missing_required_parameter"),
        ("password", json!(""), "missing_required_parameter"),
        (
            "send_as",
            json!("+15125550101"),
            "not_purchased_or_verified",
        ),
        ("send_as", json!("5125550100"), "not_purchased_or_verified"),
        ("encryption", json!("none"), "invalid_parameter"),
        ("codecs", json!([]), "missing_sip_configuration"),
        ("codecs", json!(["MP3"]), "invalid_sip_configuration"),
        ("ciphers", json!(["ROT13"]), "invalid_sip_configuration"),
        ("ciphers", json!("ROT13"), "not_an_array_of_strings"),
        ("colour", json!("red"), "invalid_parameter"),
    ] {
        let mut body = wish("line_1");
        body[member] = value;
        let answer = house.post(&root, SIP, body.clone()).await;
        assert_eq!(answer.refusal(), refused(422, code), "{body}");
    }
    let answer = house.form(&root, SIP, &[("username", "line_1")]).await;
    assert_eq!(answer.refusal(), refused(400, "Bad Request"));
    assert_eq!(house.simulator.ledger().total(Kind::SipCredential), 1);
    assert_eq!(house.simulator.inventory().accounts[0].sip_credentials, 1);
}

#[tokio::test]
async fn an_endpoint_without_a_number_calls_from_any_there_is() {
    let house = House::new();
    let body = json!({"username": "line_1", "password": PASSWORD});
    let answer = house.post(&house.root, SIP, body.clone()).await;
    let code = "no_valid_number_for_random_send_as_selection";
    assert_eq!(answer.refusal(), refused(422, code));
    house.bought(&house.root, NUMBER).await;
    let made = house.post(&house.root, SIP, body).await;
    assert_eq!(made.text("/send_as"), "random");
    assert_eq!(made.text("/encryption"), "default");
    assert_eq!(made.body["caller_id"], Value::Null);
}

#[tokio::test]
async fn a_change_changes_what_it_names_and_no_more() {
    let house = owner().await;
    let path = format!("{SIP}/{}", line(&house, "line_1").await);
    let change = json!({"password": "the-next", "caller_id": null, "codecs": ["OPUS"]});
    let answer = house.json(&house.root, Method::PUT, &path, change).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["caller_id"], Value::Null);
    assert_eq!(answer.body["codecs"], json!(["OPUS"]));
    assert_eq!(answer.text("/send_as"), NUMBER);
    let root = house.root.clone();
    assert!(lets_in(&house, &root, "line_1", "the-next").await);
    assert!(!lets_in(&house, &root, "line_1", PASSWORD).await);
    // Its own name is not taken by itself, another's is.
    line(&house, "line_2").await;
    for (name, status) in [("line_1", 200), ("line_2", 422), ("", 422)] {
        let change = json!({"username": name});
        let answer = house.json(&root, Method::PUT, &path, change).await;
        assert_eq!(answer.status, status, "{name}");
    }
    let ledger = house.simulator.ledger();
    assert_eq!(ledger.total(Kind::SipCredentialUpdate), 2);
}

#[tokio::test]
async fn endpoints_are_found_by_a_part_of_their_name() {
    let house = owner().await;
    for name in ["line_1", "line_12", "desk", "line_2"] {
        line(&house, name).await;
    }
    let first = format!("{SIP}?filter_username=line_&page_size=2");
    let page = house.get(&house.root, &first).await;
    let names = |list: &[Value]| -> Vec<String> {
        let names = list.iter().map(|one| one["username"].as_str().unwrap());
        names.map(str::to_owned).collect()
    };
    assert_eq!(names(page.list("data")), ["line_2", "line_12"]);
    let page = house.get(&house.root, page.text("/links/next")).await;
    assert_eq!(names(page.list("data")), ["line_1"]);
    assert!(page.body["links"].get("next").is_none());
    let path = format!("{SIP}?filter_caller_id=Front");
    assert_eq!(house.get(&house.root, &path).await.list("data").len(), 4);
    let path = format!("{SIP}?filter_caller_id=Back");
    assert!(house.get(&house.root, &path).await.list("data").is_empty());
    let answer = house.get(&house.root, &format!("{SIP}?username=x")).await;
    assert_eq!(answer.refusal(), refused(422, "invalid_parameter"));
}

#[tokio::test]
async fn an_endpoint_is_deleted_once() {
    let house = owner().await;
    let path = format!("{SIP}/{}", line(&house, "line_1").await);
    assert_eq!(house.delete(&house.root, &path).await.status, 204);
    let answer = house.delete(&house.root, &path).await;
    assert_eq!(answer.refusal(), refused(404, "Not Found"));
    assert_eq!(house.get(&house.root, &path).await.status, 404);
    let root = house.root.clone();
    assert!(!lets_in(&house, &root, "line_1", PASSWORD).await);
    let ledger = house.simulator.ledger();
    assert_eq!(ledger.total(Kind::SipCredentialDeletion), 1);
    line(&house, "line_1").await;
}

#[tokio::test]
async fn a_project_sees_its_own_endpoints_only() {
    let house = owner().await;
    let path = format!("{SIP}/{}", line(&house, "line_1").await);
    let (sub, _) = house.subproject("tenant").await;
    assert!(house.get(&sub, SIP).await.list("data").is_empty());
    assert_eq!(house.get(&sub, &path).await.status, 404);
    assert_eq!(house.delete(&sub, &path).await.status, 404);
    let change = json!({"password": "mine"});
    let answer = house.json(&sub, Method::PUT, &path, change).await;
    assert_eq!(answer.status, 404);
    // A name is taken in its own project only; a number is good in its owner's.
    let answer = house.post(&sub, SIP, wish("line_1")).await;
    assert_eq!(answer.refusal(), refused(422, "not_purchased_or_verified"));
    let number = "+15125550101";
    house.bought(&sub, number).await;
    let mut body = wish("line_1");
    body["send_as"] = json!(number);
    assert_eq!(house.post(&sub, SIP, body).await.status, 200);
}

#[tokio::test]
async fn endpoints_go_with_their_subproject() {
    let house = owner().await;
    let (sub, _) = house.subproject("tenant").await;
    let id = house.bought(&house.root, "+15125550101").await;
    let path = format!("{}/{id}", numbers(ROOT));
    let form = [("AccountSid", sub.project.as_str())];
    assert_eq!(house.form(&house.root, &path, &form).await.status, 200);
    let body = json!({"username": "line_1", "password": PASSWORD});
    assert_eq!(house.post(&sub, SIP, body).await.status, 200);
    let back = format!("{}/{id}", numbers(&sub.project));
    let form = [("AccountSid", ROOT)];
    assert_eq!(house.form(&sub, &back, &form).await.status, 200);
    let domain = house.get(&sub, PROFILE).await.text("/domain").to_owned();
    let phone = Registration {
        carrier: Carrier::SignalWire,
        domain,
        username: "line_1".to_owned(),
        password: Secret::new(PASSWORD),
    };
    assert!(house.simulator.registers(&phone));
    let path = format!("/api/projects/{}", sub.project);
    assert_eq!(house.delete(&house.root, &path).await.status, 204);
    assert!(!house.simulator.registers(&phone));
}

#[tokio::test]
async fn a_lost_answer_leaves_an_endpoint_behind() {
    let house = owner().await;
    let fault = |operation, mode| Fault::once(Carrier::SignalWire, operation, mode);
    let arranged = fault(Operation::CreateSipCredential, Mode::LostResponse);
    house.simulator.arrange(Fault {
        number: Some(NUMBER.to_owned()),
        ..arranged
    });
    let body = wish("line_1");
    let lost = house.try_json(&house.root, Method::POST, SIP, body).await;
    assert!(lost.is_err());
    let found = house.get(&house.root, SIP).await;
    assert_eq!(found.text("/data/0/username"), "line_1");
    let path = format!("{SIP}/{}", found.text("/data/0/id"));
    let arranged = fault(Operation::DeleteSipCredential, Mode::Error500);
    house.simulator.arrange(arranged);
    assert_eq!(house.delete(&house.root, &path).await.status, 500);
    assert_eq!(house.delete(&house.root, &path).await.status, 204);
}
