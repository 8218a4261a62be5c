//! Promises as people meet them: asked twice, told twice, told late, told wrongly.

#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be set up fails its test"
)]

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use numberline::{
    app::{
        Error, conversations,
        inbound::{Outcome, Refused},
        orders::order,
        provision::any_number,
        send::{Text, send},
    },
    domain::{Message, MessageStatus, Number, Plan, WebhookToken, order::Wish},
    store::{Cursor, Replay, Window, body_hash},
};
use numberline_simulator::{Carrier, Fault, Inbound, Kind, Mode, Operation, Signing};
use numberline_tests::lab::{
    Answered, Books, Lab, Lambda, Rest, Setup, Tenant, Webhook, sign_up_as,
};

const CUSTOMER: &str = "+14155550177";

/// A workspace with a number that works.
async fn with_number(lab: &Arc<Lab>, subject: &str) -> (Tenant, Number) {
    let tenant = Tenant::sign_up(lab, subject, Plan::Enterprise)
        .await
        .unwrap();
    let placed = tenant.order(lab, &any_number(None), "first").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    let number = books.number_of(&placed.id).unwrap().clone();
    assert!(number.is_active());
    (tenant, number)
}

async fn text_customer(lab: &Lab, tenant: &Tenant, body: &str, key: &str) -> Answered<Message> {
    let text = Text {
        to: CUSTOMER.parse().unwrap(),
        from: None,
        body: body.to_owned(),
    };
    let request_hash = body_hash(body.as_bytes());
    let replay = Replay {
        key,
        request_hash: &request_hash,
    };
    Box::pin(send(
        &lab.base(),
        &lab.post(),
        &tenant.caller,
        &text,
        replay,
    ))
    .await
}

fn only_message(lab: &Lab) -> Message {
    let mut messages = Books::read(&lab.tables).unwrap().messages;
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

fn lose(lab: &Lab, operation: Operation, mode: Mode) {
    lab.simulator
        .arrange(Fault::once(Carrier::SignalWire, operation, mode));
}

#[tokio::test]
async fn the_same_key_is_the_same_order_until_it_asks_for_something_else() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, _) = with_number(&lab, "admin").await;
    let wish = Wish::Exact("+15125550107".parse().unwrap());
    let placed = tenant.order(&lab, &wish, "key").await.unwrap();
    let again = tenant.order(&lab, &wish, "key").await.unwrap();
    assert_eq!(again.id, placed.id);
    let other = tenant.order(&lab, &any_number(None), "key").await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    lab.settle().await.unwrap();
    let after = tenant.order(&lab, &wish, "key").await.unwrap();
    assert_eq!(after.id, placed.id, "also long after it ended");
}

#[tokio::test]
async fn signing_up_twice_with_one_key_is_one_workspace_with_one_order() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let wish = || Some(any_number(None));
    let first = sign_up_as(&lab, "ann", Plan::Pro, wish(), "key")
        .await
        .unwrap();
    let again = sign_up_as(&lab, "ann", Plan::Pro, wish(), "key")
        .await
        .unwrap();
    assert_eq!(again.workspace.id, first.workspace.id);
    let order = |signed_up: Option<numberline::domain::order::Order>| signed_up.unwrap().id;
    assert_eq!(order(again.order), order(first.order));
    let other = sign_up_as(&lab, "ann", Plan::Enterprise, wish(), "key").await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
}

#[tokio::test]
async fn giving_back_twice_is_one_order() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let first = tenant.give_back(&lab, &number.id).await.unwrap();
    let again = tenant.give_back(&lab, &number.id).await.unwrap();
    assert_eq!(again.id, first.id);
    lab.settle().await.unwrap();
    let after = tenant.give_back(&lab, &number.id).await.unwrap();
    assert_eq!(after.id, first.id, "also long after it ended");
}

