//! One pass for who asks.

use numberline::{
    app::Error,
    domain::{
        Number, NumberStatus, WorkspaceId,
        verify::{Channel, VerifyCode},
    },
};
use numberline_simulator::{Kind, Wire};
use numberline_tests::{
    lab::{Books, CORE, Lambda, MESSAGES, VAULT},
    seam::{Front, Service},
};

use super::scene::Scene;

const ELSEWHERE: &str = "https://elsewhere.example.com/hook";

#[tokio::test]
async fn a_number_that_works_passes_and_nothing_is_changed() {
    let scene = Scene::new().await;
    let lab = &scene.lab;
    let state = || [CORE, MESSAGES, VAULT].map(|table| lab.tables.items(table).unwrap());
    let before = state();
    lab.seam.measure();
    for repair in [false, true] {
        let verified = scene.pass(repair).await.unwrap();
        assert_eq!(verified.faults, []);
        assert!(verified.voice() && verified.sms() && !verified.repaired);
    }
    assert_eq!(state(), before);
    assert_eq!(lab.simulator.ledger().total(Kind::Configure), 0);
    let measured = lab.seam.measured();
    assert_eq!(measured.count(Service::Carrier), 2, "one look a pass");
    assert_eq!(measured.count(Service::Public), 4, "two probes a pass");
}

/// Changes at the carrier, and what each is called.
const CHANGES: [(Wire, Option<&str>, Channel, VerifyCode); 14] = [
    (Wire::VoiceUrl, None, Channel::Voice, VerifyCode::NotSet),
    (
        Wire::VoiceUrl,
        Some(ELSEWHERE),
        Channel::Voice,
        VerifyCode::UrlMismatch,
    ),
    (
        Wire::VoiceMethod,
        Some("GET"),
        Channel::Voice,
        VerifyCode::WrongMethod,
    ),
    (
        Wire::VoiceApplication,
        Some("app-1"),
        Channel::Voice,
        VerifyCode::OverriddenByApplication,
    ),
    (
        Wire::VoiceFallbackUrl,
        None,
        Channel::VoiceFallback,
        VerifyCode::NotSet,
    ),
    (
        Wire::VoiceFallbackMethod,
        Some("GET"),
        Channel::VoiceFallback,
        VerifyCode::WrongMethod,
    ),
    (Wire::SmsUrl, None, Channel::Sms, VerifyCode::NotSet),
    (
        Wire::SmsUrl,
        Some(ELSEWHERE),
        Channel::Sms,
        VerifyCode::UrlMismatch,
    ),
    (
        Wire::SmsMethod,
        Some("GET"),
        Channel::Sms,
        VerifyCode::WrongMethod,
    ),
    (
        Wire::SmsApplication,
        Some("app-1"),
        Channel::Sms,
        VerifyCode::OverriddenByApplication,
    ),
    (
        Wire::SmsFallbackUrl,
        Some(ELSEWHERE),
        Channel::SmsFallback,
        VerifyCode::UrlMismatch,
    ),
    (
        Wire::SmsFallbackMethod,
        Some("GET"),
        Channel::SmsFallback,
        VerifyCode::WrongMethod,
    ),
    (
        Wire::StatusUrl,
        Some(ELSEWHERE),
        Channel::Status,
        VerifyCode::UrlMismatch,
    ),
    (
        Wire::StatusMethod,
        Some("GET"),
        Channel::Status,
        VerifyCode::WrongMethod,
    ),
];

#[tokio::test]
async fn every_fault_at_the_carrier_is_found_and_mended_where_it_can_be() {
    let scene = Scene::new().await;
    for (wire, value, channel, code) in CHANGES {
        scene.rewire(wire, value);
        let verified = scene.pass(false).await.unwrap();
        let faults = verified.faults.iter();
        let faults: Vec<_> = faults.map(|fault| (fault.channel, fault.code)).collect();
        assert_eq!(faults, [(channel, code)], "{wire:?} {value:?}");
        let works = (verified.voice(), verified.sms());
        let expected = (channel != Channel::Voice, channel != Channel::Sms);
        assert_eq!(works, expected, "{wire:?} {value:?}");
        let repaired = scene.pass(true).await.unwrap();
        assert_eq!(repaired.faults, [], "{wire:?} {value:?}");
        assert!(repaired.repaired);
    }
}

