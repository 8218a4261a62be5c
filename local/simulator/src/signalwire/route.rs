//! Which endpoint a request means. Anything not listed here is a 404, as it is
//! at the carrier.

use http::Method;

use crate::Operation;

/// Which API, and so which shape of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `/api/relay/rest`: `errors` with `detail`, `status`, `title`, `code`.
    Relay,
    /// Other paths under `/api`: `errors` with `type`, `code`, `message`.
    Api,
    /// The Compatibility API: one `code`, `message`, `more_info`, `status`.
    Laml,
}

impl Dialect {
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/api/laml") {
            Self::Laml
        } else if path.starts_with("/api/relay") {
            Self::Relay
        } else {
            Self::Api
        }
    }
}

/// What a token must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Numbers,
    Messaging,
    Management,
    /// The descriptions call it Voice.
    Calling,
}

impl Scope {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Messaging => "messaging",
            Self::Management => "management",
            Self::Calling => "calling",
        }
    }
}

/// What is asked, with the identifier of the thing it is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action<'r> {
    Search,
    SearchLaml { country: &'r str, toll_free: bool },
    Buy,
    ListNumbers,
    GetNumber(&'r str),
    UpdateNumber(&'r str),
    ReleaseNumber(&'r str),
    CreateProject,
    ListProjects,
    GetProject(&'r str),
    UpdateProject(&'r str),
    DeleteProject(&'r str),
    RotateKey(&'r str),
    CreateToken,
    UpdateToken(&'r str),
    DeleteToken(&'r str),
    SendMessage,
    ListMessages,
    GetMessage(&'r str),
    Sip(Sip<'r>),
}

/// What is asked of SIP endpoints and their profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sip<'r> {
    Profile,
    Create,
    List,
    Get(&'r str),
    Update(&'r str),
    Delete(&'r str),
}

impl Sip<'_> {
    const fn operation(self) -> Operation {
        match self {
            Self::Profile => Operation::GetSipProfile,
            Self::Create => Operation::CreateSipCredential,
            Self::List => Operation::ListSipCredentials,
            Self::Get(_) => Operation::GetSipCredential,
            Self::Update(_) => Operation::UpdateSipCredential,
            Self::Delete(_) => Operation::DeleteSipCredential,
        }
    }
}

impl Action<'_> {
    /// The scope the documentation asks for.
    pub(super) const fn scope(self) -> Scope {
        match self {
            Self::Search
            | Self::SearchLaml { .. }
            | Self::Buy
            | Self::ListNumbers
            | Self::GetNumber(_)
            | Self::UpdateNumber(_)
            | Self::ReleaseNumber(_) => Scope::Numbers,
            Self::SendMessage | Self::ListMessages | Self::GetMessage(_) => Scope::Messaging,
            Self::CreateProject
            | Self::ListProjects
            | Self::GetProject(_)
            | Self::UpdateProject(_)
            | Self::DeleteProject(_)
            | Self::RotateKey(_)
            | Self::CreateToken
            | Self::UpdateToken(_)
            | Self::DeleteToken(_) => Scope::Management,
            Self::Sip(_) => Scope::Calling,
        }
    }
}

/// An endpoint: the dialect, the account in a Compatibility path, the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route<'r> {
    pub(super) dialect: Dialect,
    pub(super) account: Option<&'r str>,
    pub(super) action: Action<'r>,
}

impl<'r> Route<'r> {
    pub(super) fn find(method: &Method, path: &'r str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        if segments.contains(&"") {
            return None;
        }
        match segments.as_slice() {
            ["api", "laml", "2010-04-01", rest @ ..] => laml(method.as_str(), rest),
            ["api", "relay", "rest", rest @ ..] => Some(Self {
                dialect: Dialect::Relay,
                account: None,
                action: relay(method.as_str(), rest)?,
            }),
            ["api", rest @ ..] => Some(Self {
                dialect: Dialect::Api,
                account: None,
                action: native(method.as_str(), rest)?,
            }),
            _ => None,
        }
    }

    /// The operation asked for; `transfer` says whether an update names a new
    /// owner.
    pub(super) fn operation(&self, transfer: bool) -> Operation {
        match self.action {
            Action::Search | Action::SearchLaml { .. } => Operation::Search,
            Action::Buy => Operation::Purchase,
            Action::ListNumbers => Operation::List,
            Action::GetNumber(_) => Operation::Get,
            Action::UpdateNumber(_) if transfer => Operation::Transfer,
            Action::UpdateNumber(_) => Operation::Configure,
            Action::ReleaseNumber(_) => Operation::Release,
            Action::CreateProject => Operation::CreateSubproject,
            Action::ListProjects => Operation::ListSubprojects,
            // The usual way to try credentials is to read one's own account.
            Action::GetProject(_) if self.dialect == Dialect::Laml => Operation::CheckCredentials,
            Action::GetProject(_) => Operation::GetSubproject,
            Action::UpdateProject(_) => Operation::UpdateSubproject,
            Action::DeleteProject(_) => Operation::CloseSubproject,
            Action::RotateKey(_) => Operation::RotateKey,
            Action::CreateToken => Operation::CreateToken,
            Action::UpdateToken(_) => Operation::UpdateToken,
            Action::DeleteToken(_) => Operation::DeleteToken,
            Action::SendMessage => Operation::SendMessage,
            Action::ListMessages => Operation::ListMessages,
            Action::GetMessage(_) => Operation::GetMessage,
            Action::Sip(action) => action.operation(),
        }
    }
}

fn relay<'r>(method: &str, rest: &[&'r str]) -> Option<Action<'r>> {
    Some(match (method, rest) {
        ("GET", ["phone_numbers", "search"]) => Action::Search,
        ("GET", ["phone_numbers"]) => Action::ListNumbers,
        ("POST", ["phone_numbers"]) => Action::Buy,
        ("GET", ["phone_numbers", id]) => Action::GetNumber(id),
        ("PUT", ["phone_numbers", id]) => Action::UpdateNumber(id),
        ("DELETE", ["phone_numbers", id]) => Action::ReleaseNumber(id),
        ("GET", ["sip_profile"]) => Action::Sip(Sip::Profile),
        ("POST", ["endpoints", "sip"]) => Action::Sip(Sip::Create),
        ("GET", ["endpoints", "sip"]) => Action::Sip(Sip::List),
        ("GET", ["endpoints", "sip", id]) => Action::Sip(Sip::Get(id)),
        ("PUT", ["endpoints", "sip", id]) => Action::Sip(Sip::Update(id)),
        ("DELETE", ["endpoints", "sip", id]) => Action::Sip(Sip::Delete(id)),
        _ => return None,
    })
}

fn native<'r>(method: &str, rest: &[&'r str]) -> Option<Action<'r>> {
    Some(match (method, rest) {
        ("POST", ["projects"]) => Action::CreateProject,
        ("GET", ["projects"]) => Action::ListProjects,
        ("GET", ["projects", id]) => Action::GetProject(id),
        ("PATCH", ["projects", id]) => Action::UpdateProject(id),
        ("DELETE", ["projects", id]) => Action::DeleteProject(id),
        ("POST", ["projects", id, "signing-key", "rotate"]) => Action::RotateKey(id),
        ("POST", ["project", "tokens"]) => Action::CreateToken,
        ("PATCH", ["project", "tokens", id]) => Action::UpdateToken(id),
        ("DELETE", ["project", "tokens", id]) => Action::DeleteToken(id),
        ("POST", ["messaging", "messages"]) => Action::SendMessage,
        _ => return None,
    })
}

/// Under `/api/laml/2010-04-01`; the last segment may end in `.json`.
fn laml<'r>(method: &str, segments: &[&'r str]) -> Option<Route<'r>> {
    let (last, before) = segments.split_last()?;
    let last = last.strip_suffix(".json").unwrap_or(last);
    let (account, action) = match (method, before, last) {
        ("GET", [], "Accounts") => (None, Action::ListProjects),
        ("POST", [], "Accounts") => (None, Action::CreateProject),
        ("GET", ["Accounts"], id) => (None, Action::GetProject(id)),
        ("POST", ["Accounts"], id) => (None, Action::UpdateProject(id)),
        (_, ["Accounts", account, rest @ ..], last) => {
            (Some(*account), laml_in_account(method, rest, last)?)
        }
        _ => return None,
    };
    Some(Route {
        dialect: Dialect::Laml,
        account,
        action,
    })
}

