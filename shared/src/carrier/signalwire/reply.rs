//! Answers in cXML, SignalWire's language of calls and messages.
//!
//! Everything is written by an XML writer, and characters that XML cannot hold
//! are dropped: a document that does not parse is a call that is not answered.

use std::{io, time::Duration};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use crate::{
    carrier::{Answer, Reply},
    domain::{E164, VoiceRouting},
};

/// The answer that does nothing.
const EMPTY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// Writes `answer`; a call that is forwarded ends after `forward_max`.
pub(super) fn write(answer: &Answer, forward_max: Duration) -> Reply {
    Reply {
        content_type: "application/xml",
        // Writing to memory does not fail; if it did, silence is the safe answer.
        body: document(answer, forward_max).unwrap_or_else(|| EMPTY.to_owned()),
    }
}

fn document(answer: &Answer, forward_max: Duration) -> Option<String> {
    let mut writer = Writer::new(Vec::new());
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
    writer.write_event(Event::Decl(declaration)).ok()?;
    let response = writer.create_element("Response");
    let written = match answer {
        Answer::Done => response.write_empty(),
        Answer::Text(text) => response.write_inner_content(|writer| verb(writer, "Message", text)),
        // The verb that declines a call without answering it, and so for free.
        Answer::HangUp => response
            .write_inner_content(|writer| writer.create_element("Reject").write_empty().map(drop)),
        Answer::Call(VoiceRouting::Greeting { text: words }) => {
            response.write_inner_content(|writer| verb(writer, "Say", words))
        }
        Answer::Call(VoiceRouting::Forward { to }) => {
            response.write_inner_content(|writer| dial(writer, to, forward_max))
        }
    };
    written.ok()?;
    String::from_utf8(writer.into_inner()).ok()
}

/// The caller hears it ring until somebody answers, and is charged from then on only:
/// without `answerOnBridge` the incoming call is answered at once.
fn dial(writer: &mut Writer<Vec<u8>>, to: &E164, forward_max: Duration) -> io::Result<()> {
    let seconds = forward_max.as_secs().to_string();
    writer
        .create_element("Dial")
        .with_attribute(("answerOnBridge", "true"))
        .with_attribute(("timeLimit", seconds.as_str()))
        .write_text_content(BytesText::new(to.as_str()))
        .map(drop)
}

fn verb(writer: &mut Writer<Vec<u8>>, name: &str, content: &str) -> io::Result<()> {
    let content: String = content.chars().filter(|c| is_xml(*c)).collect();
    writer
        .create_element(name)
        .write_text_content(BytesText::new(&content))
        .map(drop)
}

/// The characters of XML 1.0 (its production 2, `Char`).
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event};

    use super::{Answer, Duration, EMPTY, Reply, VoiceRouting};

    fn write(answer: &Answer) -> Reply {
        super::write(answer, Duration::from_hours(1))
    }

    #[track_caller]
    fn check(answer: &Answer, inside: &str) {
        let reply = write(answer);
        assert_eq!(reply.content_type, "application/xml");
        let expected =
            format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>"#);
        assert_eq!(reply.body, expected);
        let mut reader = Reader::from_str(&reply.body);
        while reader.read_event().unwrap() != Event::Eof {}
    }

    fn greeting(text: &str) -> Answer {
        Answer::Call(VoiceRouting::Greeting {
            text: text.to_owned(),
        })
    }

    #[test]
    fn each_answer_has_its_verb() {
        assert_eq!(write(&Answer::Done).body, EMPTY);
        check(&Answer::HangUp, "<Reject/>");
        check(
            &Answer::Text("Bakery & Sons: hello.".to_owned()),
            "<Message>Bakery &amp; Sons: hello.</Message>",
        );
        check(&greeting("Hello."), "<Say>Hello.</Say>");
        let to = "+15125550123".parse().unwrap();
        let forward = Answer::Call(VoiceRouting::Forward { to });
        check(
            &forward,
            r#"<Dial answerOnBridge="true" timeLimit="3600">+15125550123</Dial>"#,
        );
    }

    #[test]
    fn a_greeting_cannot_become_a_verb() {
        check(
            &greeting("</Say><Dial>+19005550100</Dial> & \"so\" on"),
            "<Say>&lt;/Say&gt;&lt;Dial&gt;+19005550100&lt;/Dial&gt; &amp; &quot;so&quot; on</Say>",
        );
        check(
            &greeting("a\u{0}b\u{b}c\u{ffff} ünï 🎉"),
            "<Say>abc ünï 🎉</Say>",
        );
    }
}
