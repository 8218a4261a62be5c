//! `docs/features.md` names tests that exist.

#![expect(
    clippy::unwrap_used,
    reason = "a repository that cannot be read fails its test"
)]

use std::{collections::BTreeSet, fs};

use numberline_tests::repository::{Source, files, root};
use syn::{ItemFn, Macro, visit::Visit};

/// The column that names tests.
const COLUMN: &str = "shown by";

/// The cells of a table's row.
fn cells(row: &str) -> Vec<&str> {
    row.trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect()
}

/// Names in backticks.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Every row of a table with a column of tests: its first cell, and the tests.
fn features(page: &str) -> Vec<(String, Vec<String>)> {
    let mut column = None;
    let mut features = Vec::new();
    for line in page.lines() {
        if !line.trim_start().starts_with('|') {
            column = None;
            continue;
        }
        let cells = cells(line);
        if let Some(place) = cells.iter().position(|cell| *cell == COLUMN) {
            column = Some(place);
            continue;
        }
        let shown_by = column.and_then(|place| cells.get(place).copied());
        if let (Some(shown_by), Some(feature)) = (shown_by, cells.first())
            && !shown_by.starts_with("--")
        {
            let tests = named(shown_by).map(str::to_owned).collect();
            features.push(((*feature).to_owned(), tests));
        }
    }
    features
}

/// Titles of web tests: what stands in quotes after `test(` or `it(`.
fn titles(code: &str) -> BTreeSet<String> {
    let called = ["test(", "it("]
        .into_iter()
        .flat_map(|call| code.split(call).skip(1));
    let quoted = called.filter_map(|rest| {
        let quote = rest
            .chars()
            .next()
            .filter(|letter| "'\"`".contains(*letter))?;
        rest.get(1..)?.split(quote).next().map(str::to_owned)
    });
    quoted.collect()
}

/// The tests of a Rust file that are run: functions marked as one and not ignored.
#[derive(Default)]
struct Tests(BTreeSet<String>);

impl<'ast> Visit<'ast> for Tests {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let marks = function.attrs.iter();
        let marks: Vec<String> = marks
            .filter_map(|mark| Some(mark.path().segments.last()?.ident.to_string()))
            .collect();
        let marked = |name: &str| marks.iter().any(|mark| mark == name);
        if marked("test") && !marked("ignore") {
            self.0.insert(function.sig.ident.to_string());
        }
        syn::visit::visit_item_fn(self, function);
    }

    /// What `proptest!` makes tests of is no Rust by itself.
    fn visit_macro(&mut self, called: &'ast Macro) {
        if called.path.is_ident("proptest") {
            let code: String = called.tokens.to_string();
            self.0.extend(marked_in(&code));
        }
    }
}

/// Functions in `code` that are marked as tests and not ignored.
fn marked_in(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pieces = code.split("fn ");
    let mut before = pieces.next().unwrap_or_default();
    for piece in pieces {
        let marks = before.rsplit(['}', ';']).next().unwrap_or_default();
        let marks: String = marks.split_whitespace().collect();
        let name = piece.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        if let (true, false, Some(name)) = (
            marks.contains("#[test]"),
            marks.contains("#[ignore"),
            name.into_iter().next(),
        ) {
            found.insert(name.to_owned());
        }
        before = piece;
    }
    found
}

fn tests_of(source: &Source) -> BTreeSet<String> {
    let mut tests = Tests::default();
    let file = syn::parse_file(&source.text);
    assert!(file.is_ok(), "{} cannot be read", source.path);
    tests.visit_file(&file.unwrap());
    tests.0
}

/// The promises that `carrier_contract!` makes tests of, for every carrier.
fn promises_of_carriers() -> BTreeSet<String> {
    let contract = root().join("shared/src/carrier/contract/mod.rs");
    let contract = fs::read_to_string(contract).unwrap();
    let (_, rules) = contract
        .split_once("macro_rules! carrier_contract")
        .unwrap();
    let (_, list) = rules.split_once("@tests $scene;").unwrap();
    let (list, _) = list.split_once('}').unwrap();
    let promises = list.split(',').map(str::trim);
    let promises = promises.filter(|promise| !promise.is_empty());
    promises.map(str::to_owned).collect()
}

fn known_tests() -> BTreeSet<String> {
    let mut known = promises_of_carriers();
    let sources = files(".", ".rs").unwrap();
    for source in sources.iter().filter(|source| source.text.contains("test")) {
        known.extend(tests_of(source));
    }
    for ending in [
        ".test.ts",
        ".spec.ts",
        ".test.js",
        ".spec.js",
        ".test.mjs",
        ".spec.mjs",
    ] {
        for source in files(".", ending).unwrap() {
            known.extend(titles(&source.text));
        }
    }
    known
}

#[test]
fn every_feature_is_shown_by_tests_that_exist() {
    let page = root().join("docs/features.md");
    let page = fs::read_to_string(page).expect("docs/features.md must exist");
    let features = features(&page);
    assert!(
        features.len() >= 15,
        "only {} features are read",
        features.len()
    );
    let known = known_tests();
    let mut missing = Vec::new();
    for (feature, tests) in features {
        if tests.is_empty() {
            missing.push(format!("{feature} names no test"));
        }
        let unknown = tests.iter().filter(|test| !known.contains(*test));
        missing.extend(unknown.map(|test| format!("{feature} names `{test}`")));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn rows_are_read_from_the_column_of_tests() {
    let page = "| id | you can | shown by |\n|---|---|---|\n| N1 | `x` | `a_test` `b` |\n\n| no | test |\n";
    let expected = vec![("N1".to_owned(), vec!["a_test".to_owned(), "b".to_owned()])];
    assert_eq!(features(page), expected);
    assert_eq!(
        titles("test('buys a number', () => {}); it(\"texts\", f)").len(),
        2
    );
}

#[test]
fn a_helper_and_an_ignored_test_show_nothing() {
    let text = r#"
        fn helper() {}
        #[test] fn one() { fn inner() {} }
        mod tests {
            #[tokio::test(flavor = "multi_thread")] async fn two() {}
            #[test] #[ignore = "later"] fn ignored() {}
            proptest! {
                #[test] fn three(x in 0..3) { helper(); }
                #[test] #[ignore] fn ignored_too(x in 0..3) { helper(); }
                fn helper_too(x in 0..3) {}
            }
        }
    "#;
    let source = Source {
        path: "text".to_owned(),
        text: text.to_owned(),
    };
    let found = tests_of(&source);
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["one", "three", "two"]
    );
}
