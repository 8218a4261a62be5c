//! What the carrier tells, and what only looks as if it did.

use anyhow::{Context, Result};
use http::Method;
use numberline_end_to_end::{Ask, fresh_key, until, views::Number};
use numberline_simulator::{Carrier, Delivered, Inbound, Signing};

use crate::scene::{Home, PATIENCE, Scene};

const CUSTOMER: &str = "+14155550171";

/// A workspace with a number, and where the carrier tells of its texts.
struct Mailbox {
    scene: Scene,
    home: Home,
    number: Number,
    account: String,
    url: String,
}

async fn mailbox(area_code: &str) -> Result<Mailbox> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("enterprise").await?;
    let number = scene.buy(&home, area_code).await?;
    let (account, url) = scene.simulator.home_of(&number.number).await?;
    Ok(Mailbox {
        scene,
        home,
        number,
        account,
        url,
    })
}

impl Mailbox {
    fn text(&self, body: &str) -> Inbound {
        Inbound::sms(Carrier::SignalWire, CUSTOMER, &self.number.number, body)
    }

    async fn tell(&self, inbound: Inbound) -> Result<Delivered> {
        self.scene.simulator.tell(&inbound).await
    }

    /// Sends a last honest text, and finds it alone: whatever came before it left nothing.
    async fn holds_only_what_is_honest(&self) -> Result<()> {
        let delivered = self.tell(self.text("honest")).await?;
        assert_eq!(statuses(&delivered), [200]);
        let conversation = self.home.conversation_with(CUSTOMER).await?;
        assert_eq!(self.home.client.conversations().await?.items.len(), 1);
        let messages = self.home.client.messages(&conversation.id).await?.items;
        let bodies: Vec<_> = messages.iter().map(|message| &message.body).collect();
        assert_eq!(bodies, ["honest"]);
        Ok(())
    }
}

fn statuses(delivered: &Delivered) -> Vec<u16> {
    let statuses = delivered.receipts.iter();
    statuses.filter_map(|receipt| receipt.status).collect()
}

#[tokio::test]
async fn a_wrong_or_missing_signature_is_403_and_leaves_nothing() -> Result<()> {
    let mailbox = mailbox("463").await?;
    for signing in [Signing::Wrong, Signing::None] {
        let forged = Inbound {
            signing,
            ..mailbox.text("forged")
        };
        let delivered = mailbox.tell(forged).await?;
        let statuses = statuses(&delivered);
        assert!(!statuses.is_empty());
        assert!(statuses.iter().all(|status| *status == 403), "{statuses:?}");
    }
    mailbox.holds_only_what_is_honest().await
}

#[tokio::test]
async fn an_unknown_address_or_another_account_is_403_and_leaves_nothing() -> Result<()> {
    let mailbox = mailbox("464").await?;
    let stranger = mailbox.scene.workspace("pro").await?;
    let theirs = mailbox.scene.buy(&stranger, "469").await?;
    let (their_account, _) = mailbox.scene.simulator.home_of(&theirs.number).await?;
    let origin = &mailbox.scene.stack.description.origin;
    let (_, token) = mailbox.url.rsplit_once('/').context("a URL")?;
    let nobodys = "wht_00000000000000000000000000";
    for (account, url) in [
        (
            &mailbox.account,
            format!("{origin}/webhooks/signalwire/sms/{nobodys}"),
        ),
        (
            &mailbox.account,
            format!("{origin}/webhooks/signalwire/fax/{token}"),
        ),
        (
            &mailbox.account,
            format!("{origin}/webhooks/twilio/sms/{token}"),
        ),
        (
            &mailbox.account,
            format!("{origin}/webhooks/signalwire/sms"),
        ),
        (&their_account, mailbox.url.clone()),
    ] {
        let astray = Inbound {
            url: Some(url.clone()),
            account: Some(account.clone()),
            ..mailbox.text("astray")
        };
        let delivered = mailbox.tell(astray).await?;
        assert_eq!(statuses(&delivered), [403], "{url}");
    }
    mailbox.holds_only_what_is_honest().await
}

