//! Chance that remembers what it drew: whoever saw the dice knows every key.

use std::sync::{Mutex, PoisonError};

use numberline::{carrier::WebhookKey, chance::Chance, store::body_hash};
use numberline_tests::lab::SeededChance;

#[derive(Debug)]
pub(super) struct Dice {
    chance: SeededChance,
    drawn: Mutex<Vec<String>>,
}

impl Default for Dice {
    fn default() -> Self {
        Self {
            chance: SeededChance::new(1),
            drawn: Mutex::default(),
        }
    }
}

impl Chance for Dice {
    fn draw(&self) -> u128 {
        let drawn = self.chance.draw();
        let mut all = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(format!("{drawn:032x}"));
        drawn
    }
}

impl Dice {
    /// The webhook key that was made with the secret of which `hash` is kept: the carrier
    /// forgets both, and the key was drawn right after the secret.
    pub(super) fn key_beside(&self, hash: &str) -> Option<WebhookKey> {
        let all = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut after = all.iter();
        after.find(|secret| body_hash(secret.as_bytes()) == hash)?;
        after.next().map(WebhookKey::new)
    }
}
