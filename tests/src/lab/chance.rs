//! Chance that comes out the same every time.

use std::sync::atomic::{AtomicU64, Ordering};

use numberline::chance::Chance;

/// Draws from a seed: the same world draws the same bits in the same order.
#[derive(Debug)]
pub struct SeededChance(AtomicU64);

impl SeededChance {
    /// Chance that begins at `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// One step of `SplitMix64` (Steele, Lea and Flood, 2014): every state once.
    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.0.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Chance for SeededChance {
    fn draw(&self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }
}
