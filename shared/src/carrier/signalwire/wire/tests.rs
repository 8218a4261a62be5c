use super::{Message, Numbers, OwnedNumber, Search, SentMessage};
use crate::carrier::Route;
use crate::domain::{AccountId, E164, MessageStatus, MicroDollars, number::Capabilities};

const SEARCH: &str = include_str!("../../../../tests/fixtures/signalwire-search.json");
const NUMBERS: &str = include_str!("../../../../tests/fixtures/signalwire-numbers.json");
const MESSAGE: &str = include_str!("../../../../tests/fixtures/signalwire-message.json");

const ALL: Capabilities = Capabilities {
    voice: true,
    sms: true,
    mms: true,
};

#[test]
fn offers_we_cannot_serve_are_left_out() {
    let search: Search = serde_json::from_str(SEARCH).unwrap();
    let price = MicroDollars::from_dollars(1);
    let offers: Vec<_> = search
        .data
        .into_iter()
        .filter_map(|o| o.at(price))
        .collect();
    let numbers: Vec<_> = offers.iter().map(|offer| offer.e164.as_str()).collect();
    assert_eq!(numbers, ["+14155550142", "+14155550143"]);
    let [full, bare] = offers.try_into().unwrap();
    assert_eq!(full.locality.as_deref(), Some("SAN FRANCISCO"));
    assert_eq!(full.region.as_deref(), Some("CA"));
    assert_eq!(full.capabilities, ALL);
    assert_eq!((bare.locality, bare.region), (None, None));
    assert_eq!(bare.capabilities, Capabilities::default());
}

#[test]
fn owned_numbers_keep_what_we_left_with_them() {
    let page: Numbers = serde_json::from_str(NUMBERS).unwrap();
    let e164: E164 = "+14155550142".parse().unwrap();
    let account = AccountId::new("7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55");
    let first = page.incoming_phone_numbers.into_iter().next().unwrap();
    assert!(first.is(&e164, &account));
    assert!(!first.is(&e164, &AccountId::new("another")));
    assert!(!first.is(&"+14155550143".parse().unwrap(), &account));
    let number = OwnedNumber::try_from(first).unwrap();
    assert_eq!(number.reference.as_deref(), Some("ord_7"));
    assert_eq!(number.capabilities, ALL);
    let bought = number.purchased_at.unwrap().to_string();
    assert_eq!(bought, "2026-08-21T17:04:15.000Z");
    let voice = Route::to("https://hooks.example.com/voice");
    assert_eq!(number.routes.voice, voice);
    assert_eq!(number.routes.sms, Route::Unset);
    assert!(page.next_page_uri.is_some());
}

#[test]
fn capabilities_are_read_in_each_spelling() {
    for spelling in [
        r#"{"voice":true,"sms":true,"mms":true,"fax":true}"#,
        r#"{"voice":true,"SMS":true,"MMS":true}"#,
        r#"["voice","sms","mms","fax"]"#,
    ] {
        let read: super::Capabilities = serde_json::from_str(spelling).unwrap();
        assert_eq!(Capabilities::from(read), ALL, "{spelling}");
    }
}

#[test]
fn a_taken_message_is_read_with_numbers_or_texts() {
    let message: Message = serde_json::from_str(MESSAGE).unwrap();
    let sent = SentMessage::from(message);
    assert_eq!(sent.id.as_str(), "c0ffee00-1111-4222-8333-444455556666");
    assert_eq!((sent.status, sent.segments), (MessageStatus::Queued, 2));
    for (written, segments) in [(r#""3""#, 3), ("null", 1), (r#""x""#, 1)] {
        let body = format!(r#"{{"sid":"s","status":"sent","num_segments":{written}}}"#);
        let sent = SentMessage::from(serde_json::from_str::<Message>(&body).unwrap());
        assert_eq!(
            (sent.status, sent.segments),
            (MessageStatus::Sent, segments)
        );
    }
}
