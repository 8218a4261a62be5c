//! Answers to webhooks in the local carrier's language, which is a line of JSON.

use serde_json::json;

use crate::{
    carrier::{Answer, Reply},
    domain::VoiceRouting,
};

/// Writes `answer`.
pub(super) fn write(answer: &Answer) -> Reply {
    let body = match answer {
        Answer::Done => json!({}),
        Answer::Text(text) => json!({ "text": text }),
        Answer::HangUp => json!({ "hangUp": true }),
        Answer::Call(VoiceRouting::Greeting { text }) => json!({ "say": text }),
        Answer::Call(VoiceRouting::Forward { to }) => json!({ "forward": to }),
    };
    Reply {
        content_type: "application/json",
        body: body.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, VoiceRouting, write};

    #[test]
    fn each_answer_is_a_line_of_json() {
        let to = "+15125550123".parse().unwrap();
        let text = "Say \"hi\"".to_owned();
        for (answer, body) in [
            (Answer::Done, "{}"),
            (Answer::Text("Hello.".to_owned()), r#"{"text":"Hello."}"#),
            (Answer::HangUp, r#"{"hangUp":true}"#),
            (
                Answer::Call(VoiceRouting::Greeting { text }),
                r#"{"say":"Say \"hi\""}"#,
            ),
            (
                Answer::Call(VoiceRouting::Forward { to }),
                r#"{"forward":"+15125550123"}"#,
            ),
        ] {
            assert_eq!(write(&answer).body, body);
        }
    }
}
