//! SIP credentials over the script: what is read before anything is changed.

use super::{
    Answer, Break, Carrier, Connection, Effect, ErrorKind, TransportErrorKind, Turn, platform,
    scripted, state,
};
use crate::carrier::{SipCredentialId, SipCredentialRequest, SipPassword};

const PROFILE: Turn = Answer(200, r#"{"domain":"acme-7b1f.sip.signalwire.com"}"#);
const MADE: Turn = Answer(
    200,
    r#"{"type":"sip_endpoint","id":"e1","username":"line_1"}"#,
);
const NONE: Turn = Answer(200, r#"{"links":{},"data":[]}"#);
const ALIKE: Turn = Answer(
    200,
    r#"{"data":[{"id":"e2","username":"line_12"}],"links":{"next":"/api/relay/rest/endpoints/sip?page_number=1"}}"#,
);
const OURS: Turn = Answer(
    200,
    r#"{"data":[{"id":"e1","username":"line_1"}],"links":{}}"#,
);

fn request() -> SipCredentialRequest {
    SipCredentialRequest {
        username: "line_1".parse().unwrap(),
        password: SipPassword::new("a-secret"),
        caller_id: "+14155550142".parse().unwrap(),
        display_name: None,
    }
}

#[tokio::test]
async fn a_credential_is_made_after_the_registrar_is_known() {
    let (carrier, script) = scripted(&[PROFILE, MADE]);
    let made = carrier
        .create_sip_credential(&platform(), &request(), false)
        .await
        .unwrap();
    assert_eq!(made.id.as_str(), "e1");
    assert_eq!(made.username, request().username);
    assert_eq!(made.registrar, "acme-7b1f.sip.signalwire.com");
    let (first, write) = (
        (Connection::Reused, "GET /api/relay/rest/sip_profile"),
        (Connection::Fresh, "POST /api/relay/rest/endpoints/sip"),
    );
    let expected = [first, write].map(|(connection, line)| (connection, line.to_owned()));
    assert_eq!(script.sent(), expected);
}

#[tokio::test]
async fn looking_first_takes_over_the_very_name() {
    for (turns, write) in [
        (
            &[PROFILE, ALIKE, OURS, MADE][..],
            "PUT /api/relay/rest/endpoints/sip/e1",
        ),
        (
            &[PROFILE, ALIKE, NONE, MADE],
            "POST /api/relay/rest/endpoints/sip",
        ),
    ] {
        let (carrier, script) = scripted(turns);
        let made = carrier
            .create_sip_credential(&platform(), &request(), true)
            .await
            .unwrap();
        assert_eq!(made.id.as_str(), "e1");
        assert_eq!(script.sent().len(), 4);
        assert_eq!(script.paths().last().unwrap(), write);
    }
}

#[tokio::test]
async fn only_the_last_request_may_have_had_an_effect() {
    use ErrorKind::{NotFound, Rejected, Unavailable, Unexpected};
    let lost = Break(TransportErrorKind::Timeout);
    let failed = Answer(500, "");
    let homeless = Answer(200, r#"{"domain":null}"#);
    let other = Answer(200, r#"{"id":"e9","username":"line_9"}"#);
    for (look_first, turns, kind, effect) in [
        (false, &[failed][..], Unavailable, Effect::None),
        (false, &[homeless], Unexpected, Effect::None),
        (true, &[PROFILE, failed], Unavailable, Effect::None),
        (false, &[PROFILE, lost], Unavailable, Effect::Unknown),
        (false, &[PROFILE, failed], Unavailable, Effect::Unknown),
        (false, &[PROFILE, other], Unexpected, Effect::Unknown),
        (
            false,
            &[PROFILE, Answer(200, "{}")],
            Unexpected,
            Effect::Unknown,
        ),
        (false, &[PROFILE, Answer(422, "")], Rejected, Effect::None),
        (true, &[PROFILE, OURS, lost], Unavailable, Effect::Unknown),
        (
            true,
            &[PROFILE, OURS, Answer(404, "")],
            NotFound,
            Effect::None,
        ),
    ] {
        let (carrier, _) = scripted(turns);
        let error = carrier
            .create_sip_credential(&platform(), &request(), look_first)
            .await
            .unwrap_err();
        assert_eq!(state(&error), (kind, effect), "{turns:?}");
        let told = format!("{error} {error:?}");
        assert!(!told.contains("secret"), "{told}");
    }
}

#[tokio::test]
async fn a_removal_is_not_repeated() {
    for (turn, kind, effect) in [
        (Answer(500, ""), ErrorKind::Unavailable, Effect::Unknown),
        (Answer(404, ""), ErrorKind::NotFound, Effect::None),
    ] {
        let (carrier, script) = scripted(&[turn]);
        let error = carrier
            .delete_sip_credential(&platform(), &SipCredentialId::new("e1"))
            .await
            .unwrap_err();
        assert_eq!(state(&error), (kind, effect));
        assert_eq!(script.paths(), ["DELETE /api/relay/rest/endpoints/sip/e1"]);
    }
}
