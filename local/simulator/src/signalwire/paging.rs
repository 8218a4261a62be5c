//! Pages of a list, newest first, with tokens that stay good while the list
//! grows.
//!
//! A token names the last thing seen, not an offset, so a page never repeats
//! or skips what was there when the walk began. Beyond page 0 it is mandatory.

use super::{params::Params, refusal::Refusal, route::Dialect};
use http::StatusCode;

/// 50 when nothing is said, 1000 at most, in both APIs.
const SIZE_DEFAULT: usize = 50;
const SIZE_MAX: usize = 1000;

/// Names of the paging parameters.
pub(super) const NATIVE: [&str; 3] = ["page_number", "page_size", "page_token"];
pub(super) const LAML: [&str; 3] = ["Page", "PageSize", "PageToken"];

/// Which page is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) page: usize,
    pub(super) size: usize,
    /// Only what is older than this.
    before: Option<u64>,
}

impl Wanted {
    pub(super) fn read(params: &Params, dialect: Dialect) -> Result<Self, Refusal> {
        let [number, size, token] = if dialect == Dialect::Laml {
            LAML
        } else {
            NATIVE
        };
        let page = match params.get(number) {
            None => 0,
            Some(text) => text
                .parse()
                .map_err(|_| refusal("invalid_parameter", 10000, number))?,
        };
        let size = match params.get(size) {
            None => SIZE_DEFAULT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| (1..=SIZE_MAX).contains(size))
                .ok_or_else(|| refusal("invalid_parameter", 54454, size))?,
        };
        let before = match params.filled(token) {
            Some(text) => {
                let seq = seq_of(text);
                Some(seq.ok_or_else(|| refusal("page_token_is_invalid", 21481, token))?)
            }
            None if page > 0 => return Err(refusal("page_token_required", 54453, token)),
            None => None,
        };
        Ok(Self { page, size, before })
    }
}

fn refusal(code: &'static str, laml: u32, field: &str) -> Refusal {
    let message = format!("`{field}` is missing or invalid");
    let refusal = Refusal::invalid(code, laml, &message).about(field);
    // The Compatibility spec lists 400 and not 422 for lists.
    if field.starts_with("Page") {
        refusal.status(StatusCode::BAD_REQUEST)
    } else {
        refusal
    }
}

fn token_of(seq: u64) -> String {
    format!("PA00000000-0000-4000-8000-{seq:012x}")
}

fn seq_of(token: &str) -> Option<u64> {
    let seq = token.strip_prefix("PA00000000-0000-4000-8000-")?;
    u64::from_str_radix(seq, 16)
        .ok()
        .filter(|_| seq.len() == 12)
}

/// The page before a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Previous {
    /// There is none.
    None,
    /// The first page, which needs no token.
    First,
    /// The page of what is older than this.
    Before(u64),
}

/// One page, and where its neighbours are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    wanted: Wanted,
    next: Option<u64>,
    previous: Previous,
}

impl<T> Page<T> {
    /// Cuts the page out of the whole list, which is newest first and carries
    /// each thing's place in time.
    pub(super) fn cut(list: Vec<(u64, T)>, wanted: Wanted) -> Self {
        let seqs: Vec<u64> = list.iter().map(|(seq, _)| *seq).collect();
        let start = wanted
            .before
            .map_or(0, |before| seqs.partition_point(|seq| *seq >= before));
        let end = start.saturating_add(wanted.size).min(seqs.len());
        let items = list
            .into_iter()
            .skip(start)
            .take(wanted.size)
            .map(|(_, item)| item)
            .collect();
        let next = (end < seqs.len())
            .then(|| end.checked_sub(1).and_then(|last| seqs.get(last)).copied())
            .flatten();
        let previous = if wanted.page == 0 {
            Previous::None
        } else {
            let start = start.saturating_sub(wanted.size);
            let newer = start.checked_sub(1).and_then(|place| seqs.get(place));
            newer.map_or(Previous::First, |seq| Previous::Before(*seq))
        };
        Self {
            items,
            wanted,
            next,
            previous,
        }
    }

    /// The links of this page, built on `path` and the other parameters.
    pub(super) fn links(&self, path: &str, params: &Params, dialect: Dialect) -> Links {
        let link = |page: usize, before: Option<u64>| {
            let names = if dialect == Dialect::Laml {
                LAML
            } else {
                NATIVE
            };
            let [number, size, token] = names;
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair(number, &page.to_string());
            query.append_pair(size, &self.wanted.size.to_string());
            if let Some(before) = before {
                query.append_pair(token, &token_of(before));
            }
            query.extend_pairs(params.others(&names));
            format!("{path}?{}", query.finish())
        };
        Links {
            current: link(self.wanted.page, self.wanted.before),
            first: link(0, None),
            next: self.next.map(|seq| link(self.wanted.page + 1, Some(seq))),
            previous: match self.previous {
                Previous::None => None,
                Previous::First => Some(link(0, None)),
                Previous::Before(seq) => Some(link(self.wanted.page.saturating_sub(1), Some(seq))),
            },
        }
    }

    pub(super) const fn wanted(&self) -> Wanted {
        self.wanted
    }
}

/// Links, relative to the Space's host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Links {
    pub(super) current: String,
    pub(super) first: String,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(newest: u64) -> Vec<(u64, u64)> {
        (1..=newest).rev().map(|seq| (seq, seq)).collect()
    }

    fn wanted(page: usize, size: usize, before: Option<u64>) -> Wanted {
        Wanted { page, size, before }
    }

    #[test]
    fn a_walk_sees_everything_once() {
        let (mut seen, mut before, mut page) = (Vec::<u64>::new(), None, 0);
        loop {
            let cut = Page::cut(list(7), wanted(page, 3, before));
            seen.extend(&cut.items);
            before = cut.next;
            page += 1;
            assert!(page < 10, "the walk does not end");
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(page, 3);
    }

    #[test]
    fn a_full_last_page_has_no_next() {
        assert_eq!(Page::cut(list(6), wanted(1, 3, Some(4))).next, None);
        assert_eq!(Page::cut(list(0), wanted(0, 3, None)).next, None);
    }

    #[test]
    fn what_is_bought_during_the_walk_does_not_move_the_pages() {
        let first = Page::cut(list(4), wanted(0, 2, None));
        let second = Page::cut(list(6), wanted(1, 2, first.next));
        assert_eq!(second.items, [2, 1]);
    }

    #[test]
    fn the_way_back_ends_at_a_first_page_without_token() {
        let third = Page::cut(list(9), wanted(2, 3, Some(4)));
        assert_eq!(third.previous, Previous::Before(7));
        let second = Page::cut(list(9), wanted(1, 3, Some(7)));
        assert_eq!(second.previous, Previous::First);
        assert_eq!(
            Page::cut(list(9), wanted(0, 3, None)).previous,
            Previous::None
        );
    }

    #[test]
    fn tokens_are_read_back_and_others_are_not() {
        assert_eq!(seq_of(&token_of(77)), Some(77));
        for token in ["PA77", "77", "PA00000000-0000-4000-8000-xyz", ""] {
            assert_eq!(seq_of(token), None, "{token}");
        }
    }
}
