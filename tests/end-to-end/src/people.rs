//! Finding people who are new to the stack, so that a story can be told again on the same one.

use anyhow::{Result, bail};

use crate::{Client, Stack};

/// Asked at a time: each question starts a process on the local stack.
const AT_ONCE: usize = 4;

impl Stack {
    /// So many people who are in no workspace: first those preferred, then guests.
    pub async fn newcomers(&self, preferred: &[&str], count: usize) -> Result<Vec<String>> {
        let users = self.description.identity.users.keys();
        let guests = users.filter(|name| name.starts_with("guest"));
        let names: Vec<&str> = preferred
            .iter()
            .copied()
            .chain(guests.map(String::as_str))
            .collect();
        let mut found = Vec::new();
        for some in names.chunks(AT_ONCE) {
            for (name, is_new) in some.iter().zip(self.are_new(some).await?) {
                if is_new {
                    found.push((*name).to_owned());
                }
            }
            if found.len() >= count {
                found.truncate(count);
                return Ok(found);
            }
        }
        bail!(
            "everybody is in a workspace already: `cargo xtask stop`, then `cargo xtask run --detach` begins anew"
        )
    }

    async fn are_new(&self, names: &[&str]) -> Result<Vec<bool>> {
        let asked: Vec<_> = names
            .iter()
            .map(|name| Ok(tokio::spawn(is_new(self.person(name)?))))
            .collect::<Result<_>>()?;
        let mut answers = Vec::new();
        for answer in asked {
            answers.push(answer.await??);
        }
        Ok(answers)
    }
}

async fn is_new(person: Client) -> Result<bool> {
    Ok(person.me().await?.workspaces.is_empty())
}
