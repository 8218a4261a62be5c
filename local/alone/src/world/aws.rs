//! What AWS answers in the world of the events.

use numberline_simulator::Settings;
use numberline_tests::lab::{Answer, Lab};
use serde_json::{Value, json};

/// The answer to a request that names `target`.
pub(super) fn answer(lab: &Lab, target: &str, body: &str) -> Answer {
    if let Some(answer) = lab.aws(target, body.as_bytes()) {
        return answer;
    }
    if target == "secretsmanager.GetSecretValue" {
        return with(200, &carrier_secret());
    }
    let kind = "com.amazon.coral.service#UnknownOperationException";
    let message = format!("the world of the events has no {target}");
    with(400, &json!({ "__type": kind, "message": message }))
}

/// The platform's credentials at the carrier, as the template's secret holds them.
fn carrier_secret() -> Value {
    let Settings {
        api_token,
        signing_key,
        ..
    } = Settings::default();
    let secret = json!({
        "signalwire": { "apiToken": api_token.expose(), "signingKey": signing_key.expose() },
    });
    json!({ "ARN": "carrier-secret", "SecretString": secret.to_string() })
}

fn with(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        body: body.to_string(),
    }
}
