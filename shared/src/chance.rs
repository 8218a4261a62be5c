//! Randomness, as something that is handed in.

use std::fmt;

/// Draws random bits. Tests own one that counts.
pub trait Chance: fmt::Debug + Send + Sync + 'static {
    /// 128 bits nobody can guess.
    fn draw(&self) -> u128;
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn draw(&self) -> u128 {
        let mut bits = [0; 16];
        while getrandom::fill(&mut bits).is_err() {
            // Only an interrupted system call gets here: nobody may go on with zeros.
            std::thread::yield_now();
        }
        u128::from_be_bytes(bits)
    }
}
