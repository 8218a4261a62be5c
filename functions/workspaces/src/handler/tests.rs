//! Workspaces and who is in them, from the events in `events/workspaces`.

mod ending;
mod sign_up;

use insta::assert_snapshot;
use numberline::domain::Plan;
use numberline_events::{Handle, HttpEvent, Stage, World, cast};
use serde_json::{Value, json};

use super::{App, Arc, Log, handle};

const ADD_MEMBER: &str = include_str!("../../../../events/workspaces/add-member.json");
const GET: &str = include_str!("../../../../events/workspaces/get.json");
const LIST: &str = include_str!("../../../../events/workspaces/list.json");
const ME: &str = include_str!("../../../../events/workspaces/me.json");
const MEMBERS: &str = include_str!("../../../../events/workspaces/members.json");
const PLANS: &str = include_str!("../../../../events/workspaces/plans.json");
const MEMBER: &str = include_str!("../../../../events/workspaces/member.json");
const REMOVE_MEMBER: &str = include_str!("../../../../events/workspaces/remove-member.json");
const RENAME: &str = include_str!("../../../../events/workspaces/rename.json");

async fn stage() -> Stage<App, impl Handle<App>> {
    let world = World::new().await.unwrap();
    let app = App {
        base: world.lab.base(),
        shop: world.lab.shop(),
        self_service: vec![Plan::Starter],
        plan_claim: None,
        metrics: Arc::new(Log),
    };
    Stage::new(world, app, handle)
}

fn event(file: &str) -> HttpEvent {
    HttpEvent::read(file).unwrap()
}

/// What is answered to the event in `file`, in a world where nothing else happened.
async fn answer(file: &str) -> String {
    let stage = stage().await;
    let answer = stage.ask(&event(file)).await;
    answer.unwrap().to_string()
}

