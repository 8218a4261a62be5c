//! What an owned number does with calls and messages.
//!
//! Kept under the native names; the Compatibility API sees the part of them
//! it has names for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    params::{Fields, Params},
    refusal::Refusal,
};

mod table;

use table::{Member, TABLE};

/// The native names a number can be configured with.
pub(super) fn native_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|member| member.native)
}

/// The Compatibility names a number can be configured with.
pub(super) fn laml_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter_map(|member| member.laml)
}

/// Members to be changed.
pub(super) type Changes = BTreeMap<&'static str, Option<String>>;

/// Where a number's calls and messages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Routing {
    members: Changes,
}

impl Default for Routing {
    /// As a number is right after a purchase: Compatibility handlers without URLs.
    fn default() -> Self {
        let start = |member: &Member| (member.native, member.start.map(str::to_owned));
        Self {
            members: TABLE.iter().map(start).collect(),
        }
    }
}

impl Routing {
    pub(super) fn text(&self, native: &str) -> Option<&str> {
        self.members.get(native)?.as_deref()
    }

    /// The member as it is sent: a text or `null`.
    pub(super) fn value(&self, native: &str) -> Value {
        self.text(native).map_or(Value::Null, Value::from)
    }

    pub(super) fn change(&mut self, changes: Changes) {
        self.members.extend(changes);
    }
}

/// The changes in a native request.
pub(super) fn native_changes(fields: &Fields) -> Result<Changes, Refusal> {
    let mut changes = Changes::new();
    for member in &TABLE {
        if fields.members.contains_key(member.native) {
            let text = fields.text(member.native)?.unwrap_or_default();
            changes.insert(member.native, member.read(member.native, text)?);
        }
    }
    Ok(changes)
}

/// The changes in a Compatibility request. A voice or message URL also makes
/// the number answer with cXML, as there is no other handler in that API.
pub(super) fn laml_changes(form: &Params) -> Result<Changes, Refusal> {
    let mut changes = Changes::new();
    for member in &TABLE {
        let Some((name, text)) = member.laml.and_then(|name| Some((name, form.get(name)?))) else {
            continue;
        };
        changes.insert(member.native, member.read(name, text)?);
        let handler = match member.native {
            "call_request_url" => "call_handler",
            "message_request_url" => "message_handler",
            _ => continue,
        };
        changes.insert(handler, Some("laml_webhooks".to_owned()));
    }
    Ok(changes)
}
