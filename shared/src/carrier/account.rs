//! Accounts at carriers, and the secrets that open them.

use std::fmt;

use secrecy::SecretString;

use crate::domain::AccountId;

/// One account at a carrier with what is needed to act in it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name at the carrier.
    pub id: AccountId,
    /// What opens it.
    pub credentials: Credentials,
}

/// What opens an account. Prints as `***`.
#[derive(Clone)]
pub struct Credentials(SecretString);

/// A key that proves a webhook came from the account's carrier. Prints as `***`.
#[derive(Clone)]
pub struct WebhookKey(SecretString);

/// What a phone proves itself with when it registers. Prints as `***`.
#[derive(Clone)]
pub struct SipPassword(SecretString);

/// The keys of one account: after a rotation the old one is still used for a while.
pub type AccountKeys = Vec<WebhookKey>;

macro_rules! secret {
    ($($name:ident),*) => {$(
        impl $name {
            /// Wraps a secret text.
            #[must_use]
            pub fn new(secret: impl Into<String>) -> Self {
                Self(SecretString::from(secret.into()))
            }

            /// The secret, for the one place that needs it.
            #[must_use]
            pub fn expose(&self) -> &str {
                secrecy::ExposeSecret::expose_secret(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("***")
            }
        }
    )*};
}

secret!(Credentials, WebhookKey, SipPassword);

#[cfg(test)]
mod tests {
    use super::{Account, AccountId, Credentials};

    #[test]
    fn credentials_print_as_stars() {
        let account = Account {
            id: AccountId::new("project"),
            credentials: Credentials::new("PT-secret"),
        };
        let shown = format!("{account:?}");
        assert!(
            shown.contains("***") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