#[tokio::test]
async fn another_workspace_sees_no_order_and_gives_nothing_back() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let (stranger, _) = with_number(&lab, "stranger").await;
    let seen = order(&lab.core(), &stranger.caller, &number.order).await;
    assert!(matches!(seen, Err(Error::NotFound)), "{seen:?}");
    let taken = stranger.give_back(&lab, &number.id).await;
    assert!(matches!(taken, Err(Error::NotFound)), "{taken:?}");
    let wanted = stranger
        .order(&lab, &Wish::Exact(number.e164.clone()), "mine")
        .await;
    assert!(
        matches!(wanted, Err(Error::NumberTaken { .. })),
        "{wanted:?}"
    );
    assert!(
        order(&lab.core(), &tenant.caller, &number.order)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_text_of_unknown_fate_is_never_sent_again_and_late_news_settles_it() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, _) = with_number(&lab, "admin").await;
    lose(&lab, Operation::SendMessage, Mode::LostResponse);
    let sent = text_customer(&lab, &tenant, "hello", "key").await.unwrap();
    assert_eq!(sent.status, MessageStatus::Unknown);
    lab.clock.advance(Duration::from_mins(10));
    let again = text_customer(&lab, &tenant, "hello", "key").await.unwrap();
    assert_eq!(again.id, sent.id);
    let other = text_customer(&lab, &tenant, "something else", "key").await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    assert_eq!(lab.simulator.ledger().total(Kind::Message), 1);
    for news in lab.statuses().await {
        lab.take_cold(&news).await.unwrap();
    }
    assert_eq!(only_message(&lab).status, MessageStatus::Delivered);
}

#[tokio::test]
async fn a_text_that_never_arrived_is_unknown_and_the_next_one_goes_out() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, _) = with_number(&lab, "admin").await;
    lose(&lab, Operation::SendMessage, Mode::LostRequest);
    let lost = text_customer(&lab, &tenant, "lost", "one").await.unwrap();
    assert_eq!(
        lost.status,
        MessageStatus::Unknown,
        "nobody knows that it was not sent"
    );
    let sent = text_customer(&lab, &tenant, "sent", "two").await.unwrap();
    assert_ne!(sent.id, lost.id);
    assert_eq!(lab.simulator.ledger().total(Kind::Message), 1);
}

#[tokio::test]
async fn news_in_any_order_and_number_never_undoes_an_end() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, _) = with_number(&lab, "admin").await;
    text_customer(&lab, &tenant, "hello", "key").await.unwrap();
    let news = lab.statuses().await;
    assert!(news.len() >= 3, "queued, sent, delivered: {}", news.len());
    for webhook in news.iter().rev().chain(&news).chain(news.iter().rev()) {
        lab.take_cold(webhook).await.unwrap();
        assert_eq!(only_message(&lab).status, MessageStatus::Delivered);
    }
}

#[tokio::test]
async fn a_text_told_five_times_is_kept_once() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, number) = with_number(&lab, "admin").await;
    let webhook = lab.text(CUSTOMER, &number.e164, "hello?").await.unwrap();
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        outcomes.push(lab.take_cold(&webhook).await.unwrap().outcome);
    }
    assert_eq!(outcomes[0], Outcome::Stored);
    assert!(
        outcomes[1..]
            .iter()
            .all(|outcome| *outcome == Outcome::Repeated)
    );
    assert_eq!(only_message(&lab).workspace, tenant.workspace);
}

/// A text that somebody else's account, or nobody's, is told of.
async fn misdirected(lab: &Lab, to: &str, at: &Webhook, account: Option<String>) -> Webhook {
    let text = Inbound {
        url: Some(at.uri().to_string()),
        account,
        ..Inbound::sms(Carrier::SignalWire, CUSTOMER, to, "misdirected")
    };
    lab.happens(&text).await.unwrap()
}

