use std::fmt::Write;

use insta::assert_snapshot;

use super::{
    Call, Caller, Operation, OutgoingMessage, OwnedNumber, PurchaseOrder, Route, Routes,
    SipCredentialId, SipCredentialRequest, Webhooks,
};
use crate::{
    carrier::{Account, Credentials, NumberQuery, SipPassword, signalwire::ID},
    domain::{
        AccountId, CarrierNumberId, E164, Filters, MessageId, Pattern, Place, WebhookToken,
        number::Capabilities, search, vanity::Position,
    },
};

fn account() -> Account {
    Account {
        id: AccountId::new("7b1f6d0a-3c52"),
        credentials: Credentials::new("PT-secret"),
    }
}

fn caller(account: &Account) -> Caller<'_> {
    Caller::new("https://acme.signalwire.com", account)
}

fn e164() -> E164 {
    "+15125550123".parse().unwrap()
}

fn webhooks() -> Webhooks {
    Webhooks::new("https://hooks.example.com", &ID, WebhookToken::derived(1))
}

fn number() -> OwnedNumber {
    OwnedNumber {
        id: CarrierNumberId::new("c1ac439e-0000"),
        e164: e164(),
        account: AccountId::new("7b1f6d0a-3c52"),
        reference: None,
        capabilities: Capabilities::default(),
        routes: Box::default(),
        purchased_at: None,
    }
}

/// A call as text; forms one field to a line, the token as stars.
fn shown(call: crate::carrier::Result<Call>) -> String {
    let call = call.unwrap();
    let (head, body) = call.request.into_parts();
    let (operation, connection) = (call.operation.name(), call.connection);
    let mut text = format!("{operation} {connection:?}\n{} {}", head.method, head.uri);
    for (name, value) in &head.headers {
        let value = if value.is_sensitive() {
            "***"
        } else {
            value.to_str().unwrap()
        };
        write!(text, "\n{name}: {value}").unwrap();
    }
    let body = String::from_utf8(body.into()).unwrap();
    text + "\n" + &body.replace('&', "\n&")
}

fn searched(place: Place, filters: Filters) -> String {
    let query = NumberQuery {
        place,
        filters,
        limit: 20,
    };
    let shown = shown(caller(&account()).search(&query));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "search Reused");
    assert_eq!(
        lines[2..],
        ["authorization: ***", "accept: application/json"]
    );
    let path = "GET https://acme.signalwire.com/api/relay/rest/phone_numbers/search?";
    lines[1].strip_prefix(path).unwrap().to_owned()
}

fn in_512(features: &str, pattern: Option<(&str, Position)>) -> String {
    let filters = Filters {
        features: search::features(features).unwrap_or_default(),
        pattern: pattern.map(|(text, position)| Pattern::new(text, position).unwrap()),
    };
    searched(Place::AreaCode("512".parse().unwrap()), filters)
}

#[test]
fn search_in_a_place() {
    let any = Filters::default;
    let town = |town: Option<&str>| Place::Region {
        region: "TX".parse().unwrap(),
        locality: town.map(|town| town.parse().unwrap()),
    };
    let code = |code: &str| Place::AreaCode(code.parse().unwrap());
    assert_snapshot!(searched(code("512"), any()), @"areacode=512&max_results=20");
    assert_snapshot!(searched(code("888"), any()), @"number_type=toll-free&areacode=888&max_results=20");
    assert_snapshot!(searched(town(None), any()), @"region=TX&max_results=20");
    assert_snapshot!(searched(town(Some("San Marcos")), any()), @"region=TX&city=San+Marcos&max_results=20");
}

#[test]
fn search_with_filters() {
    let at = |text, position| in_512("", Some((text, position)));
    assert_snapshot!(in_512("sms", None), @"areacode=512&max_results=100");
    assert_snapshot!(at("555-ACME", Position::Anywhere), @"areacode=512&contains=5552263&max_results=100");
    assert_snapshot!(at("ACME", Position::End), @"areacode=512&ends_with=2263&max_results=100");
    // Of a pattern with gaps the carrier is asked for the longest row; of a short one for nothing.
    assert_snapshot!(at("1*ACM", Position::End), @"areacode=512&contains=226&max_results=100");
    assert_snapshot!(at("7*7*7", Position::Anywhere), @"areacode=512&max_results=100");
    assert_snapshot!(at("77", Position::Anywhere), @"areacode=512&max_results=100");
}

