//! The key service: a ciphertext opens only under the context it was sealed with.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// What a secret is sealed for.
pub type Context = BTreeMap<String, String>;

/// A key that keeps the secrets itself: the ciphertext says nothing about them.
#[derive(Debug, Default)]
pub struct Keys(Mutex<Vec<(Context, String)>>);

impl Keys {
    /// Seals `plaintext` (as it travels, in base64) under `context`.
    pub fn seal(&self, context: Context, plaintext: &str) -> String {
        let mut sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sealed.push((context, plaintext.to_owned()));
        format!("sealed-{:06}", sealed.len())
    }

    /// Opens `ciphertext`, if `context` is the one it was sealed under.
    pub fn open(&self, context: &Context, ciphertext: &str) -> Option<String> {
        let place: usize = ciphertext.strip_prefix("sealed-")?.parse().ok()?;
        let sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (bound, plaintext) = sealed.get(place.checked_sub(1)?)?;
        (bound == context).then(|| plaintext.clone())
    }

    /// Everything that was ever sealed, as it travelled: what must not be found
    /// anywhere else.
    pub fn sealed(&self) -> Vec<String> {
        let sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sealed
            .iter()
            .map(|(_, plaintext)| plaintext.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Context, Keys};

    #[test]
    fn a_ciphertext_opens_under_its_own_context_only() {
        let context = |purpose: &str| Context::from([("purpose".to_owned(), purpose.to_owned())]);
        let keys = Keys::default();
        let sealed = keys.seal(context("api-token"), "c2VjcmV0");
        assert!(!sealed.contains("c2VjcmV0"));
        assert_eq!(
            keys.open(&context("api-token"), &sealed).as_deref(),
            Some("c2VjcmV0")
        );
        assert_eq!(keys.open(&context("webhook-key"), &sealed), None);
        assert_eq!(keys.open(&context("api-token"), "sealed-000002"), None);
    }
}
