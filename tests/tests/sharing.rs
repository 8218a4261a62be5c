//! Workspaces without a number: they write from shared ones, read what is theirs, and
//! leave alone who wants to be left alone.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{
        Error, conversations,
        inbound::{Outcome, Taken},
        shared_numbers::withdraw,
    },
    domain::{AccountId, E164, Message, MessageId, MessageStatus, Plan, order::Wish},
    store::{News, Window},
};
use numberline_simulator::{Carrier, Inbound, Kind};
use numberline_tests::lab::{Answered, Books, Lab, Setup, Tenant, caller, lend_number};
use tokio::{sync::Barrier, task::JoinSet};

const OWNED: [&str; 2] = ["+15125550190", "+12125550191"];
const CUSTOMER: &str = "+14155550177";
const MONTH: Duration = Duration::from_hours(30 * 24);
const ALMOST_A_MONTH: Duration = Duration::from_hours(30 * 24 - 1);

/// A world in which the platform lends its first `numbers` numbers.
async fn lending(numbers: usize) -> Arc<Lab> {
    let lab = Lab::new(&Setup {
        owned: &OWNED,
        ..Setup::default()
    });
    let lab = lab.unwrap();
    for number in OWNED.iter().take(numbers) {
        lend_number(&lab, number).await.unwrap();
    }
    lab
}

async fn starter(lab: &Lab, subject: &str) -> Tenant {
    Tenant::sign_up(lab, subject, Plan::Starter).await.unwrap()
}

/// The customer texts a number, and the carrier tells of it.
async fn replies(lab: &Arc<Lab>, to: &E164, body: &str) -> Taken {
    let webhook = lab.text(CUSTOMER, to, body).await.unwrap();
    lab.take_cold(&webhook).await.unwrap()
}

fn refused_with(answer: Answered<Message>) -> Error {
    answer.unwrap_err()
}

/// Everything a workspace can read: what stands in each of its conversations.
async fn reads(lab: &Lab, tenant: &Tenant) -> Vec<String> {
    for message in Books::read(&lab.tables).unwrap().messages {
        let threads = lab.threads();
        numberline::app::bookkeep::message_written(&threads, &message)
            .await
            .unwrap();
    }
    let window = Window {
        cursor: None,
        since: None,
        limit: 100,
    };
    let (base, messages) = (lab.base(), lab.messages());
    let listed = conversations::conversations(&base.core, &messages, &tenant.caller, window);
    let mut read = Vec::new();
    for listed in listed.await.unwrap().items {
        let id = &listed.thread.id;
        let page = conversations::conversation(&base, &messages, &tenant.caller, id, window);
        let (_, page) = page.await.unwrap();
        read.extend(page.items.into_iter().map(|message| message.body));
    }
    read.sort();
    read
}

#[tokio::test]
async fn two_workspaces_and_one_customer_read_nothing_of_each_other() {
    let lab = lending(2).await;
    let (one, two) = (starter(&lab, "one").await, starter(&lab, "two").await);
    let from_one = one.text(&lab, CUSTOMER, "one asks", "1").await.unwrap();
    let from_two = two.text(&lab, CUSTOMER, "two asks", "1").await.unwrap();
    assert_eq!(from_one.status, MessageStatus::Queued);
    assert_ne!(
        from_one.ours, from_two.ours,
        "each writes from a number of its own"
    );
    for (number, body) in [(&from_one.ours, "to one"), (&from_two.ours, "to two")] {
        let taken = replies(&lab, number, body).await;
        assert_eq!(taken.outcome, Outcome::Stored);
    }
    assert_eq!(reads(&lab, &one).await, ["one asks", "to one"]);
    assert_eq!(reads(&lab, &two).await, ["to two", "two asks"]);
    let window = Window {
        cursor: None,
        since: None,
        limit: 10,
    };
    let (base, messages) = (lab.base(), lab.messages());
    let theirs = &from_two.conversation;
    let peek = conversations::conversation(&base, &messages, &one.caller, theirs, window).await;
    assert!(matches!(peek, Err(Error::NotFound)), "{peek:?}");
    let three = starter(&lab, "three").await;
    let none_left = refused_with(three.text(&lab, CUSTOMER, "three asks", "1").await);
    assert!(
        matches!(none_left, Error::SharedNumbersTaken),
        "{none_left:?}"
    );
    let another = three.text(&lab, "+14155550178", "three asks", "2").await;
    assert!(another.is_ok(), "every number is free for another customer");
}

