//! What is found, and which wishes are refused.

use numberline_simulator::Rules;
use serde_json::Value;

use crate::house::{House, ROOT, account, refused};

const NATIVE: &str = "/api/relay/rest/phone_numbers/search";

fn laml(rest: &str) -> String {
    format!("{}/AvailablePhoneNumbers/{rest}", account(ROOT))
}

#[tokio::test]
async fn native_search_answers_numbers_with_their_place() {
    let house = House::new();
    let path = format!("{NATIVE}?areacode=512&max_results=2");
    let answer = house.get(&house.root, &path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.list("data").len(), 2);
    assert_eq!(answer.text("/data/0/number"), "+15125550100");
    assert_eq!(answer.text("/data/0/city"), "AUSTIN");
    assert_eq!(answer.text("/data/0/region"), "TX");
    assert_eq!(answer.body["data"][0]["capabilities"]["sms"], true);
    assert_eq!(answer.text("/links/self"), path);
}

#[tokio::test]
async fn native_search_filters_by_digits_and_place() {
    let house = House::new();
    for (query, expected) in [
        ("starts_with=5125550", 30),
        ("ends_with=0105", 7),
        ("contains=5550129", 7),
        ("region=TX", 30),
        ("region=NY&city=Brooklyn", 30),
        ("areacode=303", 0),
        ("number_type=toll-free", 0),
        ("max_results=100", 100),
        ("", 50),
    ] {
        let answer = house.get(&house.root, &format!("{NATIVE}?{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        assert_eq!(answer.list("data").len(), expected, "{query}");
    }
}

#[tokio::test]
async fn native_search_refuses_what_it_does_not_understand() {
    let house = House::new();
    for (query, code) in [
        ("area_code=512", "invalid_parameter"),
        ("areacode=12", "invalid_parameter"),
        ("areacode=911", "invalid_parameter"),
        ("areacode=abc", "invalid_parameter"),
        ("contains=55", "invalid_parameter"),
        ("contains=CALLME", "invalid_parameter"),
        ("contains=55501234", "invalid_parameter"),
        ("max_results=0", "invalid_parameter"),
        ("max_results=101", "invalid_parameter"),
        ("number_type=mobile", "invalid_parameter"),
        ("region=Texas", "invalid_parameter"),
        ("city=Austin", "must_specify_related_parameter"),
        ("starts_with=512&ends_with=100", "incompatible_parameters"),
        ("number_type=toll-free&region=TX", "invalid_for_type"),
    ] {
        let answer = house.get(&house.root, &format!("{NATIVE}?{query}")).await;
        assert_eq!(answer.refusal(), refused(422, code), "{query}");
    }
}

#[tokio::test]
async fn laml_search_names_no_city_and_ignores_capability_filters() {
    let house = House::new();
    let path = laml("US/Local.json?AreaCode=415&SmsEnabled=false");
    let answer = house.get(&house.root, &path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("/uri"), path);
    let found = answer.list("available_phone_numbers");
    assert_eq!(found.len(), 30);
    assert_eq!(found[0]["phone_number"], "+14155550100");
    assert_eq!(found[0]["friendly_name"], "(415) 555-0100");
    assert_eq!(found[0]["region"], "CA");
    assert!(found[0]["locality"].is_null());
    assert_eq!(found[0]["capabilities"]["SMS"], true);
}

#[tokio::test]
async fn laml_search_reads_letters_as_keys() {
    let house = House::new();
    // JJJ is 555, so every number has it.
    for (query, expected) in [("Contains=JJJ", 100), ("Contains=jj50129", 7)] {
        let path = laml(&format!("US/Local?{query}"));
        let answer = house.get(&house.root, &path).await;
        assert_eq!(answer.list("available_phone_numbers").len(), expected);
    }
}

#[tokio::test]
async fn laml_search_refuses_what_it_does_not_understand() {
    let house = House::new();
    for (rest, status, code) in [
        ("US/Local?AreaCode=51", 422, 21451),
        ("US/Local?AreaCode=abc", 422, 21451),
        ("US/Local?Contains=*555*", 422, 90000),
        ("US/Local?InLocality=Austin", 422, 90000),
        ("US/Local?InRegion=Texas", 422, 90000),
        ("US/Local?PageSize=5", 422, 90000),
        ("FR/Local", 404, 20404),
        ("US/Mobile", 404, 20404),
    ] {
        let answer = house.get(&house.root, &laml(rest)).await;
        assert_eq!(answer.refusal(), refused(status, code), "{rest}");
    }
}

#[tokio::test]
async fn toll_free_numbers_are_searched_apart() {
    let house = House::new();
    let change =
        numberline_simulator::Restock::area(numberline_simulator::Carrier::SignalWire, "888", 3);
    house.simulator.restock(&change).unwrap();
    let path = format!("{NATIVE}?number_type=toll-free");
    assert_eq!(house.get(&house.root, &path).await.list("data").len(), 3);
    let answer = house.get(&house.root, &laml("US/TollFree")).await;
    assert_eq!(answer.list("available_phone_numbers").len(), 3);
    let answer = house.get(&house.root, &laml("US/Local?AreaCode=888")).await;
    assert!(answer.list("available_phone_numbers").is_empty());
}

#[tokio::test]
async fn numbers_for_calls_only_say_so_before_and_after_they_are_bought() {
    let house = House::new();
    let carrier = numberline_simulator::Carrier::SignalWire;
    let mut change = numberline_simulator::Restock::area(carrier, "254", 1);
    change.voice_only = true;
    house.simulator.restock(&change).unwrap();
    let answer = house
        .get(&house.root, &format!("{NATIVE}?areacode=254"))
        .await;
    let capabilities = &answer.body["data"][0]["capabilities"];
    assert_eq!(capabilities["voice"], true);
    assert_eq!(capabilities["sms"], false);
    let answer = house.get(&house.root, &laml("US/Local?AreaCode=254")).await;
    let offer = &answer.list("available_phone_numbers")[0];
    assert_eq!(offer["capabilities"]["MMS"], false);
    let form = [("PhoneNumber", "+12545550100")];
    let path = format!("{}/IncomingPhoneNumbers", account(ROOT));
    let bought = house.form(&house.root, &path, &form).await;
    assert_eq!(bought.body["capabilities"]["sms"], false);
}

#[tokio::test]
async fn by_rule_a_search_goes_on_in_other_area_codes() {
    let house = House::with(Rules {
        search_neighbours: true,
        ..Rules::default()
    });
    for (code, there) in [("512", 30), ("907", 0)] {
        let path = format!("{NATIVE}?areacode={code}&max_results=40");
        let answer = house.get(&house.root, &path).await;
        let found = answer.list("data");
        let prefix = format!("+1{code}");
        let starts = |number: &&Value| number["number"].as_str().unwrap().starts_with(&prefix);
        let (own, all) = (found.iter().filter(starts).count(), found.len());
        assert_eq!((own, all), (there, 40), "{code}");
    }
}
