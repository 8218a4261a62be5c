//! The rooms of `ARCHITECTURE.md` and the directions of ADR 0018, held up by looking at every file.

use std::collections::BTreeMap;

use numberline_tests::repository::{Source, files};

/// The one adapter that keeps what others have a carrier for, and may use the store.
const LOCAL: &str = "carrier/local";

/// Rooms of `shared/src`, and the rooms each may import from.
const ROOMS: [(&str, &[&str]); 10] = [
    ("domain", &["domain"]),
    ("bus", &["store", "domain"]),
    ("chance", &[]),
    ("clock", &["domain"]),
    ("queue", &["store"]),
    ("carrier", &["carrier", "domain"]),
    (LOCAL, &["carrier", "store", "domain", "clock", "chance"]),
    ("store", &["store", "domain", "clock", "chance"]),
    (
        "app",
        &[
            "app", "store", "carrier", "domain", "queue", "bus", "clock", "chance",
        ],
    ),
    (
        "edge",
        &[
            "edge", "app", "store", "carrier", "domain", "queue", "bus", "clock", "chance",
        ],
    ),
];

/// Rooms of the shared crate that functions may use: what a use case takes and gives
/// is in the words of the domain, woken through the queue or told over the bus, on
/// somebody's clock.
const FUNCTIONS_USE: [&str; 6] = ["edge", "app", "domain", "queue", "bus", "clock"];

/// Imports that go the other way all the same, and why.
const EXCEPTIONS: [(&str, &str, &str); 9] = [
    (
        "store",
        "carrier::Account",
        "the Vault hands out accounts, opened",
    ),
    (
        "store",
        "carrier::AccountKeys",
        "the Vault hands out webhook keys",
    ),
    (
        "store",
        "carrier::WebhookKey",
        "the Vault hands out webhook keys",
    ),
    (
        "store",
        "carrier::Credentials",
        "the Vault wraps what it decrypts at once",
    ),
    (
        "store",
        "carrier::CreatedSubproject",
        "a subproject's secrets go straight into the Vault",
    ),
    (
        "functions",
        "store::NumberEdit",
        "a change of a number, as the use case takes it",
    ),
    (
        "functions",
        "store::WorkspaceEdit",
        "a change of a workspace, as the use case takes it",
    ),
    (
        "functions",
        "store::Ledger",
        "the record, as the use case takes it",
    ),
    (
        "functions",
        "store::Result",
        "what the bookkeeper's use case gives",
    ),
];

/// What has no place in `domain/`: I/O, a clock, the environment.
const IMPURE: [&str; 7] = [
    "aws_",
    "reqwest",
    "lambda_",
    "tokio",
    "SystemTime::now",
    "Timestamp::now",
    "std::env",
];

/// Longest file, in lines.
const LINES_MAX: usize = 500;

/// `app` of `shared/src/app/send.rs`, `queue` of `shared/src/queue.rs`.
fn room_of(source: &Source) -> &str {
    let inside = source.path.strip_prefix("shared/src/").unwrap_or_default();
    if inside.starts_with(&format!("{LOCAL}/")) {
        return LOCAL;
    }
    let first = inside.split('/').next().unwrap_or_default();
    first.strip_suffix(".rs").unwrap_or(first)
}

fn is_allowed(from: &str, path: &str, rooms: &[&str]) -> bool {
    let room = path.split("::").next().unwrap_or_default();
    let exception = EXCEPTIONS.iter().any(|(who, what, _)| {
        *who == from && (path == *what || path.starts_with(&format!("{what}::")))
    });
    rooms.contains(&room) || exception
}

#[test]
fn the_domain_is_pure() {
    let sources = files("shared/src/domain", ".rs").unwrap();
    assert!(sources.len() > 10, "the domain has moved");
    for source in sources {
        let code = source.code();
        for impure in IMPURE {
            assert!(!code.contains(impure), "{} has `{impure}`", source.path);
        }
    }
}

#[test]
fn imports_run_one_way() {
    let rooms = BTreeMap::from(ROOMS);
    let known: Vec<&str> = rooms.keys().copied().collect();
    let mut seen = 0;
    for source in files("shared/src", ".rs").unwrap() {
        let room = room_of(&source);
        if room == "lib" {
            continue;
        }
        let allowed = rooms
            .get(room)
            .unwrap_or_else(|| panic!("{} is in no known room", source.path));
        for path in source.imports("crate") {
            let target = path.split("::").next().unwrap_or_default();
            if known.contains(&target) {
                seen += 1;
                assert!(
                    is_allowed(room, &path, allowed),
                    "{} imports {path}",
                    source.path
                );
            }
        }
    }
    assert!(seen > 100, "imports are not read any more: {seen}");
}

#[test]
fn functions_use_the_edge_and_the_use_cases() {
    let sources = files("functions", ".rs").unwrap();
    assert!(sources.len() > 10, "the functions have moved");
    // A function's tests look wherever they must.
    for source in sources
        .iter()
        .filter(|source| !source.path.contains("tests"))
    {
        for path in source.imports("numberline") {
            let allowed = is_allowed("functions", &path, &FUNCTIONS_USE);
            assert!(allowed, "{} imports {path}", source.path);
        }
    }
}

#[test]
fn functions_do_not_depend_on_each_other() {
    let manifests = files("functions", "Cargo.toml").unwrap();
    let names: Vec<&str> = manifests
        .iter()
        .filter_map(|manifest| manifest.path.split('/').nth(1))
        .collect();
    assert!(names.len() >= 13, "{names:?}");
    for manifest in &manifests {
        // Above them stands the package, and `publish` is a field of it, too.
        let (_, dependencies) = manifest.text.split_once("[dependencies]").unwrap();
        for name in &names {
            let depends = dependencies.lines().any(|line| {
                let key = line.split(['=', '.']).next().unwrap_or_default();
                key.trim() == *name
            });
            assert!(!depends, "{} depends on {name}", manifest.path);
        }
    }
}

#[test]
fn only_the_composition_names_a_carrier() {
    for source in files("shared/src", ".rs").unwrap() {
        let adapter = source.path.starts_with("shared/src/carrier/signalwire");
        if adapter || room_of(&source) == "edge" {
            continue;
        }
        let local = source.imports("crate");
        let mut local = local
            .iter()
            .filter(|path| path.starts_with("carrier::local::"));
        assert!(
            room_of(&source) == LOCAL || local.next().is_none(),
            "{} names a carrier",
            source.path
        );
        let code = source.code().replace("pub mod signalwire;", "");
        let named = code.to_lowercase().contains("signalwire");
        assert!(!named, "{} names a carrier", source.path);
    }
    for source in files("functions", ".rs").unwrap() {
        let named = ["signalwire::", "local::"];
        let named = named.iter().any(|name| source.code().contains(name));
        let told = source.path.contains("tests") || !named;
        assert!(told, "{} names a carrier", source.path);
    }
}

#[test]
fn files_are_short() {
    for source in files(".", ".rs").unwrap() {
        let lines = source.text.lines().count();
        assert!(lines < LINES_MAX, "{} has {lines} lines", source.path);
    }
}

#[test]
fn exceptions_are_still_needed() {
    for (from, path, why) in EXCEPTIONS {
        let (folder, krate) = match from {
            "functions" => ("functions".to_owned(), "numberline"),
            room => (format!("shared/src/{room}"), "crate"),
        };
        let sources = files(&folder, ".rs").unwrap();
        let used = sources
            .iter()
            .any(|source| source.imports(krate).contains(path));
        assert!(used, "{from} needs {path} no more ({why})");
    }
}