#[tokio::test]
async fn after_stop_nothing_is_sent_and_after_start_it_is_again() {
    let lab = lending(2).await;
    let (one, two) = (starter(&lab, "one").await, starter(&lab, "two").await);
    let first = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    two.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    let said = replies(&lab, &first.ours, "Stop!").await;
    assert!(
        said.reply.body.contains("unsubscribed"),
        "{}",
        said.reply.body
    );
    let refused = refused_with(one.text(&lab, CUSTOMER, "please", "2").await);
    assert!(matches!(refused, Error::RecipientOptedOut), "{refused:?}");
    assert!(reads(&lab, &one).await.contains(&"Stop!".to_owned()));
    // Neither waiting until the pair is free nor the other number is a way around.
    lab.clock.advance(MONTH);
    let refused = refused_with(one.text(&lab, CUSTOMER, "please", "3").await);
    assert!(matches!(refused, Error::RecipientOptedOut), "{refused:?}");
    let other = two.text(&lab, CUSTOMER, "still here", "2").await;
    assert_ne!(other.unwrap().ours, first.ours, "it was not told to stop");
    assert_eq!(lab.simulator.ledger().total(Kind::Message), 3);
    replies(&lab, &first.ours, "START").await;
    let again = one.text(&lab, CUSTOMER, "thank you", "4").await.unwrap();
    assert_eq!(again.ours, first.ours);
    assert_eq!(lab.simulator.ledger().total(Kind::Message), 4);
}

#[tokio::test]
async fn stop_closes_a_shared_number_for_every_workspace() {
    let lab = lending(1).await;
    let (one, two) = (starter(&lab, "one").await, starter(&lab, "two").await);
    let first = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    replies(&lab, &first.ours, "STOP").await;
    lab.clock.advance(MONTH);
    let refused = refused_with(two.text(&lab, CUSTOMER, "hello", "1").await);
    assert!(matches!(refused, Error::RecipientOptedOut), "{refused:?}");
    // Also who never was written to can say so, and nobody reads it.
    let stranger = Inbound::sms(Carrier::SignalWire, "+14155550178", OWNED[0], "stop");
    let webhook = lab.happens(&stranger).await.unwrap();
    let taken = lab.take_cold(&webhook).await.unwrap();
    assert_eq!(taken.outcome, Outcome::Stray);
    let again = lab.take_cold(&webhook).await.unwrap();
    assert_eq!(again.outcome, Outcome::Repeated);
    assert!(
        !again.reply.body.contains("Message"),
        "{}",
        again.reply.body
    );
    let refused = refused_with(two.text(&lab, "+14155550178", "hello", "2").await);
    assert!(matches!(refused, Error::RecipientOptedOut), "{refused:?}");
}

#[tokio::test]
async fn a_pair_is_kept_by_each_message_and_free_thirty_days_after_the_last() {
    let lab = lending(1).await;
    let (one, two) = (starter(&lab, "one").await, starter(&lab, "two").await);
    let first = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    for body in ["a month later", "and another one"] {
        lab.clock.advance(ALMOST_A_MONTH);
        assert_eq!(
            replies(&lab, &first.ours, body).await.outcome,
            Outcome::Stored
        );
    }
    let taken = refused_with(two.text(&lab, CUSTOMER, "hello", "1").await);
    assert!(matches!(taken, Error::SharedNumbersTaken), "{taken:?}");
    lab.clock.advance(MONTH);
    let late = replies(&lab, &first.ours, "anybody?").await;
    assert_eq!(late.outcome, Outcome::Stray);
    let books = Books::read(&lab.tables).unwrap();
    assert_eq!((books.messages.len(), books.strays), (3, 1));
    two.text(&lab, CUSTOMER, "hello", "2").await.unwrap();
    let to_two = replies(&lab, &first.ours, "hello two").await;
    assert_eq!(to_two.outcome, Outcome::Stored);
    assert_eq!(reads(&lab, &two).await, ["hello", "hello two"]);
    assert_eq!(
        reads(&lab, &one).await.len(),
        3,
        "what was one's stays one's"
    );
}

