//! A thousand webhooks, a tenth of them repetitions, in no order: what is left of them.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use numberline::{
    app::{bookkeep::message_written, conversations, inbound, provision::any_number},
    domain::{ConversationId, E164, Message, Plan},
    store::{Cursor, Window},
};
use numberline_tests::{
    lab::{Books, Lab, Lambda, Rest, Setup, Tenant, Webhook},
    seam::{Outcome, Strike},
};

/// Webhooks in all, and how many of them tell of something for the second time.
const WEBHOOKS: usize = 1_000;
const REPEATED: usize = WEBHOOKS / 10;

/// Customers, who all write to every number.
const CUSTOMERS: usize = 9;

/// Shuffles, the same way every time (Fisher and Yates, with Knuth's generator).
fn shuffle<T>(things: &mut [T]) {
    let mut state = 20_261_121_u64;
    for last in (1..things.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let draw = usize::try_from(state >> 33).unwrap();
        things.swap(last, draw % (last + 1));
    }
}

async fn with_number(lab: &Arc<Lab>, subject: &str) -> (Tenant, E164) {
    let tenant = Tenant::sign_up(lab, subject, Plan::Pro).await.unwrap();
    let placed = tenant.order(lab, &any_number(None), "first").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    (tenant, books.number_of(&placed.id).unwrap().e164.clone())
}

/// Every webhook once, and some twice, shuffled; with the text that each tells of.
async fn webhooks(lab: &Lab, numbers: &[E164]) -> Vec<(String, Webhook)> {
    let mut webhooks = Vec::new();
    let numbers = numbers.iter().cycle();
    for (place, number) in (0..WEBHOOKS - REPEATED).zip(numbers) {
        let customer = format!("+141555501{:02}", place % CUSTOMERS);
        let body = format!("text {place}");
        let webhook = lab.text(&customer, number, &body).await.unwrap();
        webhooks.push((body, webhook));
    }
    shuffle(&mut webhooks);
    webhooks.extend(webhooks.clone().into_iter().take(REPEATED));
    shuffle(&mut webhooks);
    webhooks
}

/// Delivers them; as the how manieth each text arrived first.
async fn deliver(lab: &Arc<Lab>, webhooks: Vec<(String, Webhook)>) -> BTreeMap<String, usize> {
    let mailroom = lab.mailroom();
    let mut arrived = BTreeMap::new();
    let mut outcomes = Vec::new();
    for (place, (body, webhook)) in webhooks.into_iter().enumerate() {
        lab.clock.advance(Duration::from_millis(1));
        let taken = Lab::take(&mailroom, &webhook).await.unwrap();
        outcomes.push(taken.outcome);
        arrived.entry(body).or_insert(place);
    }
    let count = |outcome| outcomes.iter().filter(|taken| **taken == outcome).count();
    assert_eq!(count(inbound::Outcome::Stored), WEBHOOKS - REPEATED);
    assert_eq!(count(inbound::Outcome::Repeated), REPEATED);
    arrived
}

/// The stream tells of every message, of many twice, and in no order.
async fn bookkeep(lab: &Lab) {
    let mut told = Books::read(&lab.tables).unwrap().messages;
    told.extend(told.clone().into_iter().take(REPEATED));
    shuffle(&mut told);
    let threads = lab.threads();
    for message in told {
        message_written(&threads, &message).await.unwrap();
    }
}

/// A conversation, oldest first, read page by page.
async fn read(lab: &Lab, tenant: &Tenant, id: &ConversationId) -> Vec<Message> {
    let (base, messages) = (lab.base(), lab.messages());
    let mut read = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let window = Window {
            cursor: cursor.as_ref(),
            since: None,
            limit: 20,
        };
        let page = conversations::conversation(&base, &messages, &tenant.caller, id, window);
        let (_, page) = page.await.unwrap();
        read.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            read.reverse();
            return read;
        }
    }
}

#[tokio::test]
async fn a_message_that_meets_another_write_is_counted_all_the_same() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "ann").await;
    for place in 0..2 {
        let webhook = lab.text("+14155550177", &number, "hello").await.unwrap();
        lab.take_cold(&webhook).await.unwrap();
        let message = Books::read(&lab.tables).unwrap().messages.pop().unwrap();
        lab.seam.record(Some(Strike {
            point: lab.seam.points().len() + place,
            outcome: Outcome::Conflict,
        }));
        let written = message_written(&lab.threads(), &message).await;
        assert!(!lab.seam.is_armed(), "nothing was in the way");
        lab.seam.stop();
        written.unwrap();
    }
    let window = Window {
        cursor: None,
        since: None,
        limit: 100,
    };
    let (core, messages) = (lab.core(), lab.messages());
    let listed = conversations::conversations(&core, &messages, &tenant.caller, window);
    assert_eq!(listed.await.unwrap().items[0].messages, 2);
}

#[tokio::test]
async fn a_thousand_webhooks_shuffled_and_repeated_leave_each_text_once_and_in_order() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (ann, anns) = with_number(&lab, "ann").await;
    let (ben, bens) = with_number(&lab, "ben").await;
    let webhooks = webhooks(&lab, &[anns.clone(), bens.clone()]).await;
    assert_eq!(webhooks.len(), WEBHOOKS);
    let arrived = deliver(&lab, webhooks).await;
    bookkeep(&lab).await;
    let mut seen = BTreeSet::new();
    for (tenant, number) in [(&ann, &anns), (&ben, &bens)] {
        let window = Window {
            cursor: None,
            since: None,
            limit: 100,
        };
        let (core, messages) = (lab.core(), lab.messages());
        let listed = conversations::conversations(&core, &messages, &tenant.caller, window);
        let listed = listed.await.unwrap().items;
        assert_eq!(listed.len(), CUSTOMERS);
        for counted in listed {
            let thread = &counted.thread;
            let texts = read(&lab, tenant, &thread.id).await;
            assert_eq!(u64::try_from(texts.len()).unwrap(), counted.messages);
            let newest = texts.last().unwrap();
            assert_eq!(thread.last_body, newest.body);
            for text in &texts {
                assert_eq!((&text.ours, &text.theirs), (number, &thread.theirs));
                assert!(seen.insert(text.body.clone()), "{} twice", text.body);
            }
            let places: Vec<usize> = texts.iter().map(|text| arrived[&text.body]).collect();
            assert!(
                places.is_sorted(),
                "{} is out of order: {places:?}",
                thread.id
            );
        }
    }
    assert_eq!(seen.len(), WEBHOOKS - REPEATED);
}
