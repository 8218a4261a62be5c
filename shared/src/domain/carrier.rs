//! Names a carrier gives to things. Opaque here: only its adapter reads them.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// Which carrier something lives at. Never shown to a tenant (P8).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarrierId(Cow<'static, str>);

impl CarrierId {
    /// The identifier an adapter declares, lower case, fit for a URL path.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The identifier's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for CarrierId {
    fn from(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }
}

macro_rules! opaque {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the carrier's text as it is.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The carrier's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

opaque! {
    /// One account at a carrier: the platform's or a subproject's.
    AccountId;
    /// A carrier's name for a number it sold us.
    CarrierNumberId;
    /// A carrier's name for a message.
    CarrierMessageId;
    /// A carrier's name for a call.
    CarrierCallId;
}

macro_rules! shown_as_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

shown_as_text!(
    CarrierId,
    AccountId,
    CarrierNumberId,
    CarrierMessageId,
    CarrierCallId
);