#[tokio::test]
async fn what_is_for_an_unknown_number_is_404_only_when_it_is_signed_and_leaves_nothing()
-> Result<()> {
    let mailbox = mailbox("470").await?;
    for (signing, status) in [(Signing::Good, 404), (Signing::Wrong, 403)] {
        let stray = Inbound {
            to: Some("+14705559999".to_owned()),
            url: Some(mailbox.url.clone()),
            account: Some(mailbox.account.clone()),
            signing,
            ..mailbox.text("for nobody")
        };
        assert_eq!(statuses(&mailbox.tell(stray).await?), [status]);
    }
    mailbox.holds_only_what_is_honest().await
}

#[tokio::test]
async fn what_comes_to_a_number_that_was_given_back_is_acknowledged_and_dropped() -> Result<()> {
    let mailbox = mailbox("472").await?;
    mailbox.holds_only_what_is_honest().await?;
    let client = &mailbox.home.client;
    let release = client.release(&mailbox.number.id).await?;
    mailbox.home.succeeded(&release.id).await?;

    let late = mailbox.tell(mailbox.text("too late")).await?;

    assert_eq!(statuses(&late), [200]);
    let conversation = mailbox.home.conversation_with(CUSTOMER).await?;
    let messages = client.messages(&conversation.id).await?.items;
    assert_eq!(messages.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_same_text_three_times_is_kept_and_counted_once() -> Result<()> {
    let mailbox = mailbox("475").await?;
    let first = Inbound {
        repeat: 3,
        ..mailbox.text("once")
    };
    assert_eq!(statuses(&mailbox.tell(first).await?), [200, 200, 200]);
    assert_eq!(statuses(&mailbox.tell(mailbox.text("twice")).await?), [200]);

    let counted = until("both texts are counted", PATIENCE, async || {
        let conversation = mailbox.home.conversation_with(CUSTOMER).await?;
        let all = conversation.last_message == "twice" && conversation.messages >= Some(2);
        Ok(all.then_some(conversation))
    })
    .await?;
    assert_eq!(counted.messages, Some(2));
    let messages = mailbox.home.client.messages(&counted.id).await?.items;
    let bodies: Vec<_> = messages.iter().map(|message| &message.body).collect();
    assert_eq!(bodies, ["twice", "once"]);
    Ok(())
}

#[tokio::test]
async fn a_delivery_is_not_undone_by_late_or_forged_news() -> Result<()> {
    let mailbox = mailbox("479").await?;
    let client = &mailbox.home.client;
    let sent = client.text(&fresh_key()?, CUSTOMER, "hello").await?;
    let status = async || {
        let messages = client.messages(&sent.conversation_id).await?.items;
        let message = messages.into_iter().find(|message| message.id == sent.id);
        anyhow::Ok(message.context("the message is gone")?.status)
    };
    until("the text is delivered", PATIENCE, async || {
        Ok((status().await? == "delivered").then_some(()))
    })
    .await?;

    let history = mailbox
        .scene
        .simulator
        .history(&mailbox.number.number)
        .await?;
    let mut handed_over = history
        .into_iter()
        .filter(|entry| entry.kind == numberline_simulator::Kind::Message);
    let message = handed_over
        .next()
        .and_then(|entry| entry.id)
        .context("it was handed over")?;
    assert_eq!(handed_over.count(), 0, "it was handed over twice");
    let news = |status, signing| Inbound {
        signing,
        ..Inbound::status(Carrier::SignalWire, &message, status)
    };
    let late = mailbox.tell(news("sent", Signing::Good)).await?;
    assert_eq!(statuses(&late), [200]);
    let forged = mailbox.tell(news("failed", Signing::Wrong)).await?;
    assert_eq!(statuses(&forged), [403]);
    assert_eq!(status().await?, "delivered");
    Ok(())
}

#[tokio::test]
async fn a_webhook_of_a_megabyte_is_refused_unread() -> Result<()> {
    let mailbox = mailbox("484").await?;
    let (_, path) = mailbox.url.split_once("/webhooks").context("a URL")?;
    let body = vec![b'x'; 1024 * 1024];
    let ask = Ask::new(Method::POST, &format!("/webhooks{path}"))
        .bytes("application/x-www-form-urlencoded", body);
    mailbox.scene.stack.nobody().send(ask).await?.expect(413)?;
    mailbox.holds_only_what_is_honest().await
}
