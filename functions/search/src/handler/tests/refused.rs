//! Searches that are refused.

use insta::assert_snapshot;
use numberline_events::cast;

use super::{event, stage};

#[tokio::test]
async fn callers_that_are_refused() {
    let stage = stage().await;
    let cases = [
        ("no token", event().without_token()),
        (
            "another workspace",
            event().header("x-workspace-id", cast::bakery().as_str()),
        ),
        (
            "one of two workspaces",
            event().by(cast::MIA).without_header("x-workspace-id"),
        ),
        (
            "no workspace",
            event().by(cast::NIA).without_header("x-workspace-id"),
        ),
        (
            "the backend in no workspace",
            event().by(cast::BACKEND).without_header("x-workspace-id"),
        ),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no token: 401 unauthenticated: sign in first
    another workspace: 404 not_found: there is no such thing here
    one of two workspaces: 400 workspace_required: name the workspace in the x-workspace-id header
    no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    the backend in no workspace: 400 workspace_required: name the workspace in the x-workspace-id header
    "#);
}

#[tokio::test]
async fn places_that_are_refused() {
    let stage = stage().await;
    let query = |query| event().query(query);
    let cases = [
        ("no place", query("limit=2")),
        ("two digits", query("areaCode=12")),
        ("letters", query("areaCode=abc")),
        ("a service code", query("areaCode=911")),
        ("four digits as ZIP", query("zip=7870")),
        ("a ZIP of nobody", query("zip=00000")),
        ("a Canadian postal code", query("zip=M5V%202T6")),
        ("a region by name", query("region=Texas")),
        ("a region of nobody", query("region=ZZ")),
        ("a town anywhere", query("locality=Austin")),
        (
            "a town of an area code",
            query("areaCode=512&locality=Austin"),
        ),
        ("no town", query("region=TX&locality=78701")),
        ("two places", query("areaCode=512&zip=78701")),
        ("two other places", query("zip=78701&region=TX")),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    no place: 400 area_code_required at "areaCode": say where to search: an areaCode, for example 512, a zip or a region
    two digits: 400 invalid_area_code at "areaCode": an area code has three digits, for example 512
    letters: 400 invalid_area_code at "areaCode": an area code has three digits, for example 512
    a service code: 400 invalid_area_code at "areaCode": this area code cannot have phone numbers; try one such as 512
    four digits as ZIP: 400 invalid_zip at "zip": a ZIP code has five digits, for example 78701
    a ZIP of nobody: 400 unknown_zip at "zip": there is no such ZIP code in the United States
    a Canadian postal code: 400 invalid_zip at "zip": a ZIP code has five digits, for example 78701
    a region by name: 400 invalid_region at "region": a region is written in two letters, for example TX
    a region of nobody: 400 invalid_region at "region": no state, province or territory of the United States or Canada has these letters
    a town anywhere: 400 locality_without_region at "locality": a locality goes with its region, for example locality=Austin&region=TX
    a town of an area code: 400 locality_without_region at "locality": a locality goes with its region, for example locality=Austin&region=TX
    no town: 400 invalid_locality at "locality": a locality is the name of a town in at most 60 letters, for example Austin
    two places: 400 one_place_only at "zip": send only one of areaCode, zip and region
    two other places: 400 one_place_only at "region": send only one of areaCode, zip and region
    "#);
}

#[tokio::test]
async fn filters_that_are_refused() {
    let stage = stage().await;
    let query = |query| event().query(query);
    let cases = [
        ("two area codes", query("areaCode=512&areaCode=212")),
        ("limit 0", query("areaCode=512&limit=0")),
        ("limit 51", query("areaCode=512&limit=51")),
        ("limit 1000", query("areaCode=512&limit=1000")),
        ("an unknown feature", query("areaCode=512&features=fax")),
        ("no feature", query("areaCode=512&features=")),
        (
            "two patterns",
            query("areaCode=512&contains=12&endsWith=34"),
        ),
        ("a short pattern", query("areaCode=512&contains=5")),
        (
            "a long pattern",
            query("areaCode=512&endsWith=512-555-ACME"),
        ),
        ("stars only", query("areaCode=512&contains=***")),
        (
            "a pattern on no key",
            query("areaCode=512&contains=555_ACME"),
        ),
        ("a misspelled filter", query("areaCode=512&feature=sms")),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    two area codes: 400 parameter_repeated at "areaCode": areaCode is given more than once
    limit 0: 400 invalid_limit at "limit": limit is a number from 1 to 50
    limit 51: 400 invalid_limit at "limit": limit is a number from 1 to 50
    limit 1000: 400 invalid_limit at "limit": limit is a number from 1 to 50
    an unknown feature: 400 invalid_features at "features": features are voice, sms and mms, separated by commas, each at most once
    no feature: 400 invalid_features at "features": features are voice, sms and mms, separated by commas, each at most once
    two patterns: 400 contains_and_ends_with at "endsWith": send either contains or endsWith
    a short pattern: 400 invalid_pattern at "contains": a pattern has at least two digits or letters
    a long pattern: 400 invalid_pattern at "endsWith": a pattern has at most seven digits or letters: those after the area code
    stars only: 400 invalid_pattern at "contains": a pattern needs a digit or a letter beside *
    a pattern on no key: 400 invalid_pattern at "contains": a pattern has digits, letters, and * for any one digit, for example 555-ACME
    a misspelled filter: 400 unknown_parameter at "feature": a search takes areaCode, zip, region, locality, features, contains, endsWith, limit
    "#);
}
