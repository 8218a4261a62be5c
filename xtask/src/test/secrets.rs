//! Looking for secrets where none may be: in what tests print, in every log of a function alone or of a stack, and in
//! every answer.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use numberline_stack::Description;
use serde_json::Value;

/// A carrier's secrets by how they begin, and how long they are at least. Shorter finds are ordinary words.
const SHAPES: [(&str, &str, usize); 2] = [
    ("a carrier's API token", "PT", 32),
    ("a carrier's signing key", "PSK_", 12),
];

/// A project's id and a token in base64 are 100 letters and more. "Basic authentication" is no finding.
const BASIC_LENGTH: usize = 24;

/// A secret that was found.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    line: usize,
    what: String,
}

/// What was searched.
#[derive(Debug)]
pub(super) struct Searched {
    /// Files, some of which may be empty.
    pub(super) files: usize,
    /// Their lines.
    pub(super) lines: usize,
}

/// Fails where a log or an answer holds a secret, or where there is nothing to search.
pub(super) fn scan(description: &Description) -> Result<Searched> {
    let known = known_secrets(description);
    let files = files_below(&description.logs)?;
    must_hold_something(&description.transcript)?;
    must_hold_something(&description.logs.join("functions/order-worker.log"))?;
    let (lines, mut findings) = search_all(&files, &known)?;
    let answers = answers_of_api(&read(&description.transcript)?);
    ensure!(!answers.is_empty(), "no answer of the API was written down");
    let named = named(&answers, &hidden_names(description));
    findings.extend(in_words(&description.transcript, named));
    must_be_none(&findings)?;
    let files = files.len();
    Ok(Searched { files, lines })
}

/// Fails where one of these files holds what looks like a secret, or where they hold nothing. How many lines there were.
pub(super) fn scan_files(files: &[PathBuf]) -> Result<usize> {
    for file in files {
        must_hold_something(file)?;
    }
    let (lines, findings) = search_all(files, &[])?;
    must_be_none(&findings)?;
    Ok(lines)
}

fn search_all(files: &[PathBuf], known: &[(String, String)]) -> Result<(usize, Vec<String>)> {
    let (mut lines, mut findings) = (0, Vec::new());
    for file in files {
        let text = read(file)?;
        lines += text.lines().count();
        findings.extend(in_words(file, search(&text, known)));
    }
    Ok((lines, findings))
}

fn must_be_none(findings: &[String]) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    bail!("secrets where none may be:\n{}", findings.join("\n"))
}

