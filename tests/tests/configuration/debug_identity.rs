//! The caller that a debug build takes from the environment, and no other build.

use numberline_tests::repository::files;

#[test]
fn only_debug_builds_know_the_debug_identity() {
    let mut named = 0;
    for source in files("shared/src", ".rs").unwrap() {
        let code = source.code();
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        for pair in lines.windows(2) {
            if pair[1].contains("debug_identity") {
                named += 1;
                let path = &source.path;
                assert_eq!(pair[0], "#[cfg(debug_assertions)]", "{path}: {}", pair[1]);
            }
        }
    }
    assert_eq!(named, 2, "once as a module, once where callers are read");
}
