//! Texts as snapshots show them: what a run made up is left out, what the cast has
//! fixed stays.

use serde_json::Value;

/// Kinds of identifiers, by their prefix.
const PREFIXES: [&str; 8] = [
    "ws_", "ord_", "num_", "msg_", "cnv_", "cll_", "mem_", "chg_",
];

/// Length of an identifier after its prefix.
const BODY: usize = 26;

/// How identifiers of the cast go on after their prefix.
const FIXED: &str = "00000000000000000000";

/// What fits a line, in characters.
const LINE: usize = 100;

/// `text` with new identifiers and times of the run left out. A path is shown
/// segment by segment.
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
    let is_time = text.parse::<numberline::domain::Timestamp>().is_ok();
    if is_time && !text.ends_with(":00.000Z") {
        return "*".to_owned();
    }
    text.to_owned()
}

/// A JSON value with its texts as [`shown`], and broken only where it does not fit a line.
#[must_use]
pub(crate) fn shown_json(value: &Value) -> String {
    let mut value = value.clone();
    leave_out(&mut value);
    let mut lines = String::new();
    write(&value, 0, &mut lines);
    lines
}

fn leave_out(value: &mut Value) {
    match value {
        Value::String(text) => *text = shown(text),
        Value::Array(items) => items.iter_mut().for_each(leave_out),
        Value::Object(fields) => fields.values_mut().for_each(leave_out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn write(value: &Value, indent: usize, to: &mut String) {
    let on_one_line = value.to_string();
    let parts: Vec<(String, &Value)> = match value {
        _ if indent + on_one_line.len() <= LINE => Vec::new(),
        Value::Array(items) => items.iter().map(|item| (String::new(), item)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(name, value)| (format!("{name:?}: "), value))
                .collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    if parts.is_empty() {
        to.push_str(&on_one_line);
        return;
    }
    let (open, close) = if value.is_array() {
        ('[', ']')
    } else {
        ('{', '}')
    };
    let inner = indent + 2;
    to.push(open);
    for (place, (name, part)) in parts.iter().enumerate() {
        to.push_str(if place == 0 { "\n" } else { ",\n" });
        to.push_str(&" ".repeat(inner));
        to.push_str(name);
        write(part, inner, to);
    }
    to.push('\n');
    to.push_str(&" ".repeat(indent));
    to.push(close);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{shown, shown_json};

    #[test]
    fn what_a_run_made_up_is_left_out() {
        for (text, expected) in [
            (
                "ord_00000000000000000000000003",
                "ord_00000000000000000000000003",
            ),
            (
                "/api/orders/ord_01m7yb1br00000000000000007",
                "/api/orders/ord_*",
            ),
            ("2026-11-21T05:58:00.000Z", "2026-11-21T05:58:00.000Z"),
            ("2026-11-21T06:00:00.015Z", "*"),
            ("ord_er now", "ord_er now"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn values_are_broken_where_they_do_not_fit_a_line() {
        assert_eq!(shown_json(&json!({ "a": [1, {}] })), r#"{"a":[1,{}]}"#);
        let long = "x".repeat(80);
        let value = json!({ "items": [{ "a": long, "b": long }] });
        let lines: Vec<usize> = shown_json(&value).lines().map(str::len).collect();
        assert!(lines.iter().all(|length| *length <= 100), "{lines:?}");
        assert_eq!(shown_json(&json!([long])).lines().count(), 1);
    }
}