#[tokio::test]
async fn a_redelivered_text_keeps_no_pair() {
    let lab = lending(1).await;
    let one = starter(&lab, "one").await;
    let first = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    let webhook = lab.text(CUSTOMER, &first.ours, "hi").await.unwrap();
    lab.take_cold(&webhook).await.unwrap();
    let before = Books::read(&lab.tables).unwrap().pairs;
    lab.clock.advance(Duration::from_hours(24));
    let again = lab.take_cold(&webhook).await.unwrap();
    assert_eq!(again.outcome, Outcome::Repeated);
    assert_eq!(Books::read(&lab.tables).unwrap().pairs, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_write_first_one_gets_the_customer() {
    let lab = lending(2).await;
    let start = Arc::new(Barrier::new(12));
    let mut racing = JoinSet::new();
    for place in 0..12 {
        let tenant = starter(&lab, &format!("admin of {place}")).await;
        let (lab, start) = (Arc::clone(&lab), Arc::clone(&start));
        racing.spawn(async move {
            start.wait().await;
            tenant.text(&lab, CUSTOMER, "me first", "1").await
        });
    }
    let answers = racing.join_all().await;
    let sent: Vec<&Message> = answers.iter().filter_map(|one| one.as_ref().ok()).collect();
    assert_eq!(sent.len(), 2, "one from each number");
    assert_ne!(sent[0].ours, sent[1].ours);
    let refused = answers.iter().filter_map(|one| one.as_ref().err());
    for error in refused {
        let known = matches!(error, Error::SharedNumbersTaken | Error::Busy);
        assert!(known, "{error:?}");
    }
    assert_eq!(lab.simulator.ledger().total(Kind::Message), 2);
    assert_eq!(Books::read(&lab.tables).unwrap().messages.len(), 2);
}

#[tokio::test]
async fn a_withdrawn_number_is_not_written_from_and_still_heard() {
    let lab = lending(1).await;
    let one = starter(&lab, "one").await;
    let first = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    let mut backend = caller("backend");
    backend.service = true;
    withdraw(&lab.core(), &backend, &first.ours).await.unwrap();
    let refused = refused_with(one.text(&lab, CUSTOMER, "hello?", "2").await);
    assert!(matches!(refused, Error::NoNumber), "{refused:?}");
    let heard = replies(&lab, &first.ours, "hi").await;
    assert_eq!(heard.outcome, Outcome::Stored);
}

/// Nobody knows in which minute the carrier changes keys.
#[tokio::test]
async fn while_the_signing_key_changes_no_text_to_a_shared_number_is_lost() {
    let lab = Lab::new(&Setup {
        owned: &OWNED,
        next_signing_key: Some("PSK_of_the_next_minute"),
        ..Setup::default()
    });
    let lab = lab.unwrap();
    lend_number(&lab, OWNED[0]).await.unwrap();
    let one = starter(&lab, "one").await;
    let first = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    let heard = replies(&lab, &first.ours, "hi").await;
    assert_eq!(heard.outcome, Outcome::Stored);
}

#[tokio::test]
async fn a_stop_holds_when_its_number_is_withdrawn() {
    let lab = lending(2).await;
    let one = starter(&lab, "one").await;
    let first = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    replies(&lab, &first.ours, "STOP").await;
    let mut backend = caller("backend");
    backend.service = true;
    withdraw(&lab.core(), &backend, &first.ours).await.unwrap();
    for wait in [Duration::ZERO, MONTH] {
        lab.clock.advance(wait);
        let key = format!("after {wait:?}");
        let refused = refused_with(one.text(&lab, CUSTOMER, "hello?", &key).await);
        assert!(matches!(refused, Error::RecipientOptedOut), "{refused:?}");
    }
    assert_eq!(lab.simulator.ledger().total(Kind::Message), 1);
    let other = one.text(&lab, "+14155550178", "hello", "other").await;
    assert_ne!(other.unwrap().ours, first.ours);
}

#[tokio::test]
async fn what_somebody_orders_can_still_be_written_to() {
    let lab = lending(1).await;
    let one = starter(&lab, "one").await;
    let pro = Tenant::sign_up(&lab, "pro", Plan::Pro).await.unwrap();
    let customers = Wish::Exact(CUSTOMER.parse().unwrap());
    pro.order(&lab, &customers, "theirs").await.unwrap();
    assert_eq!(Books::read(&lab.tables).unwrap().claims.len(), 2);
    let sent = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    assert_eq!(sent.status, MessageStatus::Queued);
}

#[tokio::test]
async fn news_of_a_text_from_a_shared_number_finds_it() {
    let lab = lending(1).await;
    let one = starter(&lab, "one").await;
    one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    for news in lab.statuses().await {
        lab.take_cold(&news).await.unwrap();
    }
    let messages = Books::read(&lab.tables).unwrap().messages;
    assert_eq!(messages[0].status, MessageStatus::Delivered);
}

#[tokio::test]
async fn segments_are_kept_when_the_carriers_news_is_faster_than_its_answer() {
    let lab = lending(1).await;
    let one = starter(&lab, "one").await;
    let sent = one.text(&lab, CUSTOMER, "hello", "1").await.unwrap();
    let messages = lab.messages();
    let sent = messages.outgoing(&sent.id).await.unwrap().unwrap();
    let second = MessageId::derived(2);
    let written = Message {
        id: second.clone(),
        status: MessageStatus::Sending,
        segments: 0,
        carrier_message: None,
        ..sent.clone()
    };
    messages.insert(&written).await.unwrap();
    let news = |status, segments| News {
        status,
        carrier_message: sent.carrier_message.as_ref(),
        failure: None,
        segments,
    };
    let (account, by) = (&sent.account, &sent.changed_by);
    let other = AccountId::new("somebody else's");
    for (account, status, segments, counted, kept) in [
        (account, MessageStatus::Delivered, None, true, 0),
        (&other, MessageStatus::Queued, Some(7), false, 0),
        (account, MessageStatus::Queued, Some(2), false, 2),
        (account, MessageStatus::Unknown, Some(3), false, 2),
    ] {
        let news = news(status, segments);
        let recorded = messages.record(&second, account, &news, by).await;
        assert_eq!(recorded.unwrap(), counted);
        let now = messages.outgoing(&second).await.unwrap().unwrap();
        assert_eq!((now.status, now.segments), (MessageStatus::Delivered, kept));
    }
}

#[tokio::test]
async fn a_shared_number_is_nobodys_to_order() {
    let lab = lending(1).await;
    let tenant = Tenant::sign_up(&lab, "pro", Plan::Pro).await.unwrap();
    let wish = Wish::Exact(OWNED[0].parse().unwrap());
    let taken = tenant.order(&lab, &wish, "mine").await;
    assert!(matches!(taken, Err(Error::NumberTaken { .. })), "{taken:?}");
}

#[tokio::test]
async fn nobody_is_called_at_a_shared_number() {
    let lab = lending(1).await;
    let call = Inbound::call(Carrier::SignalWire, CUSTOMER, OWNED[0]);
    let webhook = lab.happens(&call).await.unwrap();
    let taken = lab.take_cold(&webhook).await.unwrap();
    assert!(
        taken.reply.body.contains("<Reject/>"),
        "{}",
        taken.reply.body
    );
    let mut mailroom = lab.mailroom();
    mailroom.shared_greeting = Some("Please send a text.".to_owned());
    let taken = Lab::take(&mailroom, &webhook).await.unwrap();
    assert!(taken.reply.body.contains("<Say>Please send a text.</Say>"));
}
