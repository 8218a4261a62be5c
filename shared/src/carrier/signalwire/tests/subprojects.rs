//! Subprojects over the script: found by name, and never without their secrets.

use super::{
    Answer, Break, Carrier, Connection, Effect, ErrorKind, TransportErrorKind, Turn, platform,
    scripted, state,
};
use crate::carrier::{CreatedSubproject, Result};

const CREATED: Turn = Answer(
    201,
    r#"{"id":"3f0d","name":"n","signing_key":"PSK-secret"}"#,
);
const MINTED: Turn = Answer(200, r#"{"id":"t","name":"numberline","token":"PT-minted"}"#);

/// Opens the subproject, after a look for one that was left behind or without.
async fn open(carrier: &dyn Carrier, look_first: bool) -> Result<CreatedSubproject> {
    let known = if look_first {
        carrier.find_subproject(&platform(), "n").await?
    } else {
        None
    };
    carrier
        .ensure_subproject(&platform(), "n", known.as_ref())
        .await
}

#[tokio::test]
async fn a_new_subproject_is_made_without_looking() {
    let (carrier, script) = scripted(&[CREATED, MINTED]);
    let made = carrier
        .ensure_subproject(&platform(), "n", None)
        .await
        .unwrap();
    assert_eq!(made.account.as_str(), "3f0d");
    assert_eq!(made.credentials.expose(), "PT-minted");
    assert_eq!(made.webhook_key.expose(), "PSK-secret");
    assert_eq!(
        script.paths(),
        ["POST /api/projects", "POST /api/project/tokens"]
    );
    assert!(
        script
            .sent()
            .iter()
            .all(|(connection, _)| *connection == Connection::Fresh)
    );
}

#[tokio::test]
async fn a_known_subproject_gets_new_secrets() {
    let first = r#"{"data":[
        {"id":"root","name":"n","subproject":false,"parent_project_id":null,"created_at":"2026-01-01T00:00:00Z"},
        {"id":"like","name":"n2","subproject":true,"parent_project_id":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","created_at":"2026-01-02T00:00:00Z"},
        {"id":"young","name":"n","subproject":true,"parent_project_id":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","created_at":"2026-02-01T00:00:00Z"}],
        "links":{"next":"/api/projects?page_number=1"}}"#;
    let second = r#"{"data":[
        {"id":"old","name":"n","subproject":true,"parent_project_id":"7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55","created_at":"2026-01-31T00:00:00Z"}],
        "links":{}}"#;
    let rotated = Answer(200, r#"{"id":"old","signing_key":"PSK-rotated"}"#);
    let (carrier, script) = scripted(&[Answer(200, first), Answer(200, second), rotated, MINTED]);
    let taken = open(&carrier, true).await.unwrap();
    assert_eq!(taken.account.as_str(), "old");
    assert_eq!(taken.webhook_key.expose(), "PSK-rotated");
    let expected = [
        "GET /api/projects",
        "GET /api/projects",
        "POST /api/projects/old/signing-key/rotate",
        "POST /api/project/tokens",
    ];
    assert_eq!(script.paths(), expected);
}

#[tokio::test]
async fn once_a_subproject_may_exist_every_failure_is_unknown() {
    let none = Answer(200, r#"{"data":[],"links":{}}"#);
    for (look_first, turns, kind, effect) in [
        (
            false,
            &[Answer(422, "")][..],
            ErrorKind::Rejected,
            Effect::None,
        ),
        (
            false,
            &[Answer(500, "")],
            ErrorKind::Unavailable,
            Effect::Unknown,
        ),
        (
            false,
            &[Answer(201, r#"{"id":"3f0d"}"#)],
            ErrorKind::Unexpected,
            Effect::Unknown,
        ),
        (
            false,
            &[Answer(201, r#"{"id":"3f0d","signing_key":""}"#)],
            ErrorKind::Unexpected,
            Effect::Unknown,
        ),
        (
            false,
            &[CREATED, Answer(200, r#"{"id":"t","token":" "}"#)],
            ErrorKind::Unexpected,
            Effect::Unknown,
        ),
        (
            false,
            &[CREATED, Answer(401, "")],
            ErrorKind::Unauthenticated,
            Effect::Unknown,
        ),
        (
            false,
            &[CREATED, Answer(429, "")],
            ErrorKind::RateLimited,
            Effect::Unknown,
        ),
        (
            false,
            &[CREATED, Break(TransportErrorKind::Connect)],
            ErrorKind::Unavailable,
            Effect::Unknown,
        ),
        (
            true,
            &[Answer(500, "")],
            ErrorKind::Unavailable,
            Effect::None,
        ),
        (
            true,
            &[none, CREATED, Answer(500, "")],
            ErrorKind::Unavailable,
            Effect::Unknown,
        ),
    ] {
        let (carrier, _) = scripted(turns);
        let error = open(&carrier, look_first).await.unwrap_err();
        assert_eq!(state(&error), (kind, effect), "{turns:?}");
    }
}

#[tokio::test]
async fn the_platform_is_not_closed() {
    let (carrier, script) = scripted(&[Answer(204, "")]);
    let error = carrier
        .close_subproject(&platform(), &platform())
        .await
        .unwrap_err();
    assert_eq!(state(&error), (ErrorKind::Rejected, Effect::None));
    assert!(script.sent().is_empty());
}