#[tokio::test]
async fn a_trunk_is_found_and_left_to_the_operators() {
    let scene = Scene::new().await;
    scene.rewire(Wire::Trunk, Some("trunk-1"));
    let trunk = [(Channel::Voice, VerifyCode::OverriddenByTrunk)];
    for repair in [false, true] {
        let verified = scene.pass(repair).await.unwrap();
        assert!(!verified.voice() && verified.sms() && !verified.repaired);
        assert_eq!(scene.found(repair).await, trunk);
    }
    scene.rewire(Wire::Trunk, None);
    assert_eq!(scene.found(false).await, []);
}

#[tokio::test]
async fn a_public_address_that_is_not_what_it_should_be_is_found() {
    let scene = Scene::new().await;
    for (front, expected) in [
        (Front::Dead, vec![VerifyCode::ProbeUnreachable]),
        (Front::Slow, vec![VerifyCode::ProbeSlow]),
        (Front::Somebody(502), vec![VerifyCode::ProbeFailed]),
        (Front::Somebody(404), vec![VerifyCode::ProbeRefused]),
        (Front::Somebody(403), vec![VerifyCode::ProbeRefused]),
        (Front::Somebody(302), vec![VerifyCode::ProbeWrongAnswer]),
        (
            Front::Somebody(200),
            vec![
                VerifyCode::ProbeWrongAnswer,
                VerifyCode::ProbeNotRefusedUnsigned,
            ],
        ),
        (
            Front::SeenAs("http://10.0.0.1"),
            vec![VerifyCode::ProbeAddressMismatch],
        ),
        (Front::Open, vec![]),
    ] {
        scene.lab.public_address(front);
        let verified = scene.pass(false).await.unwrap();
        let codes: Vec<_> = verified.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, expected, "{front:?}");
        let arrives = expected.is_empty();
        assert_eq!((verified.voice(), verified.sms()), (arrives, arrives));
    }
}

#[tokio::test]
async fn a_wrong_signing_key_is_found() {
    let scene = Scene::new().await;
    scene.webhook_key("PSK_of_another_account");
    let fault = [(Channel::Webhooks, VerifyCode::WrongSigningKey)];
    assert_eq!(scene.found(true).await, fault);
    let text = scene.lab.text("+14155550177", &scene.number.e164, "hello");
    let taken = scene.lab.take_cold(&text.await.unwrap()).await;
    assert!(taken.is_err(), "what it warned of");
}

#[tokio::test]
async fn a_wrong_workspace_is_found() {
    let scene = Scene::new().await;
    scene.claimed_by(&WorkspaceId::derived(99));
    let fault = [(Channel::Webhooks, VerifyCode::ProbeWrongWorkspace)];
    assert_eq!(scene.found(true).await, fault);
    scene.claimed_by(&scene.tenant.workspace);
    assert_eq!(scene.found(false).await, []);
}

#[tokio::test]
async fn an_account_without_a_key_to_prove_with_is_found() {
    let scene = Scene::new().await;
    scene.without_probe_key();
    let fault = [(Channel::Webhooks, VerifyCode::ProbeKeyMissing)];
    assert_eq!(scene.found(false).await, fault);
}

#[tokio::test]
async fn a_number_that_the_carrier_does_not_list_is_found() {
    let scene = Scene::new().await;
    let Number {
        workspace,
        carrier,
        account,
        e164,
        ..
    } = &scene.number;
    let accounts = scene.lab.verifier().accounts;
    let home = accounts.open(workspace, carrier, account).await;
    let home = home.unwrap().unwrap();
    let platform = scene.lab.carriers().preferred().unwrap();
    let owned = platform.carrier.get(&home, e164).await.unwrap().unwrap();
    let to = platform.account().await;
    let moved = platform.carrier.transfer(&home, &owned, &to);
    moved.await.unwrap();
    let fault = [(Channel::Number, VerifyCode::NumberMissing)];
    assert_eq!(scene.found(true).await, fault);
    let verified = scene.pass(false).await.unwrap();
    assert!(!verified.voice() && !verified.sms());
}

#[tokio::test]
async fn a_number_on_its_way_back_is_not_verified() {
    let scene = Scene::new().await;
    let given_back = scene.tenant.give_back(&scene.lab, &scene.number.id).await;
    given_back.unwrap();
    for status in [NumberStatus::Releasing, NumberStatus::Released] {
        let books = Books::read(&scene.lab.tables).unwrap();
        assert_eq!(books.numbers[0].status, status);
        let refused = scene.pass(true).await;
        assert!(matches!(refused, Err(Error::NotVerifiable)), "{refused:?}");
        scene.lab.settle().await.unwrap();
    }
}
