//! A table as text: lines in order, searched without being parsed.

/// Lines that are sorted by their beginnings, which are all of one length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table(&'static str);

impl Table {
    pub(super) const fn new(text: &'static str) -> Self {
        Self(text)
    }

    pub(super) fn lines(self) -> impl Iterator<Item = &'static str> {
        self.0.lines()
    }

    /// The last line that begins with `key` or with less.
    pub(super) fn at_or_before(self, key: &str) -> Option<&'static str> {
        let (mut low, mut high) = (0, self.0.len());
        let mut found = None;
        while low < high {
            let middle = low + (high - low) / 2;
            let before = self.0.get(low..middle)?;
            let after = self.0.get(middle..high)?;
            let start = before.rfind('\n').map_or(low, |at| low + at + 1);
            let end = after.find('\n').map_or(high, |at| middle + at);
            let line = self.0.get(start..end)?;
            if line.get(..key.len())? <= key {
                found = Some(line);
                low = end + 1;
            } else {
                high = start;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[track_caller]
    fn check(text: &'static str, key: &str, expected: Option<&str>) {
        assert_eq!(Table::new(text).at_or_before(key), expected, "{key}");
    }

    #[test]
    fn the_line_at_or_before_a_key_is_found() {
        let lines = "20 a\n30 longer than the others\n40\n55 d\n";
        check(lines, "19", None);
        check(lines, "20", Some("20 a"));
        check(lines, "29", Some("20 a"));
        check(lines, "30", Some("30 longer than the others"));
        check(lines, "39", Some("30 longer than the others"));
        check(lines, "40", Some("40"));
        check(lines, "54", Some("40"));
        check(lines, "99", Some("55 d"));
        check("", "10", None);
        check("10", "10", Some("10"));
    }
}
