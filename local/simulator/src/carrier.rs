//! The carriers there are, and what can be asked of one.
//!
//! An [`Operation`] is named for what it does, not for the path that does it:
//! a fault on `purchase` hits every way of buying a carrier offers.

use serde::{Deserialize, Serialize};

/// A carrier whose wire format the simulator speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Carrier {
    /// SignalWire: the native REST API and the Compatibility API.
    SignalWire,
}

impl Carrier {
    /// All carriers, in the order they are served.
    pub const ALL: [Self; 1] = [Self::SignalWire];

    /// The name in control requests, and the first segment of the path the
    /// carrier is served under.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignalWire => "signalwire",
        }
    }
}

/// What a request asks of a carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Look for numbers that can be bought.
    Search,
    /// Buy a number.
    Purchase,
    /// List owned numbers.
    List,
    /// Read one owned number.
    Get,
    /// Change name or webhooks of an owned number.
    Configure,
    /// Give a number back.
    Release,
    /// Move a number to another account.
    Transfer,
    /// Make a subproject.
    CreateSubproject,
    /// List the account and its subprojects.
    ListSubprojects,
    /// Read one account.
    GetSubproject,
    /// Change one account.
    UpdateSubproject,
    /// Delete a subproject.
    CloseSubproject,
    /// Make a new signing key.
    RotateKey,
    /// Make an API token.
    CreateToken,
    /// Change an API token.
    UpdateToken,
    /// Delete an API token.
    DeleteToken,
    /// Read the SIP settings of an account.
    GetSipProfile,
    /// Make a SIP credential.
    CreateSipCredential,
    /// List SIP credentials.
    ListSipCredentials,
    /// Read one SIP credential.
    GetSipCredential,
    /// Change a SIP credential.
    UpdateSipCredential,
    /// Delete a SIP credential.
    DeleteSipCredential,
    /// Send a message.
    SendMessage,
    /// List messages.
    ListMessages,
    /// Read one message.
    GetMessage,
    /// Read one's own account, to see whether the credentials are good.
    CheckCredentials,
}
