//! The key service's answers.

use serde_json::{Value, json};

use super::{
    keys::{Context, Keys},
    tables::Answer,
};

/// What KMS answers to `operation`. Ciphertexts and plaintexts travel in base64; a
/// ciphertext is one more text in it.
pub(crate) fn answer(keys: &Keys, operation: &str, request: &Value) -> Answer {
    let field = |name| {
        request
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let context = context(request);
    match operation {
        "Encrypt" => {
            let sealed = keys.seal(context, field("Plaintext"));
            ok(&json!({ "CiphertextBlob": encode(&sealed), "KeyId": field("KeyId") }))
        }
        "Decrypt" => {
            let sealed = decode(field("CiphertextBlob")).unwrap_or_default();
            match keys.open(&context, &sealed) {
                Some(plaintext) => ok(&json!({ "Plaintext": plaintext, "KeyId": field("KeyId") })),
                None => refused("InvalidCiphertextException"),
            }
        }
        _ => refused("UnsupportedOperationException"),
    }
}

/// What a request is for, from its encryption context.
pub(crate) fn purpose(request: &Value) -> String {
    context(request).remove("purpose").unwrap_or_default()
}

fn context(request: &Value) -> Context {
    let context = request.get("EncryptionContext").and_then(Value::as_object);
    let pairs = context.into_iter().flatten();
    pairs
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn encode(text: &str) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    BASE64_STANDARD.encode(text)
}

fn decode(text: &str) -> Option<String> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()
}

fn ok(body: &Value) -> Answer {
    Answer {
        status: 200,
        body: body.to_string(),
    }
}

fn refused(kind: &str) -> Answer {
    Answer {
        status: 400,
        body: json!({ "__type": kind, "message": "refused by the key" }).to_string(),
    }
}
