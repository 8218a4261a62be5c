//! What a request is part of, so that what is meant for one is not said of another.

/// A part of the adapter's work, as errors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Search,
    /// The one in which money is spent, and so the one that errors are judged
    /// most carefully of.
    Purchase,
    FindPurchase,
    Get,
    ListOwned,
    Configure,
    Release,
    Transfer,
    EnsureSubproject,
    ListProjects,
    CreateProject,
    RotateSigningKey,
    CreateToken,
    CloseSubproject,
    CreateSipCredential,
    DeleteSipCredential,
    SendMessage,
    CheckCredentials,
}

impl Operation {
    /// Its name in errors and logs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Purchase => "purchase",
            Self::FindPurchase => "find_purchase",
            Self::Get => "get",
            Self::ListOwned => "list_owned",
            Self::Configure => "configure",
            Self::Release => "release",
            Self::Transfer => "transfer",
            Self::EnsureSubproject => "ensure_subproject",
            Self::ListProjects => "list_projects",
            Self::CreateProject => "create_project",
            Self::RotateSigningKey => "rotate_signing_key",
            Self::CreateToken => "create_token",
            Self::CloseSubproject => "close_subproject",
            Self::CreateSipCredential => "create_sip_credential",
            Self::DeleteSipCredential => "delete_sip_credential",
            Self::SendMessage => "send_message",
            Self::CheckCredentials => "check_credentials",
        }
    }
}