#[tokio::test]
async fn what_is_not_for_a_number_of_the_account_is_nobodys() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (_, ours) = with_number(&lab, "admin").await;
    let (_, theirs) = with_number(&lab, "stranger").await;
    let right = lab.text(CUSTOMER, &ours.e164, "right").await.unwrap();
    let account = ours.account.to_string();
    let of_nobody = misdirected(&lab, "+15125550199", &right, Some(account.clone())).await;
    let refused = lab.take_cold(&of_nobody).await;
    assert!(
        matches!(refused, Err(Refused::UnknownNumber)),
        "{refused:?}"
    );
    let of_others = misdirected(&lab, theirs.e164.as_str(), &right, Some(account)).await;
    let refused = lab.take_cold(&of_others).await;
    assert!(
        matches!(refused, Err(Refused::UnknownNumber)),
        "{refused:?}"
    );
    assert!(Books::read(&lab.tables).unwrap().messages.is_empty());
}

#[tokio::test]
async fn what_another_account_signed_is_not_believed() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (_, ours) = with_number(&lab, "admin").await;
    let (_, theirs) = with_number(&lab, "stranger").await;
    let right = lab.text(CUSTOMER, &ours.e164, "right").await.unwrap();
    let account = theirs.account.to_string();
    let forged = misdirected(&lab, ours.e164.as_str(), &right, Some(account)).await;
    let refused = lab.take_cold(&forged).await;
    assert!(matches!(refused, Err(Refused::NotProven(_))), "{refused:?}");
    assert!(Books::read(&lab.tables).unwrap().messages.is_empty());
}

#[tokio::test]
async fn what_is_signed_wrongly_or_comes_to_a_strange_address_is_refused() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (_, ours) = with_number(&lab, "admin").await;
    for signing in [Signing::Wrong, Signing::None] {
        let text = Inbound {
            signing,
            ..Inbound::sms(Carrier::SignalWire, CUSTOMER, ours.e164.as_str(), "forged")
        };
        let forged = lab.happens(&text).await.unwrap();
        let refused = lab.take_cold(&forged).await;
        assert!(
            matches!(refused, Err(Refused::NotProven(_))),
            "{signing:?}: {refused:?}"
        );
    }
    let mut strange = lab.text(CUSTOMER, &ours.e164, "strange").await.unwrap();
    let nobodys = WebhookToken::derived(7);
    let address = format!("https://hooks.numberline.example/webhooks/signalwire/sms/{nobodys}");
    *strange.uri_mut() = address.parse().unwrap();
    let refused = lab.take_cold(&strange).await;
    assert!(
        matches!(refused, Err(Refused::UnknownAddress)),
        "{refused:?}"
    );
    assert!(Books::read(&lab.tables).unwrap().messages.is_empty());
}

/// Every message once, whatever the page, and then only what is new: that is polling.
#[tokio::test]
async fn polling_sees_every_message_and_comes_to_rest() {
    let lab = Lab::new(&Setup::default()).unwrap();
    let (tenant, _) = with_number(&lab, "admin").await;
    let base = lab.base();
    let messages = lab.post().messages;
    let mut sent = Vec::new();
    for (n, body) in ["one", "two", "three", "four", "five"]
        .into_iter()
        .enumerate()
    {
        let answer = text_customer(&lab, &tenant, body, &format!("key {n}")).await;
        sent.push(answer.unwrap());
        lab.clock.advance(Duration::from_secs(1));
    }
    let conversation = sent[0].conversation.clone();
    let page = |cursor: Option<Cursor>, since: Option<Cursor>| {
        let (base, messages, caller) = (&base, &messages, &tenant.caller);
        let conversation = &conversation;
        async move {
            let window = Window {
                cursor: cursor.as_ref(),
                since: since.as_ref(),
                limit: 2,
            };
            let read = conversations::conversation(base, messages, caller, conversation, window);
            read.await.unwrap().1
        }
    };
    let oldest = {
        let first = page(None, None).await;
        let second = page(first.next, None).await;
        page(second.next, None).await
    };
    assert_eq!(oldest.items.len(), 1);
    let mut since = oldest.latest;
    let mut seen = BTreeSet::new();
    for _ in 0..5 {
        let read = page(None, since).await;
        seen.extend(read.items.into_iter().map(|message| message.body));
        assert!(read.next.is_none());
        since = read.latest;
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
}
