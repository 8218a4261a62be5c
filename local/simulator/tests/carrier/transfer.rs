//! Moving a number between projects of the Space.

use numberline_simulator::{Inbound, Kind};

use crate::house::{CUSTOMER, House, NUMBER, ROOT, native, numbers, refused};

const HERE: numberline_simulator::Carrier = numberline_simulator::Carrier::SignalWire;

#[tokio::test]
async fn the_owner_gives_a_number_to_a_subproject() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    let id = house.bought(&house.root, NUMBER).await;
    let path = format!("{}/{id}", numbers(ROOT));
    let form = [("AccountSid", sub.project.as_str())];
    let answer = house.form(&house.root, &path, &form).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("/account_sid"), sub.project);
    assert_eq!(house.get(&sub, &native(&id)).await.status, 200);
    let gone = house.get(&house.root, &native(&id)).await;
    assert_eq!(gone.refusal(), refused(404, "Not Found"));
    let ledger = house.simulator.ledger();
    let moved = ledger.of(Kind::Transfer).next().unwrap();
    assert_eq!(moved.account, sub.project);
    assert_eq!(moved.details["from"], ROOT);
    assert_eq!(ledger.total(Kind::Configure), 0);
}

#[tokio::test]
async fn the_parent_moves_a_subprojects_number() {
    let house = House::new();
    let (one, _) = house.subproject("one").await;
    let (other, _) = house.subproject("other").await;
    let id = house.bought(&one, NUMBER).await;
    let path = format!("{}/{id}", numbers(&one.project));
    let form = [
        ("AccountSid", other.project.as_str()),
        ("FriendlyName", "moved"),
    ];
    let answer = house.form(&house.root, &path, &form).await;
    assert_eq!(answer.text("/account_sid"), other.project);
    assert_eq!(answer.text("/friendly_name"), "moved");
}

#[tokio::test]
async fn a_subproject_reaches_nobody_elses_numbers() {
    let house = House::new();
    let (one, _) = house.subproject("one").await;
    let (other, _) = house.subproject("other").await;
    let id = house.bought(&one, NUMBER).await;
    let path = format!("{}/{id}", numbers(&one.project));
    let form = [("AccountSid", other.project.as_str())];
    let answer = house.form(&other, &path, &form).await;
    assert_eq!(answer.refusal(), refused(401, 20003));
}

#[tokio::test]
async fn the_new_owners_key_signs_after_a_transfer() {
    let house = House::new();
    let (sub, key) = house.subproject("tenant").await;
    let id = house.bought(&house.root, NUMBER).await;
    let text = Inbound::sms(HERE, CUSTOMER, NUMBER, "hi");
    house.simulator.inbound(&text).await.unwrap();
    let path = format!("{}/{id}", numbers(ROOT));
    let form = [("AccountSid", sub.project.as_str())];
    house.form(&house.root, &path, &form).await;
    house.simulator.inbound(&text).await.unwrap();
    let told = house.hooks.take();
    assert!(!crate::inbound::is_signed(&told[0], &key));
    assert!(crate::inbound::is_signed(&told[1], &key));
}
