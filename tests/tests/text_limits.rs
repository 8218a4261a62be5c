//! How much a workspace sends: what many senders at once get through, and what it does to
//! the others.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a world that cannot be set up fails its test, and so does another answer"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::Error,
    domain::{Message, Plan, TooManyTexts, pace::Rate},
};
use numberline_simulator::Kind;
use numberline_tests::lab::{Answered, Books, CORE, Lab, Setup, Tenant, lend_number};
use serde_json::{Map, Value};
use tokio::{sync::Barrier, task::JoinSet};

const CUSTOMER: &str = "+14155550177";
const SHARED: &str = "+15125550190";

/// What the starter plan allows in a minute.
const A_MINUTE: usize = 10;

/// A world with a shared number, where the carrier takes no time, and a workspace
/// without a number of its own.
async fn lending(rate: Option<Rate>) -> (Arc<Lab>, Tenant) {
    let lab = Lab::new(&Setup {
        owned: &[SHARED],
        rate,
        carrier_takes: Duration::ZERO,
        ..Setup::default()
    });
    let lab = lab.unwrap();
    lend_number(&lab, SHARED).await.unwrap();
    let tenant = Tenant::sign_up(&lab, "admin", Plan::Starter).await.unwrap();
    (lab, tenant)
}

/// Sends a short text to each of so many customers, one after another.
async fn send(lab: &Lab, tenant: &Tenant, count: usize, key: &str) -> Vec<Answered<Message>> {
    let mut answers = Vec::new();
    for place in 0..count {
        let (to, key) = (customer(place), format!("{key} {place}"));
        answers.push(tenant.text(lab, &to, "hello", &key).await);
    }
    answers
}

fn customer(place: usize) -> String {
    format!("+1415555{:04}", 100 + place)
}

fn sent(answers: &[Answered<Message>]) -> usize {
    answers.iter().filter(|answer| answer.is_ok()).count()
}