#[tokio::test]
async fn the_caller_and_their_workspaces() {
    assert_snapshot!(answer(ME).await, @r#"
    200 OK
    content-type: application/json

    {
      "plans": ["starter"],
      "service": false,
      "subject": "ada",
      "workspaces": [
        {
          "createdAt": "2026-10-22T06:00:00.000Z",
          "id": "ws_00000000000000000000000001",
          "name": "Harbor Dental",
          "numbersAllowed": 10,
          "numbersHeld": 3,
          "plan": "enterprise",
          "role": "admin",
          "status": "active"
        }
      ],
      "workspacesAllowed": 3
    }
    "#);
}

#[tokio::test]
async fn the_plans() {
    assert_snapshot!(answer(PLANS).await, @r#"
    200 OK
    content-type: application/json

    {
      "items": [
        {
          "extraNumberPrice": null,
          "name": "starter",
          "numbersAllowed": 0,
          "numbersIncluded": 0,
          "segmentsPerDay": 100,
          "selfService": true,
          "textsPerMinute": 10
        },
        {
          "extraNumberPrice": null,
          "name": "pro",
          "numbersAllowed": 1,
          "numbersIncluded": 1,
          "segmentsPerDay": 1000,
          "selfService": false,
          "textsPerMinute": 30
        },
        {
          "extraNumberPrice": {"currency":"USD","display":"$5.00","micros":5000000},
          "name": "enterprise",
          "numbersAllowed": 10,
          "numbersIncluded": 1,
          "segmentsPerDay": 5000,
          "selfService": false,
          "textsPerMinute": 60
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn the_workspaces_of_somebody_in_two() {
    assert_snapshot!(answer(LIST).await, @r#"
    200 OK
    content-type: application/json

    {
      "items": [
        {
          "createdAt": "2026-10-22T06:00:00.000Z",
          "id": "ws_00000000000000000000000001",
          "name": "Harbor Dental",
          "numbersAllowed": 10,
          "numbersHeld": 3,
          "plan": "enterprise",
          "status": "active"
        },
        {
          "createdAt": "2026-10-22T06:00:00.000Z",
          "id": "ws_00000000000000000000000002",
          "name": "Corner Bakery",
          "numbersAllowed": 1,
          "numbersHeld": 0,
          "plan": "pro",
          "status": "active"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn a_workspace() {
    assert_snapshot!(answer(GET).await, @r#"
    200 OK
    content-type: application/json

    {
      "createdAt": "2026-10-22T06:00:00.000Z",
      "id": "ws_00000000000000000000000001",
      "name": "Harbor Dental",
      "numbersAllowed": 10,
      "numbersHeld": 3,
      "plan": "enterprise",
      "status": "active"
    }
    "#);
}

#[tokio::test]
async fn a_new_name() {
    assert_snapshot!(answer(RENAME).await, @r#"
    200 OK
    content-type: application/json

    {
      "createdAt": "2026-10-22T06:00:00.000Z",
      "id": "ws_00000000000000000000000001",
      "name": "Harbor Dental Austin",
      "numbersAllowed": 10,
      "numbersHeld": 3,
      "plan": "enterprise",
      "status": "active"
    }
    "#);
}

#[tokio::test]
async fn the_members_page_by_page() {
    let stage = stage().await;
    let (mut query, mut subjects) = ("limit=2".to_owned(), Vec::new());
    for _ in 0..2 {
        let event = event(MEMBERS).query(&query);
        let answer = stage.ask(&event).await.unwrap();
        let page = answer.json().unwrap();
        let items = page["items"].as_array().unwrap();
        subjects.extend(items.iter().map(|member| member["subject"].clone()));
        let next = page["nextCursor"].as_str().unwrap_or_default();
        query = format!("limit=2&cursor={next}");
    }
    subjects.sort_by_key(Value::to_string);
    assert_eq!(json!(subjects), json!(["ada", "ben", "mia"]));
    assert!(query.ends_with("cursor="), "the last page names no next");
}

#[tokio::test]
async fn members_come_and_go() {
    let stage = stage().await;
    let added = stage.ask(&event(ADD_MEMBER)).await;
    assert_snapshot!(added.unwrap(), @r#"
    201 Created
    content-type: application/json
    location: /api/workspaces/ws_00000000000000000000000001/members/mem_*

    {"id":"mem_*","role":"member","since":"*","subject":"nia"}
    "#);
    let again = stage.ask(&event(ADD_MEMBER)).await;
    assert_snapshot!(again.unwrap().in_short().unwrap(), @"409 already_member: this person is a member already");
    let read = stage.ask(&event(MEMBER)).await;
    assert_snapshot!(read.unwrap(), @r#"
    200 OK
    content-type: application/json

    {"id":"mem_*","role":"member","since":"2026-10-22T06:00:00.000Z","subject":"ben"}
    "#);
    let removed = stage.ask(&event(REMOVE_MEMBER)).await;
    assert_snapshot!(removed.unwrap(), @"
    204 No Content
    ");
    let again = stage.ask(&event(REMOVE_MEMBER)).await;
    assert_snapshot!(again.unwrap().in_short().unwrap(), @"404 not_found: there is no such thing here");
}

#[tokio::test]
async fn everybody_may_leave_but_the_last_admin() {
    let stage = stage().await;
    let ben = event(REMOVE_MEMBER).by(cast::BEN);
    let left = stage.ask(&ben).await.unwrap();
    assert_eq!(left.status(), 204, "{left}");
    let outside = stage.ask(&event(GET).by(cast::BEN)).await.unwrap();
    assert_eq!(outside.status(), 404, "{outside}");

    let own = |person: cast::Person| {
        let path = format!("{}/members/{}", cast::harbor(), person.member());
        let event = event(REMOVE_MEMBER).by(person);
        event.at(&format!("/api/workspaces/{path}"))
    };
    let alone = [("alone", own(cast::ADA))];
    let refused = stage.refusals(alone).await;
    assert_snapshot!(refused.unwrap(), @"alone: 409 last_admin: a workspace keeps an admin: add another one first, or delete the workspace");
    let second = event(ADD_MEMBER).field("role", json!("admin")).unwrap();
    let added = stage.ask(&second).await.unwrap();
    assert_eq!(added.status(), 201, "{added}");
    let left = stage.ask(&own(cast::ADA)).await.unwrap();
    assert_eq!(left.status(), 204, "{left}");
    let alone = stage.ask(&own(cast::NIA)).await.unwrap();
    assert_eq!(alone.status(), 409, "{alone}");
}

#[tokio::test]
async fn what_others_may_not_do() {
    let stage = stage().await;
    let elsewhere = |file, path: &str| event(file).at(&format!("/api/workspaces/{path}"));
    let bakery = cast::bakery();
    let own = format!("{}/members/{}", cast::harbor(), cast::ADA.member());
    let other = format!("{}/members/{}", cast::harbor(), cast::MIA.member());
    let nobody = format!("{}/members/{}", cast::harbor(), cast::NIA.member());
    let cases = [
        ("rename as member", event(RENAME).by(cast::BEN)),
        ("add as member", event(ADD_MEMBER).by(cast::BEN)),
        (
            "remove as member",
            elsewhere(REMOVE_MEMBER, &other).by(cast::BEN),
        ),
        ("see another workspace", elsewhere(GET, bakery.as_str())),
        (
            "rename another workspace",
            elsewhere(RENAME, bakery.as_str()),
        ),
        (
            "see another's members",
            elsewhere(MEMBERS, &format!("{bakery}/members")),
        ),
        ("see what is none", elsewhere(GET, "ws_1")),
        ("leave as the last admin", elsewhere(REMOVE_MEMBER, &own)),
        ("remove nobody", elsewhere(REMOVE_MEMBER, &nobody)),
        ("no token", event(GET).without_token()),
        (
            "a header that is none",
            event(ME).header("x-workspace-id", "mine"),
        ),
        (
            "unknown role",
            event(ADD_MEMBER).field("role", json!("owner")).unwrap(),
        ),
        (
            "no subject",
            event(ADD_MEMBER).field("subject", json!("")).unwrap(),
        ),
        ("no name", event(RENAME).field("name", json!(" ")).unwrap()),
        ("limit 0", event(MEMBERS).query("limit=0")),
        ("limit twice", event(MEMBERS).query("limit=1&limit=2")),
        ("unknown cursor", event(MEMBERS).query("cursor=abc")),
    ];
    let lines = stage.refusals(cases).await;
    assert_snapshot!(lines.unwrap(), @r#"
    rename as member: 403 admin_only: only admins of the workspace may do this
    add as member: 403 admin_only: only admins of the workspace may do this
    remove as member: 403 admin_only: only admins of the workspace may do this
    see another workspace: 404 not_found: there is no such thing here
    rename another workspace: 404 not_found: there is no such thing here
    see another's members: 404 not_found: there is no such thing here
    see what is none: 404 not_found: there is no such thing here
    leave as the last admin: 409 last_admin: a workspace keeps an admin: add another one first, or delete the workspace
    remove nobody: 404 not_found: there is no such thing here
    no token: 401 unauthenticated: sign in first
    a header that is none: 404 not_found: there is no such thing here
    unknown role: 400 invalid_body at "/role": role must be one of member, admin
    no subject: 400 invalid_length at "/subject": give 1 to 255 characters
    no name: 400 name_missing at "/name": give the workspace a name
    limit 0: 400 invalid_limit at "limit": limit is a number from 1 to 100
    limit twice: 400 parameter_repeated at "limit": limit is given more than once
    unknown cursor: 400 invalid_cursor at "cursor": this cursor is not one we gave out for this list
    "#);
}
