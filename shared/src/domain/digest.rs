//! Names computed from what they name.

use sha2::{Digest, Sha256};

/// 128 bits of the parts' SHA-256, each part preceded by its length so that no
/// two lists of parts read the same.
pub(crate) fn digest(parts: &[&str]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bits: [u8; 32] = hash.finalize().into();
    u128::from_be_bytes(bits.first_chunk().copied().unwrap_or_default())
}

/// Bytes as hex, in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{digest, hex};

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
    }

    #[test]
    fn hex_keeps_its_zeros() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
