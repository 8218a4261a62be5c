//! How much one request may ask for.

/// Available numbers shown when nothing is said (N1 in `docs/features.md`).
pub const SEARCH_DEFAULT: u8 = 10;
/// Available numbers one search may ask for.
pub const SEARCH_MAX: u8 = 50;
/// Area codes asked near one that has nothing, side by side.
pub const NEARBY_ASKED: usize = 6;
/// Area codes shown of those, the nearest that have something.
pub const NEARBY_SHOWN: usize = 3;
/// Numbers shown of each.
pub const NEARBY_NUMBERS: u8 = 5;
/// Area codes that an automatic order falls back on.
pub const FALLBACK_MAX: usize = 8;
/// Things on a page when nothing is said.
pub const PAGE_DEFAULT: u8 = 20;
/// Things on a page at most.
pub const PAGE_MAX: u8 = 100;
/// Workspaces one identity may found.
pub const FOUNDED_MAX: u32 = 3;
/// Longest idempotency key, in characters.
pub const KEY_MAX: usize = 255;
/// How often a request reads again after meeting others on the same workspace.
pub const PLACE_TRIES: u32 = 8;