fn laml_in_account<'r>(method: &str, rest: &[&'r str], last: &'r str) -> Option<Action<'r>> {
    Some(match (method, rest, last) {
        ("GET", ["AvailablePhoneNumbers", country], kind) => Action::SearchLaml {
            country,
            toll_free: match kind {
                "Local" => false,
                "TollFree" => true,
                _ => return None,
            },
        },
        ("GET", [], "IncomingPhoneNumbers") => Action::ListNumbers,
        ("POST", [], "IncomingPhoneNumbers") => Action::Buy,
        ("GET", ["IncomingPhoneNumbers"], id) => Action::GetNumber(id),
        ("POST", ["IncomingPhoneNumbers"], id) => Action::UpdateNumber(id),
        ("DELETE", ["IncomingPhoneNumbers"], id) => Action::ReleaseNumber(id),
        ("POST", [], "tokens") => Action::CreateToken,
        ("PATCH", ["tokens"], id) => Action::UpdateToken(id),
        ("DELETE", ["tokens"], id) => Action::DeleteToken(id),
        ("POST", [], "Messages") => Action::SendMessage,
        ("GET", [], "Messages") => Action::ListMessages,
        ("GET", ["Messages"], id) => Action::GetMessage(id),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'p>(method: &Method, path: &'p str) -> Option<Action<'p>> {
        Route::find(method, path).map(|route| route.action)
    }

    #[test]
    fn laml_paths_are_found_with_and_without_json() {
        for suffix in ["", ".json"] {
            let path = format!("/api/laml/2010-04-01/Accounts/p/IncomingPhoneNumbers/n{suffix}");
            let route = Route::find(&Method::DELETE, &path).unwrap();
            assert_eq!(route.account, Some("p"));
            assert_eq!(route.action, Action::ReleaseNumber("n"));
            let path =
                format!("/api/laml/2010-04-01/Accounts/p/AvailablePhoneNumbers/US/Local{suffix}");
            assert!(matches!(
                find(&Method::GET, &path),
                Some(Action::SearchLaml {
                    country: "US",
                    toll_free: false
                })
            ));
        }
    }

    #[test]
    fn native_updates_are_put_and_laml_updates_are_post() {
        let native = "/api/relay/rest/phone_numbers/n";
        assert_eq!(find(&Method::PUT, native), Some(Action::UpdateNumber("n")));
        assert_eq!(find(&Method::POST, native), None);
        let laml = "/api/laml/2010-04-01/Accounts/p/IncomingPhoneNumbers/n";
        assert_eq!(find(&Method::POST, laml), Some(Action::UpdateNumber("n")));
        assert_eq!(find(&Method::PUT, laml), None);
    }

    #[test]
    fn unknown_paths_and_methods_are_not_found() {
        for path in [
            "/",
            "/api",
            "/api/projects/",
            "/api/relay/rest/phone_number",
            "/api/relay/rest",
            "/api/relay/rest/endpoints",
            "/api/relay/rest/sip_profile/x",
            "/api/laml/2010-04-01/Accounts/p/AvailablePhoneNumbers/US/Mobile",
            "/api/laml/2008-08-01/Accounts",
        ] {
            assert!(Route::find(&Method::GET, path).is_none(), "{path}");
        }
        assert!(find(&Method::DELETE, "/api/projects").is_none());
    }
}