#[test]
fn purchase() {
    let order = PurchaseOrder {
        e164: e164(),
        reference: "ord_7 & more".to_owned(),
        webhooks: webhooks(),
    };
    assert_snapshot!(shown(caller(&account()).purchase(&order)), @r"
    purchase Fresh
    POST https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/IncomingPhoneNumbers
    authorization: ***
    accept: application/json
    content-type: application/x-www-form-urlencoded
    PhoneNumber=%2B15125550123
    &FriendlyName=ord_7+%26+more
    &VoiceUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fvoice%2Fwht_00000000000000000000000001
    &VoiceMethod=POST
    &VoiceFallbackUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fvoice%2Fwht_00000000000000000000000001
    &VoiceFallbackMethod=POST
    &SmsUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fsms%2Fwht_00000000000000000000000001
    &SmsMethod=POST
    &SmsFallbackUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fsms%2Fwht_00000000000000000000000001
    &SmsFallbackMethod=POST
    &StatusCallback=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fstatus%2Fwht_00000000000000000000000001
    &StatusCallbackMethod=POST
    ");
}

#[test]
fn look_up() {
    let account = account();
    let caller = caller(&account);
    assert_snapshot!(shown(caller.numbers_like(Operation::Get, &e164(), 200)), @r"
    get Reused
    GET https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/IncomingPhoneNumbers?PhoneNumber=%2B15125550123&PageSize=200
    authorization: ***
    accept: application/json
    ");
    assert_snapshot!(shown(caller.numbers(Operation::ListOwned, 200)), @r"
    list_owned Reused
    GET https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/IncomingPhoneNumbers?PageSize=200
    authorization: ***
    accept: application/json
    ");
    assert_snapshot!(shown(caller.check_numbers()), @r"
    check_credentials Reused
    GET https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/IncomingPhoneNumbers?PageSize=1
    authorization: ***
    accept: application/json
    ");
    assert_snapshot!(shown(caller.check_projects()), @r"
    check_credentials Reused
    GET https://acme.signalwire.com/api/projects?page_size=1
    authorization: ***
    accept: application/json
    ");
}

#[test]
fn change() {
    let account = account();
    let caller = caller(&account);
    assert_snapshot!(shown(caller.configure(&number(), &webhooks())), @r"
    configure Reused
    POST https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/IncomingPhoneNumbers/c1ac439e-0000
    authorization: ***
    accept: application/json
    content-type: application/x-www-form-urlencoded
    VoiceUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fvoice%2Fwht_00000000000000000000000001
    &VoiceMethod=POST
    &VoiceFallbackUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fvoice%2Fwht_00000000000000000000000001
    &VoiceFallbackMethod=POST
    &SmsUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fsms%2Fwht_00000000000000000000000001
    &SmsMethod=POST
    &SmsFallbackUrl=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fsms%2Fwht_00000000000000000000000001
    &SmsFallbackMethod=POST
    &StatusCallback=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fstatus%2Fwht_00000000000000000000000001
    &StatusCallbackMethod=POST
    ");
    let overridden = OwnedNumber {
        routes: Box::new(Routes {
            voice: Route::Application,
            sms: Route::Application,
            ..Routes::default()
        }),
        ..number()
    };
    let detached = shown(caller.configure(&overridden, &webhooks()));
    assert!(
        detached.ends_with("\n&VoiceApplicationSid=\n&SmsApplicationSid="),
        "{detached}"
    );
    let to = AccountId::new("3f0d0000-1111");
    assert_snapshot!(shown(caller.transfer(&number(), &to)), @r"
    transfer Reused
    POST https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/IncomingPhoneNumbers/c1ac439e-0000
    authorization: ***
    accept: application/json
    content-type: application/x-www-form-urlencoded
    AccountSid=3f0d0000-1111
    ");
    assert_snapshot!(shown(caller.release(&number())), @r"
    release Reused
    DELETE https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/IncomingPhoneNumbers/c1ac439e-0000
    authorization: ***
    accept: application/json
    ");
}

#[test]
fn subprojects() {
    let account = account();
    let caller = caller(&account);
    assert_snapshot!(shown(caller.projects_like("numberline-ws_1", 200)), @r"
    list_projects Reused
    GET https://acme.signalwire.com/api/projects?name=numberline-ws_1&page_size=200
    authorization: ***
    accept: application/json
    ");
    assert_snapshot!(shown(caller.create_project("numberline-ws_1", true)), @r#"
    create_project Fresh
    POST https://acme.signalwire.com/api/projects
    authorization: ***
    accept: application/json
    content-type: application/json
    {"force_https_requests":true,"name":"numberline-ws_1"}
    "#);
    assert_snapshot!(shown(caller.rotate_signing_key("3f0d0000-1111")), @r"
    rotate_signing_key Fresh
    POST https://acme.signalwire.com/api/projects/3f0d0000-1111/signing-key/rotate
    authorization: ***
    accept: application/json
    ");
    assert_snapshot!(shown(caller.create_token("3f0d0000-1111")), @r#"
    create_token Fresh
    POST https://acme.signalwire.com/api/project/tokens
    authorization: ***
    accept: application/json
    content-type: application/json
    {"name":"numberline","permissions":["numbers","messaging","calling"],"subproject_id":"3f0d0000-1111"}
    "#);
    let project = AccountId::new("3f0d0000-1111");
    assert_snapshot!(shown(caller.close_subproject(&project)), @r"
    close_subproject Reused
    DELETE https://acme.signalwire.com/api/projects/3f0d0000-1111
    authorization: ***
    accept: application/json
    ");
}

fn phone(display_name: Option<&str>) -> SipCredentialRequest {
    SipCredentialRequest {
        username: "line_1".parse().unwrap(),
        password: SipPassword::new("a-secret"),
        caller_id: e164(),
        display_name: display_name.map(str::to_owned),
    }
}

#[test]
fn sip_credentials() {
    let account = account();
    let caller = caller(&account);
    let operation = Operation::CreateSipCredential;
    assert_snapshot!(shown(caller.sip_profile(operation)), @r"
    create_sip_credential Reused
    GET https://acme.signalwire.com/api/relay/rest/sip_profile
    authorization: ***
    accept: application/json
    ");
    let username = phone(None).username;
    assert_snapshot!(shown(caller.sip_endpoints_like(operation, &username, 200)), @r"
    create_sip_credential Reused
    GET https://acme.signalwire.com/api/relay/rest/endpoints/sip?filter_username=line_1&page_size=200
    authorization: ***
    accept: application/json
    ");
    assert_snapshot!(shown(caller.create_sip_credential(&phone(Some("Ann & Co")))), @r#"
    create_sip_credential Fresh
    POST https://acme.signalwire.com/api/relay/rest/endpoints/sip
    authorization: ***
    accept: application/json
    content-type: application/json
    {"caller_id":"Ann 
    & Co","encryption":"required","password":"a-secret","send_as":"+15125550123","username":"line_1"}
    "#);
    assert_snapshot!(shown(caller.update_sip_credential("67075301-69b2", &phone(None))), @r#"
    create_sip_credential Reused
    PUT https://acme.signalwire.com/api/relay/rest/endpoints/sip/67075301-69b2
    authorization: ***
    accept: application/json
    content-type: application/json
    {"caller_id":"+15125550123","encryption":"required","password":"a-secret","send_as":"+15125550123","username":"line_1"}
    "#);
    let id = SipCredentialId::new("67075301-69b2");
    assert_snapshot!(shown(caller.delete_sip_credential(&id)), @r"
    delete_sip_credential Reused
    DELETE https://acme.signalwire.com/api/relay/rest/endpoints/sip/67075301-69b2
    authorization: ***
    accept: application/json
    ");
}

#[test]
fn send_message() {
    let id = MessageId::derived(7);
    let message = OutgoingMessage {
        from: e164(),
        to: "+12125550199".parse().unwrap(),
        body: "50% off, ünï & 🎉".to_owned(),
        status_url: webhooks().message_status_url(&id),
        id,
    };
    assert_snapshot!(shown(caller(&account()).send_message(&message)), @r"
    send_message Fresh
    POST https://acme.signalwire.com/api/laml/2010-04-01/Accounts/7b1f6d0a-3c52/Messages
    authorization: ***
    accept: application/json
    content-type: application/x-www-form-urlencoded
    From=%2B15125550123
    &To=%2B12125550199
    &Body=50%25+off%2C+%C3%BCn%C3%AF+%26+%F0%9F%8E%89
    &StatusCallback=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2Fsignalwire%2Fstatus%2Fwht_00000000000000000000000001%2Fmsg_00000000000000000000000007
    ");
}

#[test]
fn the_token_is_sent_and_not_shown() {
    let call = caller(&account()).check_numbers().unwrap();
    let sent = call.request.headers().get("authorization").unwrap();
    // The name and the token, in base64.
    assert_eq!(sent, "Basic N2IxZjZkMGEtM2M1MjpQVC1zZWNyZXQ=");
    let phone = caller(&account()).create_sip_credential(&phone(None));
    let shown = format!("{call:?} {phone:?}");
    assert!(
        !shown.contains("N2IxZjZkMGE") && !shown.contains("secret"),
        "{shown}"
    );
}

#[test]
fn no_identifier_leads_elsewhere() {
    for id in ["..", "a/../b", "a?b", "", "ü"] {
        let mut number = number();
        number.id = CarrierNumberId::new(id);
        let account = account();
        assert!(caller(&account).release(&number).is_err(), "{id}");
        assert!(caller(&account).rotate_signing_key(id).is_err(), "{id}");
        let credential = SipCredentialId::new(id);
        let delete = caller(&account).delete_sip_credential(&credential);
        assert!(delete.is_err(), "{id}");
        let update = caller(&account).update_sip_credential(id, &phone(None));
        assert!(update.is_err(), "{id}");
        let stranger = Account {
            id: AccountId::new(id),
            ..account.clone()
        };
        assert!(caller(&stranger).check_numbers().is_err(), "{id}");
    }
}

#[test]
fn no_link_takes_the_token_elsewhere() {
    let account = account();
    let caller = caller(&account);
    for link in [
        "https://evil.example.com/api/",
        "//evil.example.com/api/",
        "@evil.example.com/api/",
        ".evil.example.com/api/",
        "https://acme.signalwire.com.evil.example/api/",
        "https://acme.signalwire.com@evil.example/api/",
    ] {
        assert!(caller.follow(Operation::ListOwned, link).is_err(), "{link}");
    }
    for link in [
        "/api/laml/x?Page=1",
        "https://acme.signalwire.com/api/laml/x?Page=1",
    ] {
        let call = caller.follow(Operation::ListOwned, link).unwrap();
        let uri = call.request.uri().to_string();
        assert_eq!(uri, "https://acme.signalwire.com/api/laml/x?Page=1");
    }
}