fn read(file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn in_words(file: &Path, findings: Vec<Finding>) -> Vec<String> {
    let place = file.display();
    let line = |Finding { line, what }| format!("{place}:{line}: {what}");
    findings.into_iter().map(line).collect()
}

/// A search of nothing finds nothing: that must not pass for a clean one.
fn must_hold_something(file: &Path) -> Result<()> {
    let held = fs::metadata(file).is_ok_and(|metadata| metadata.len() > 1);
    ensure!(held, "{} holds nothing to search", file.display());
    Ok(())
}

/// The secrets of this very stack, each with what it is.
fn known_secrets(description: &Description) -> Vec<(String, String)> {
    let Description {
        carrier, identity, ..
    } = description;
    let mut known = vec![
        ("the carrier's API token", &carrier.api_token),
        ("the carrier's signing key", &carrier.signing_key),
        (
            "the machine client's secret",
            &identity.machine_client_secret,
        ),
    ];
    known.extend(
        identity
            .users
            .values()
            .map(|user| ("a password", &user.password)),
    );
    known
        .into_iter()
        .map(|(what, secret)| (what.to_owned(), secret.expose().to_owned()))
        .collect()
}

/// What no answer of the API says beside secrets (P8), in small letters.
fn hidden_names(description: &Description) -> Vec<(String, String)> {
    let hidden = [
        ("the carrier's name", "signalwire"),
        (
            "the platform's account at the carrier",
            description.carrier.project_id.as_str(),
        ),
    ];
    let hidden = hidden.into_iter();
    hidden
        .map(|(what, word)| (what.to_owned(), word.to_lowercase()))
        .collect()
}

/// The API's answers in a transcript, in small letters, each with its line. Webhooks are the carrier's own, and the web app
/// is no answer of the API.
fn answers_of_api(transcript: &str) -> Vec<(usize, String)> {
    let mut answers = Vec::new();
    for (index, line) in transcript.lines().enumerate() {
        let answered = serde_json::from_str::<Value>(line).unwrap_or_default();
        let asked = answered.get("request").and_then(Value::as_str);
        let path = asked.and_then(|asked| asked.split(' ').nth(1));
        if path.is_some_and(|path| path.starts_with("/api/")) {
            let told = ["headers", "body"].map(|part| answered.get(part).map(Value::to_string));
            let told = told.map(Option::unwrap_or_default).concat();
            answers.push((index + 1, told.to_lowercase()));
        }
    }
    answers
}

/// What these answers name that none may.
fn named(answers: &[(usize, String)], hidden: &[(String, String)]) -> Vec<Finding> {
    let finding = |line: usize, what: &String| Finding {
        line,
        what: what.clone(),
    };
    let answers = answers.iter();
    let found = answers.flat_map(|(line, told)| {
        let hidden = hidden.iter().filter(|(_, word)| told.contains(word));
        hidden.map(|(what, _)| finding(*line, what))
    });
    found.collect()
}

fn search(text: &str, known: &[(String, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let known = known
            .iter()
            .filter(|(_, secret)| line.contains(secret))
            .map(|(what, _)| what.clone());
        let shaped = SHAPES
            .iter()
            .filter(|(_, prefix, length)| has_word(line, prefix, *length))
            .map(|(what, _, _)| format!("what looks like {what}"));
        let token = has_token(line).then(|| "what looks like a token of a person".to_owned());
        let basic = has_basic(line).then(|| "what looks like credentials of an account".to_owned());
        let all = known.chain(shaped).chain(token).chain(basic);
        findings.extend(all.map(|what| Finding {
            line: index + 1,
            what,
        }));
    }
    findings
}

/// Whether a run of letters, digits, `_` and `-` begins with the prefix and is long enough.
fn has_word(line: &str, prefix: &str, length: usize) -> bool {
    line.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'))
        .any(|word| word.len() >= length && word.starts_with(prefix))
}

/// Whether the line holds a signed token: header and claims, both JSON objects in base64, and a signature.
fn has_token(line: &str) -> bool {
    line.split(|letter: char| !(letter.is_ascii_alphanumeric() || "_-.".contains(letter)))
        .any(|word| {
            let parts: Vec<_> = word.split('.').collect();
            matches!(parts.as_slice(), [header, claims, signature, ..]
                if header.starts_with("eyJ") && claims.starts_with("eyJ") && !signature.is_empty())
        })
}

/// Whether the line holds a user and password as a header carries them, which hides the shape of both.
fn has_basic(line: &str) -> bool {
    line.split("Basic ").skip(1).any(|rest| {
        let encoded = rest.bytes();
        let encoded =
            encoded.take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte));
        encoded.count() >= BASIC_LENGTH
    })
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Finding, answers_of_api, named, search};

    fn found(text: &str) -> Vec<(usize, String)> {
        let known = [("a password".to_owned(), "ada-likes-12".to_owned())];
        let pair = |Finding { line, what }| (line, what);
        search(text, &known).into_iter().map(pair).collect()
    }

    #[test]
    fn finds_the_secrets_of_the_stack() {
        let line = "signed in with ada-likes-12";
        assert_eq!(
            found(&format!("fine\n{line}\n")),
            [(2, "a password".to_owned())]
        );
    }

    #[test]
    fn finds_secrets_it_was_not_told_by_their_shape() {
        let token = format!("token=PT{}", "0a1b2c3d".repeat(5));
        assert_eq!(found(&token).len(), 1);
        assert_eq!(found("key PSK_kQ7vT2mX9dL4 used").len(), 1);
        assert_eq!(
            found("Authorization: Bearer eyJhbGci.eyJzdWIi.c2lnbmVk").len(),
            1
        );
        assert_eq!(
            found("authorization: Basic NWQ5ZjBjMWUtN2EzNDpQVDAxMjM0NTY3").len(),
            1
        );
    }

    #[test]
    fn finds_an_answer_of_the_api_that_names_the_carrier() {
        let hidden = [("its name".to_owned(), "signalwire".to_owned())];
        let line = |asked: &str, body: &str| {
            let headers = json!({ "content-type": "application/json" });
            json!({ "request": asked, "status": 200, "headers": headers, "body": body }).to_string()
        };
        let transcript = [
            line("GET /api/phone-numbers", r#"{"items":[]}"#),
            line("POST /webhooks/signalwire/sms/x", "SignalWire"),
            line(
                "GET /api/orders?limit=1",
                r#"{"detail":"SignalWire says no"}"#,
            ),
        ];
        let answers = answers_of_api(&transcript.join("\n"));
        assert_eq!(answers.len(), 2);
        let what = "its name".to_owned();
        assert_eq!(named(&answers, &hidden), [Finding { line: 3, what }]);
        let asked_for = answers_of_api(&line("GET /api/orders/signalwire", "{}"));
        assert_eq!(named(&asked_for, &hidden), []);
    }

    #[test]
    fn leaves_ordinary_words_alone() {
        assert_eq!(found("PTSD, PSK_ and SignalWireApiToken"), []);
        assert_eq!(found("Basic authentication is required"), []);
        assert_eq!(found(&format!("cursor=eyJ{}", "x".repeat(80))), []);
        assert_eq!(found(r#"{"SignalWireApiToken": "*****"}"#), []);
    }
}
