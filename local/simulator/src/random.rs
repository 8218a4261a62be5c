//! Made-up identifiers and secrets that are the same in every run of a seed.

/// `SplitMix64`: a seed in, a fixed sequence out. Not for keeping secrets; the
/// secrets made here protect nothing but a simulator.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Whether a lot out of a hundred is one of the first `percent`.
    pub(crate) fn below(&mut self, percent: u8) -> bool {
        self.draw() % 100 < u64::from(percent)
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let high = self.draw() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000;
        let low = self.draw() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xFFFF,
            high & 0xFFFF,
            low >> 48,
            low & 0xFFFF_FFFF_FFFF
        )
    }

    /// 48 hexadecimal digits behind a prefix.
    pub(crate) fn secret(&mut self, prefix: &str) -> String {
        let (a, b, c) = (self.draw(), self.draw(), self.draw());
        format!("{prefix}{a:016x}{b:016x}{c:016x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_identifiers_every_time() {
        let (mut one, mut other) = (Random::new(7), Random::new(7));
        assert_eq!(one.uuid(), other.uuid());
        assert_eq!(one.secret("PT"), other.secret("PT"));
        assert_ne!(one.uuid(), Random::new(8).uuid());
    }

    #[test]
    fn identifiers_look_like_version_4_uuids() {
        let mut random = Random::new(1);
        for _ in 0..100 {
            let id = random.uuid();
            assert_eq!(id.len(), 36);
            assert_eq!(id.as_bytes()[14], b'4');
            assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
        }
    }
}
