//! Lists, page by page to the end.

use numberline_simulator::{Restock, Rules};
use serde_json::{Value, json};

use crate::house::{House, NUMBER, ROOT, account, numbers, refused};

const NATIVE: &str = "/api/relay/rest/phone_numbers";

async fn stocked(count: usize) -> House {
    let house = House::new();
    for line in 0..count {
        let number = format!("+1512555{:04}", 100 + line);
        house.bought(&house.root, &number).await;
    }
    house
}

/// Follows the links from `path`; gives the items and the number of pages.
async fn walk(house: &House, path: &str, list: &str, next: &str) -> (Vec<Value>, usize) {
    let (mut items, mut pages) = (Vec::new(), 0);
    let mut path = Some(path.to_owned());
    while let Some(this) = path {
        let answer = house.get(&house.root, &this).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        items.extend(answer.list(list).to_vec());
        pages += 1;
        assert!(pages < 100, "the walk does not end");
        let link = answer.body.pointer(next);
        path = link.and_then(Value::as_str).map(str::to_owned);
    }
    (items, pages)
}

fn texts(items: &[Value], name: &str) -> Vec<String> {
    items
        .iter()
        .map(|item| item[name].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn native_pages_end_without_a_next_link() {
    let house = stocked(7).await;
    let path = format!("{NATIVE}?page_size=3");
    let (items, pages) = walk(&house, &path, "data", "/links/next").await;
    assert_eq!(pages, 3);
    let seen = texts(&items, "number");
    let newest_first: Vec<String> = (0..7)
        .rev()
        .map(|n| format!("+15125550{}", 100 + n))
        .collect();
    assert_eq!(seen, newest_first);
}

#[tokio::test]
async fn laml_pages_end_with_a_null_next_uri() {
    let house = stocked(6).await;
    let path = format!("{}.json?PageSize=3", numbers(ROOT));
    let (items, pages) = walk(&house, &path, "incoming_phone_numbers", "/next_page_uri").await;
    assert_eq!((items.len(), pages), (6, 2));
}

#[tokio::test]
async fn the_links_of_a_middle_page_lead_both_ways() {
    let house = stocked(5).await;
    let first = house
        .get(&house.root, &format!("{NATIVE}?page_size=2"))
        .await;
    let second = house.get(&house.root, first.text("/links/next")).await;
    let third = house.get(&house.root, second.text("/links/next")).await;
    assert!(first.body["links"].get("prev").is_none());
    assert!(third.body["links"].get("next").is_none());
    let back = house.get(&house.root, third.text("/links/prev")).await;
    assert_eq!(back.body["data"], second.body["data"]);
    let back = house.get(&house.root, back.text("/links/prev")).await;
    assert_eq!(back.body["data"], first.body["data"]);
    let again = house.get(&house.root, second.text("/links/self")).await;
    assert_eq!(again.body, second.body);
}

#[tokio::test]
async fn filters_go_with_the_links() {
    let house = stocked(5).await;
    house.bought(&house.root, "+12125550100").await;
    let path = format!("{NATIVE}?filter_number=%2B1512&page_size=2");
    let (items, pages) = walk(&house, &path, "data", "/links/next").await;
    assert_eq!((items.len(), pages), (5, 3));
    let path = format!("{}?PhoneNumber=5550100&PageSize=1", numbers(ROOT));
    let (items, _) = walk(&house, &path, "incoming_phone_numbers", "/next_page_uri").await;
    assert_eq!(texts(&items, "phone_number"), ["+12125550100", NUMBER]);
    for (name, found) in [("ord_2", 0), ("ord_", 0), ("ord_1", 6)] {
        let path = format!("{}?FriendlyName={name}", numbers(ROOT));
        let (items, _) = walk(&house, &path, "incoming_phone_numbers", "/next_page_uri").await;
        assert_eq!(items.len(), found, "{name}");
    }
    let (items, _) = walk(
        &house,
        &format!("{NATIVE}?filter_name=ord"),
        "data",
        "/links/next",
    )
    .await;
    assert_eq!(items.len(), 6);
}

#[tokio::test]
async fn a_page_has_at_most_a_thousand() {
    let house = House::with(Rules {
        numbers_max: 2000,
        ..Rules::default()
    });
    let restock = Restock::area(numberline_simulator::Carrier::SignalWire, "512", 1001);
    house.simulator.restock(&restock).unwrap();
    let found = house.simulator.inventory().stock;
    assert_eq!(found.values().next().unwrap()["512"], 1001);
    let mut bought = 0;
    while bought < 1001 {
        let search = "/api/relay/rest/phone_numbers/search?areacode=512&max_results=100";
        for number in house.get(&house.root, search).await.list("data") {
            let body = json!({"number": number["number"]});
            assert_eq!(house.post(&house.root, NATIVE, body).await.status, 200);
            bought += 1;
        }
    }
    let path = format!("{NATIVE}?page_size=1000");
    let (items, pages) = walk(&house, &path, "data", "/links/next").await;
    assert_eq!((items.len(), pages), (1001, 2));
}

#[tokio::test]
async fn malformed_pages_are_refused() {
    let house = stocked(1).await;
    for (query, code) in [
        ("page_size=0", "invalid_parameter"),
        ("page_size=1001", "invalid_parameter"),
        ("page_number=x", "invalid_parameter"),
        ("page_number=1", "page_token_required"),
        ("page_number=1&page_token=PA1", "page_token_is_invalid"),
        ("PageSize=5", "invalid_parameter"),
    ] {
        let answer = house.get(&house.root, &format!("{NATIVE}?{query}")).await;
        assert_eq!(answer.refusal(), refused(422, code), "{query}");
    }
    for (query, status, code) in [
        ("PageSize=0", 400, 54454),
        ("PageSize=1001", 400, 54454),
        ("Page=x", 400, 10000),
        ("Page=1", 400, 54453),
        ("Page=1&PageToken=PA1", 400, 21481),
        ("page_size=5", 422, 90000),
    ] {
        let path = format!("{}?{query}", numbers(ROOT));
        let answer = house.get(&house.root, &path).await;
        assert_eq!(answer.refusal(), refused(status, code), "{query}");
    }
}

#[tokio::test]
async fn a_purchase_shows_in_lists_after_the_settle_delay() {
    let house = House::with(Rules {
        settle_delay_ms: 2000,
        ..Rules::default()
    });
    let id = house.bought(&house.root, NUMBER).await;
    let one = format!("{}/{id}", numbers(ROOT));
    assert_eq!(house.get(&house.root, &one).await.status, 200);
    assert!(house.get(&house.root, NATIVE).await.list("data").is_empty());
    house.simulator.advance(std::time::Duration::from_secs(2));
    assert_eq!(house.get(&house.root, NATIVE).await.list("data").len(), 1);
}

#[tokio::test]
async fn accounts_and_projects_are_listed_in_pages_too() {
    let house = House::new();
    for name in ["a", "b", "c"] {
        house.subproject(name).await;
    }
    let (items, pages) = walk(&house, "/api/projects?page_size=3", "data", "/links/next").await;
    assert_eq!(pages, 2);
    assert_eq!(texts(&items, "name"), ["c", "b", "a", "Numberline"]);
    let path = format!("{}?PageSize=3", account("").trim_end_matches('/'));
    let (items, pages) = walk(&house, &path, "accounts", "/next_page_uri").await;
    assert_eq!((items.len(), pages), (4, 2));
}

#[tokio::test]
async fn a_parent_lists_what_its_subproject_owns() {
    let house = House::new();
    let (sub, _) = house.subproject("tenant").await;
    house.bought(&sub, NUMBER).await;
    let own = house.get(&house.root, NATIVE).await;
    assert!(own.list("data").is_empty());
    let below = house.get(&house.root, &numbers(&sub.project)).await;
    assert_eq!(below.list("incoming_phone_numbers").len(), 1);
    let above = house.get(&sub, &numbers(ROOT)).await;
    assert_eq!(above.refusal(), refused(401, 20003));
}
