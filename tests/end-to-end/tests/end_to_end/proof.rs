//! Whether a number works, through the real public address; and the record of what was done to it.

use anyhow::Result;
use http::Method;
use numberline_end_to_end::{Ask, until, views::Number};
use numberline_simulator::{Carrier, Rewiring, Wire};
use serde_json::{Value, json};

use crate::scene::{Home, PATIENCE, Scene};

async fn verified(home: &Home, number: &Number, repair: bool) -> Result<Value> {
    let path = format!("/api/phone-numbers/{}/verify", number.id);
    home.client
        .post(&path, &json!({"repair": repair}), 200)
        .await
}

fn codes(report: &Value) -> Vec<&str> {
    let errors = report["errors"].as_array().into_iter().flatten();
    errors.filter_map(|error| error["code"].as_str()).collect()
}

#[tokio::test]
async fn a_number_is_proven_found_broken_and_repaired() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    let number = scene.buy(&home, "443").await?;
    let works = json!({"voice": true, "sms": true, "repaired": false, "errors": []});
    assert_eq!(verified(&home, &number, false).await?, works);

    let elsewhere = Some("https://elsewhere.example/texts");
    for (wire, value, code) in [
        (Wire::SmsUrl, elsewhere, "url_mismatch"),
        (Wire::SmsUrl, None, "not_set"),
        (Wire::VoiceMethod, Some("GET"), "wrong_method"),
        (
            Wire::VoiceApplication,
            Some("somebody-elses"),
            "overridden_by_application",
        ),
    ] {
        let change = Rewiring::one(Carrier::SignalWire, &number.number, wire, value);
        scene.simulator.rewire(&change).await?;
        let broken = verified(&home, &number, false).await?;
        assert!(codes(&broken).contains(&code), "{wire:?}: {broken}");
        let repaired = verified(&home, &number, true).await?;
        assert_eq!(repaired["repaired"], true, "{wire:?}: {repaired}");
        assert_eq!(verified(&home, &number, false).await?, works, "{wire:?}");
    }
    let trunk = Rewiring::one(
        Carrier::SignalWire,
        &number.number,
        Wire::Trunk,
        Some("other"),
    );
    scene.simulator.rewire(&trunk).await?;
    let broken = verified(&home, &number, true).await?;
    assert_eq!(codes(&broken), ["overridden_by_trunk"]);
    assert_eq!(
        broken["repaired"], false,
        "a trunk is for operators to remove"
    );
    Ok(())
}

#[tokio::test]
async fn what_was_done_is_on_the_record_in_one_chain() -> Result<()> {
    let scene = Scene::beside().await?;
    let home = scene.workspace("pro").await?;
    let number = scene.buy(&home, "445").await?;
    let path = format!("/api/phone-numbers/{}", number.id);
    let _labeled: Value = home
        .client
        .patch(&path, &json!({"label": "Desk"}), 200)
        .await?;
    let wanted = [
        "workspace.created",
        "order.placed",
        "number.purchased",
        "number.activated",
        "order.succeeded",
        "number.labeled",
    ];
    let record: Value = until("all of it is on the record", PATIENCE, async || {
        let record: Value = home.client.get("/api/audit-log?limit=100", 200).await?;
        Ok(wanted
            .iter()
            .all(|action| count(&record, action) > 0)
            .then_some(record))
    })
    .await?;
    for action in wanted {
        assert_eq!(count(&record, action), 1, "{action}: {record}");
    }
    let verification = Ask::new(Method::GET, "/api/audit-log/verification");
    let verified: Value = home.client.send(verification).await?.expect(200)?.read()?;
    assert_eq!(
        (&verified["intact"], &verified["findings"]),
        (&json!(true), &json!([]))
    );
    Ok(())
}

fn count(record: &Value, action: &str) -> usize {
    let entries = record["items"].as_array().into_iter().flatten();
    entries.filter(|entry| entry["action"] == action).count()
}