fn refused(answer: Answered<Message>) -> TooManyTexts {
    match answer {
        Err(Error::TooManyTexts(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}

fn handed_over(lab: &Lab) -> usize {
    usize::try_from(lab.simulator.ledger().total(Kind::Message)).unwrap()
}

/// The counts of all workspaces.
fn counts(lab: &Lab) -> Vec<Map<String, Value>> {
    kept(lab, "TEXTS")
}

/// The items of Core that are of this kind.
fn kept(lab: &Lab, kind: &str) -> Vec<Map<String, Value>> {
    let mut items = lab.tables.items(CORE).unwrap();
    items.retain(|item| item["sk"] == kind);
    items
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_senders_at_once_exactly_as_many_get_through_as_the_plan_allows() {
    let (lab, tenant) = lending(None).await;
    // The first two of the minute go out beforehand, or all of it is still to be begun.
    for (round, before) in [2, 0].into_iter().enumerate() {
        let already = handed_over(&lab);
        assert_eq!(sent(&send(&lab, &tenant, before, "before").await), before);
        let start = Arc::new(Barrier::new(40));
        let mut racing = JoinSet::new();
        for place in 0..40 {
            let (lab, tenant, start) = (Arc::clone(&lab), tenant.clone(), Arc::clone(&start));
            racing.spawn(async move {
                start.wait().await;
                let (to, key) = (customer(place), format!("{round} {place}"));
                tenant.text(&lab, &to, "hello", &key).await
            });
        }
        let answers = racing.join_all().await;
        assert_eq!(sent(&answers), A_MINUTE - before, "{answers:?}");
        for answer in answers.into_iter().filter(Result::is_err) {
            let why = refused(answer);
            assert!(matches!(why, TooManyTexts::ThisMinute { limit: 10, .. }));
        }
        assert_eq!(handed_over(&lab) - already, A_MINUTE);
        lab.clock.advance(Duration::from_mins(1));
    }
    assert_eq!(Books::read(&lab.tables).unwrap().messages.len(), 20);
}

#[tokio::test]
async fn a_text_beyond_the_limit_changes_nothing_and_goes_out_when_there_is_room() {
    let (lab, tenant) = lending(None).await;
    send(&lab, &tenant, A_MINUTE, "first").await;
    let before = lab.tables.items(CORE).unwrap();
    let messages = Books::read(&lab.tables).unwrap().messages;
    for _ in 0..3 {
        let why = refused(tenant.text(&lab, CUSTOMER, "one more", "more").await);
        let error = Error::TooManyTexts(why);
        assert!(error.retryable());
        let wait = error.retry_after().unwrap();
        assert!(wait <= Duration::from_mins(1) && wait > Duration::ZERO);
    }
    assert_eq!(lab.tables.items(CORE).unwrap(), before);
    assert_eq!(Books::read(&lab.tables).unwrap().messages, messages);
    assert_eq!(handed_over(&lab), A_MINUTE);
    let why = refused(tenant.text(&lab, CUSTOMER, "one more", "more").await);
    lab.clock.advance(why.again_in());
    tenant
        .text(&lab, CUSTOMER, "one more", "more")
        .await
        .unwrap();
    assert_eq!(handed_over(&lab), A_MINUTE + 1);
    let other = Tenant::sign_up(&lab, "other", Plan::Starter).await.unwrap();
    assert_eq!(sent(&send(&lab, &other, 1, "other").await), 0, "the pair");
    let free = other.text(&lab, "+14155550178", "hello", "free").await;
    assert!(free.is_ok(), "what one sends takes nothing from another");
}

#[tokio::test]
async fn a_repeated_key_is_counted_once_and_answered_when_there_is_no_room() {
    let (lab, tenant) = lending(None).await;
    let first = tenant.text(&lab, CUSTOMER, "hello", "first").await.unwrap();
    for _ in 0..2 * A_MINUTE {
        let again = tenant.text(&lab, CUSTOMER, "hello", "first").await.unwrap();
        assert_eq!(again.id, first.id);
    }
    assert_eq!(sent(&send(&lab, &tenant, A_MINUTE, "more").await), 9);
    let again = tenant.text(&lab, CUSTOMER, "hello", "first").await.unwrap();
    assert_eq!(again.id, first.id);
    let other = tenant.text(&lab, CUSTOMER, "another", "first").await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    assert_eq!(handed_over(&lab), A_MINUTE);
}

#[tokio::test]
async fn what_is_refused_is_not_counted_and_takes_no_turn_at_the_carrier() {
    let rate = Rate::new(5).unwrap();
    let (lab, tenant) = lending(Some(rate)).await;
    let ours = tenant.text(&lab, CUSTOMER, "hello", "first").await.unwrap();
    let stop = lab.text(CUSTOMER, &ours.ours, "STOP").await.unwrap();
    lab.take_cold(&stop).await.unwrap();
    let line = kept(&lab, "PACE");
    assert_eq!(line.len(), 1);
    for place in 0..2 * A_MINUTE {
        let key = format!("stopped {place}");
        let stopped = tenant.text(&lab, CUSTOMER, "hello?", &key).await;
        assert!(
            matches!(stopped, Err(Error::RecipientOptedOut)),
            "{stopped:?}"
        );
        let ours = tenant.text(&lab, SHARED, "hello?", &key).await;
        assert!(
            matches!(ours, Err(Error::DestinationNotAllowed)),
            "{ours:?}"
        );
    }
    assert_eq!(kept(&lab, "PACE"), line, "nobody stood in line");
    let count = &counts(&lab)[0];
    assert_eq!(
        (&count["texts"], &count["segments"]),
        (&1.into(), &1.into())
    );
}

#[tokio::test]
async fn who_finds_the_line_full_is_not_counted() {
    let rate = Rate::new(5).unwrap();
    let (lab, tenant) = lending(Some(rate)).await;
    let carrier = lab.carriers().preferred().unwrap().carrier.id();
    let patience = Duration::from_mins(1);
    let slot = lab.core().take_slot(&carrier, rate, 150, patience).await;
    slot.unwrap();
    for place in 0..2 * A_MINUTE {
        let busy = tenant
            .text(&lab, CUSTOMER, "hello", &place.to_string())
            .await;
        assert!(matches!(busy, Err(Error::Carrier(_))), "{busy:?}");
    }
    assert_eq!(counts(&lab)[0]["texts"], 0);
    assert_eq!(handed_over(&lab), 0);
}

#[tokio::test]
async fn a_day_has_so_many_segments_and_the_next_day_has_them_again() {
    let (lab, tenant) = lending(None).await;
    let long = "🎉".repeat(1_600);
    for key in ["1", "2"] {
        tenant.text(&lab, CUSTOMER, &long, key).await.unwrap();
    }
    let why = refused(tenant.text(&lab, CUSTOMER, &long, "3").await);
    assert!(matches!(why, TooManyTexts::Today { limit: 100, .. }));
    lab.clock.advance(Duration::from_mins(1));
    refused(tenant.text(&lab, CUSTOMER, &long, "3").await);
    assert_eq!(sent(&send(&lab, &tenant, 5, "short").await), 4);
    let why = refused(tenant.text(&lab, CUSTOMER, "hello", "5").await);
    lab.clock.advance(why.again_in());
    tenant.text(&lab, CUSTOMER, &long, "3").await.unwrap();
    assert_eq!(handed_over(&lab), 7);
}

#[tokio::test]
async fn a_workspace_has_one_count_however_long_it_sends() {
    let (lab, tenant) = lending(None).await;
    send(&lab, &tenant, 1, "first").await;
    let first = counts(&lab);
    let names = |counts: &[Map<String, Value>]| -> Vec<Vec<String>> {
        let names = counts.iter().map(|count| count.keys().cloned().collect());
        names.collect()
    };
    for day in 0..5 {
        let wait = Duration::from_hours(30) + Duration::from_mins(day);
        lab.clock.advance(wait);
        let key = day.to_string();
        assert_eq!(sent(&send(&lab, &tenant, 2, &key).await), 2);
    }
    let last = counts(&lab);
    assert_eq!(last.len(), 1);
    assert_eq!(names(&last), names(&first));
    assert_eq!(last[0]["segments"], 2);
}
