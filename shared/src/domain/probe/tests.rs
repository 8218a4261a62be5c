use std::time::Duration;

use super::{Echo, Expected, NotProven, Probe, ProbeKey, WINDOW, signature};
use crate::domain::{Timestamp, WebhookToken, WorkspaceId, verify::VerifyCode};

const NOW: Timestamp = Timestamp::from_millis(1_795_240_800_000);
const ADDRESS: &str = "https://hooks.example.com/webhooks/local/probe/wht_1";

fn key() -> ProbeKey {
    ProbeKey::derived("PSK_made_up")
}

fn token() -> WebhookToken {
    WebhookToken::derived(1)
}

fn probe() -> Probe {
    Probe {
        nonce: "a1b2c3".to_owned(),
        at: NOW,
        to: "+15125550123".parse().unwrap(),
    }
}

fn body() -> String {
    serde_json::to_string(&probe()).unwrap()
}

/// A known answer, made with Python's `hmac`: the key that an account of before and
/// one of after an update derive must be the same.
#[test]
fn the_key_of_a_webhook_key_stays_the_same() {
    let expected = "4ec066bbee16086ac30cb5cdb851fbd0c244acc550b5714d17c85217c5f7a3b8";
    assert_eq!(key().expose(), expected);
    assert_eq!(format!("{:?}", key()), "***");
}

#[test]
fn a_signed_probe_is_read() {
    let signed = signature(&key(), &token(), &body());
    let read = Probe::read(&key(), &token(), body().as_bytes(), &signed, NOW);
    assert_eq!(read, Ok(probe()));
    assert_eq!(Probe::addressee(body().as_bytes()), Some(probe().to));
}

#[test]
fn whatever_is_not_proven_is_refused() {
    let signed = signature(&key(), &token(), &body());
    let refused = Err(NotProven::Signature);
    let other = ProbeKey::derived("PSK_of_somebody_else");
    let body = body();
    let read = |key: &ProbeKey, token: &WebhookToken, body: &str, signed: &str| {
        Probe::read(key, token, body.as_bytes(), signed, NOW)
    };
    assert_eq!(read(&key(), &token(), &body, ""), refused, "unsigned");
    assert_eq!(read(&other, &token(), &body, &signed), refused, "wrong key");
    let elsewhere = WebhookToken::derived(2);
    assert_eq!(read(&key(), &elsewhere, &body, &signed), refused, "moved");
    let changed = body.replace("0123", "0124");
    assert_eq!(read(&key(), &token(), &changed, &signed), refused);
    let raw = ProbeKey::new("PSK_made_up".to_owned());
    assert_eq!(read(&raw, &token(), &body, &signed), refused, "not derived");
    let nonsense = signature(&key(), &token(), "{}");
    let unreadable = read(&key(), &token(), "{}", &nonsense);
    assert_eq!(unreadable, Err(NotProven::Unreadable));
}

#[test]
fn a_probe_is_good_for_half_a_minute() {
    let signed = signature(&key(), &token(), &body());
    let second = Duration::from_secs(1);
    for (now, fresh) in [
        (NOW.plus(WINDOW), true),
        (NOW.plus(WINDOW).plus(second), false),
        (NOW.minus(WINDOW), true),
        (NOW.minus(WINDOW).minus(second), false),
    ] {
        let read = Probe::read(&key(), &token(), body().as_bytes(), &signed, now);
        assert_eq!(read.is_ok(), fresh, "{now}");
        assert!(fresh || read == Err(NotProven::Stale));
    }
}

#[test]
fn an_answer_proves_address_and_workspace() {
    let (ours, theirs) = (WorkspaceId::derived(1), WorkspaceId::derived(2));
    let expected = Expected {
        address: ADDRESS,
        workspace: &ours,
    };
    let judge = |answer: &Echo| probe().judge(&key(), answer, expected);
    let right = probe().echo(&key(), ADDRESS, Some(&ours));
    assert_eq!(judge(&right), None);
    let seen_as = ADDRESS.replace("https", "http");
    let elsewhere = probe().echo(&key(), &seen_as, Some(&ours));
    assert_eq!(judge(&elsewhere), Some(VerifyCode::ProbeAddressMismatch));
    for other in [None, Some(&theirs)] {
        let answer = probe().echo(&key(), ADDRESS, other);
        assert_eq!(judge(&answer), Some(VerifyCode::ProbeWrongWorkspace));
    }
    let again = Probe {
        nonce: "another".to_owned(),
        ..probe()
    };
    assert!(again.judge(&key(), &right, expected).is_some(), "replayed");
    let text = serde_json::to_string(&right).unwrap();
    assert!(!text.contains(ours.as_str()) && !text.contains("hooks"));
}
