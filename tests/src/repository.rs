//! The repository as files, and what imports what.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// A source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where, from the repository's root.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below `folder` whose name ends in `ending`, build output left out.
pub fn files(folder: &str, ending: &str) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found)?;
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Source>) -> Result<()> {
    const LEFT_OUT: [&str; 4] = ["target", "node_modules", ".git", "dist"];
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            if !LEFT_OUT.contains(&name) {
                collect(&path, ending, found)?;
            }
        } else if name.ends_with(ending) {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let path = path.strip_prefix(root()).unwrap_or(&path);
            let path = path.display().to_string();
            found.push(Source { path, text });
        }
    }
    Ok(())
}

impl Source {
    /// The file without its comments.
    #[must_use]
    pub fn code(&self) -> String {
        let lines = self.text.lines().map(|line| match line.find("//") {
            // Not the slashes of a URL.
            Some(place)
                if !line
                    .get(..place)
                    .is_some_and(|before| before.ends_with(':')) =>
            {
                line.get(..place).unwrap_or_default()
            }
            Some(_) | None => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Every path that begins with `krate::`, written out: `crate::{a::B, c}` is
    /// `a::B` and `c`.
    #[must_use]
    pub fn imports(&self, krate: &str) -> BTreeSet<String> {
        let code = self.code();
        let marker = format!("{krate}::");
        let mut paths = BTreeSet::new();
        for (place, _) in code.match_indices(&marker) {
            let before = code.get(..place).and_then(|before| before.chars().last());
            let begins = before.is_none_or(|before| !is_word(before) && before != ':');
            if begins && let Some(rest) = code.get(place + marker.len()..) {
                paths.extend(written_out(rest));
            }
        }
        paths
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The paths that the use tree at the beginning of `text` stands for.
fn written_out(text: &str) -> Vec<String> {
    let text = text.trim_start();
    if let Some(inside) = text.strip_prefix('{') {
        return branches(inside)
            .iter()
            .flat_map(|branch| written_out(branch))
            .collect();
    }
    let name: String = text.chars().take_while(|letter| is_word(*letter)).collect();
    if name.is_empty() {
        return Vec::new();
    }
    let rest = text.get(name.len()..).unwrap_or_default();
    let below = rest.strip_prefix("::").map(written_out).unwrap_or_default();
    if below.is_empty() {
        return vec![name];
    }
    below.iter().map(|path| format!("{name}::{path}")).collect()
}

/// The branches of a use tree, up to the brace that closes it.
fn branches(inside: &str) -> Vec<String> {
    let mut branches = vec![String::new()];
    let mut depth = 0_u32;
    for letter in inside.chars() {
        match (letter, depth) {
            ('}', 0) => break,
            (',', 0) => {
                branches.push(String::new());
                continue;
            }
            ('{', _) => depth += 1,
            ('}', _) => depth -= 1,
            _ => {}
        }
        if let Some(branch) = branches.last_mut() {
            branch.push(letter);
        }
    }
    branches
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn source(text: &str) -> Source {
        Source {
            path: String::new(),
            text: text.to_owned(),
        }
    }

    fn imports(text: &str) -> Vec<String> {
        source(text).imports("crate").into_iter().collect()
    }

    #[test]
    fn use_trees_are_written_out() {
        let text = "use crate::{\n    app::{self, Base, send::{Post, Text}},\n    store,\n};";
        let expected = [
            "app::Base",
            "app::self",
            "app::send::Post",
            "app::send::Text",
            "store",
        ];
        assert_eq!(imports(text), expected);
        assert_eq!(
            imports("let x = crate::edge::aws::config();"),
            ["edge::aws::config"]
        );
    }

    #[test]
    fn other_crates_and_comments_are_not_imports() {
        assert!(imports("// use crate::store;\nuse other_crate::store;").is_empty());
        assert_eq!(imports("let url = \"https://x\"; crate::a();"), ["a"]);
    }
}
