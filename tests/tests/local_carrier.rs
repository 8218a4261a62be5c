//! The whole product without any carrier: everything a workspace does, at the local one.

#![expect(
    clippy::unwrap_used,
    reason = "a flow that cannot go on fails its test"
)]

use std::{sync::Arc, time::Duration};

use numberline::{
    app::{
        inbound::{Outcome, Refused},
        provision::any_number,
        send,
    },
    carrier::WebhookError,
    domain::{
        E164, MessageStatus, NumberStatus, Plan,
        order::{OrderStatus, TroubleCode, Wish},
    },
    store::Replay,
};
use numberline_tests::lab::{Books, Lab, LabCarrier, Lambda, Rest, Setup, Tenant, sign_up_as};

const CUSTOMER: &str = "+14155550177";

fn lab() -> Arc<Lab> {
    Lab::new(&Setup {
        carrier: LabCarrier::Local,
        ..Setup::default()
    })
    .unwrap()
}

/// A workspace that signed up and got a number by itself.
async fn signed_up(lab: &Arc<Lab>) -> Tenant {
    let wish = Some(any_number(Some("512".parse().unwrap())));
    let signed_up = sign_up_as(lab, "founder", Plan::Pro, wish, "sign up").await;
    let workspace = signed_up.unwrap().workspace.id;
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    Tenant::of("founder", &workspace)
}

fn the_number(lab: &Lab) -> numberline::domain::Number {
    Books::read(&lab.tables).unwrap().numbers.pop().unwrap()
}

#[tokio::test]
async fn a_workspace_lives_a_whole_life_without_any_carrier() {
    let lab = lab();
    let tenant = signed_up(&lab).await;
    let number = the_number(&lab);
    assert_eq!(number.status, NumberStatus::Active);
    assert!(number.e164.as_str().starts_with("+1512555"), "{number:?}");

    // A customer texts, and texts again by mistake.
    let webhook = lab.text(CUSTOMER, &number.e164, "Are you open?").await;
    let webhook = webhook.unwrap();
    for outcome in [Outcome::Stored, Outcome::Repeated] {
        assert_eq!(lab.take_cold(&webhook).await.unwrap().outcome, outcome);
    }

    // The workspace answers, and its text is there at once.
    let text = send::Text {
        to: CUSTOMER.parse().unwrap(),
        from: None,
        body: "From ten to four.".to_owned(),
    };
    let replay = Replay {
        key: "answer",
        request_hash: "answer",
    };
    let (base, post) = (lab.base(), lab.post());
    for _ in 0..2 {
        let sent = Box::pin(send::send(&base, &post, &tenant.caller, &text, replay));
        assert_eq!(sent.await.unwrap().status, MessageStatus::Delivered);
    }
    assert_eq!(lab.holdings().unwrap().texts, 1);

    // The number goes back, and is for sale again.
    lab.clock.advance(Duration::from_hours(15 * 24));
    tenant.give_back(&lab, &number.id).await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    assert_eq!(the_number(&lab).status, NumberStatus::Released);
    assert_eq!(lab.holdings().unwrap().numbers, []);
    let again = Wish::Exact(number.e164);
    tenant.order(&lab, &again, "again").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    assert_eq!(lab.holdings().unwrap().sales.len(), 2);
}

#[tokio::test]
async fn where_the_local_carrier_has_nothing_an_order_ends_with_nothing_left_over() {
    let lab = lab();
    let tenant = Tenant::sign_up(&lab, "founder", Plan::Pro).await.unwrap();
    let wish = any_number(Some("907".parse().unwrap()));
    let order = tenant.order(&lab, &wish, "alaska").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    let order = books.order(&order.id).unwrap();
    assert_eq!(order.status, OrderStatus::Failed);
    let trouble = order.trouble.as_ref().unwrap();
    assert_eq!(trouble.code, TroubleCode::NoInventory);
    assert!(books.numbers.is_empty() && books.claims.is_empty());
}

#[tokio::test]
async fn a_real_number_cannot_be_bought_from_the_local_carrier() {
    let lab = lab();
    let tenant = Tenant::sign_up(&lab, "founder", Plan::Pro).await.unwrap();
    let real: E164 = "+15122345678".parse().unwrap();
    let wish = Wish::Exact(real);
    let order = tenant.order(&lab, &wish, "a real one").await.unwrap();
    assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
    let books = Books::read(&lab.tables).unwrap();
    let order = books.order(&order.id).unwrap();
    let trouble = order.trouble.as_ref().unwrap();
    assert_eq!(trouble.code, TroubleCode::NumberUnavailable);
    assert_eq!(lab.holdings().unwrap().sales, []);
}

#[tokio::test]
async fn a_forged_text_is_not_believed() {
    let lab = lab();
    signed_up(&lab).await;
    let number = the_number(&lab);
    let webhook = lab.text(CUSTOMER, &number.e164, "Pay me.").await.unwrap();
    let body = String::from_utf8(webhook.body().to_vec()).unwrap();
    let forged = webhook.map(|_| body.replace("Pay me", "Pay him").into());
    let refused = lab.take_cold(&forged).await;
    assert!(
        matches!(refused, Err(Refused::NotProven(WebhookError::BadSignature))),
        "{refused:?}"
    );
    assert!(Books::read(&lab.tables).unwrap().messages.is_empty());
}
