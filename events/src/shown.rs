//! Texts as snapshots show them: what a run made up is left out, what the cast has
//! fixed stays.

use serde_json::Value;

/// Kinds of identifiers, by their prefix.
const PREFIXES: [&str; 6] = ["ws_", "ord_", "num_", "msg_", "cnv_", "mem_"];

/// Length of an identifier after its prefix.
const BODY: usize = 26;

/// How identifiers of the cast go on after their prefix.
const FIXED: &str = "00000000000000000000";

/// `text` with new identifiers, times of the run and numbers out of the
/// simulator's stock left out. A path is shown segment by segment.
#[must_use]
pub fn shown(text: &str) -> String {
    let segments: Vec<String> = text.split('/').map(segment).collect();
    segments.join("/")
}

fn segment(text: &str) -> String {
    if let Some(prefix) = PREFIXES.into_iter().find(|prefix| text.starts_with(prefix)) {
        let body = text.strip_prefix(prefix).unwrap_or_default();
        if body.len() == BODY && !body.starts_with(FIXED) {
            return format!("{prefix}*");
        }
    }
    if is_time(text) && !text.ends_with(":00.000Z") {
        return "*".to_owned();
    }
    match text.parse::<numberline::domain::E164>() {
        Ok(number) if !number.as_str().contains("55501") => "+1*".to_owned(),
        Ok(_) | Err(_) => text.to_owned(),
    }
}

fn is_time(text: &str) -> bool {
    text.ends_with('Z') && text.parse::<numberline::domain::Timestamp>().is_ok()
}

/// Every text of a JSON value as [`shown`]; the display of a number that is left
/// out goes with it.
pub(crate) fn shown_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = shown(text),
        Value::Array(items) => items.iter_mut().for_each(shown_value),
        Value::Object(fields) => {
            fields.values_mut().for_each(shown_value);
            let left_out = fields.get("number").and_then(Value::as_str) == Some("+1*");
            if let (true, Some(display)) = (left_out, fields.get_mut("display")) {
                *display = Value::from("*");
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
