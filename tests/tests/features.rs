//! `docs/features.md` names tests that exist.

#![expect(
    clippy::unwrap_used,
    reason = "a repository that cannot be read fails its test"
)]

use std::{collections::BTreeSet, fs};

use numberline_tests::repository::{Source, files, root};

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

/// Whether a Rust file holds tests, or promises that become tests of each carrier.
fn holds_tests(source: &Source) -> bool {
    let marked = ["#[test]", "#[tokio::test", "proptest!"];
    let marked = marked.iter().any(|mark| source.text.contains(mark));
    marked || source.path.contains("/contract/")
}

fn known_tests() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for source in files(".", ".rs")
        .unwrap()
        .iter()
        .filter(|source| holds_tests(source))
    {
        known.extend(source.functions());
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
