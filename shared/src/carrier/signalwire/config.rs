//! Where SignalWire is and what it costs: figures with defaults, and two
//! mistakes that are refused at start because they only show much later.

use std::{net::IpAddr, time::Duration};

use http::Uri;

use crate::{
    carrier::Credentials,
    domain::{AccountId, MicroDollars},
};

/// In which account a number is bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// In the subproject itself, with the subproject's own token: the only way
    /// the documents describe (2026-08-21).
    #[default]
    InSubproject,
    /// In the platform's account, and assigned to the subproject afterwards.
    AssignedAfterwards,
}

/// How to talk to one SignalWire Space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    api_base: String,
    platform: AccountId,
    /// In which account numbers are bought.
    pub placement: Placement,
    /// How long after its purchase a number cannot be given back. Default 14
    /// days, 30 in a trial Space (guides, and code 22121 of the error list,
    /// 2026-08-21).
    pub release_hold: Duration,
    /// How long a purchase may be missing from lists. Nothing is documented
    /// (2026-08-21); the default of 30 seconds is caution.
    pub settle: Duration,
    /// The longest one request may take. The official SDK waits 30 seconds
    /// (`signalwire-sdk` 3.7.5, 2026-08); the default is 10, so that a repeated
    /// search still fits into the gateway's 29.
    pub timeout: Duration,
    /// The longest a forwarded call may take. SignalWire ends one after four hours by
    /// itself (`timeLimit` of `<Dial>`, cXML reference, 2026-08-21); every minute of both
    /// legs is paid, so the default is one hour: longer than a talk, and a call that
    /// nobody ends costs a quarter.
    pub forward_max: Duration,
    /// What a number costs a month. No price is published for numbers
    /// (2026-08-27; an issue of 2021 mentions $0.25), so the default of $1.00
    /// lets budgets err on the safe side: set your own.
    pub number_price: MicroDollars,
    /// Numbers and subprojects per page of a list, 1–1000 (API description,
    /// 2026-08-21, where the default is 50). Default 200: five pages hold the
    /// 1000 numbers a project may own.
    pub page_size: u16,
}

/// Why a configuration was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The base URL is no URL, or has parts that do not belong there.
    #[error(
        "the SignalWire base URL is malformed: write it as https://your-space.signalwire.com, \
         without credentials, query or fragment"
    )]
    MalformedBase,
    /// The API token would travel in the open.
    #[error("the SignalWire base URL must begin with https:// (http:// is for this machine only)")]
    Insecure,
    /// The project id could not stand in a path.
    #[error("the SignalWire project id is malformed: copy the UUID shown in the Space under API")]
    MalformedProject,
    /// The webhook signing key was given as API token.
    #[error(
        "this is a SignalWire signing key (PSK…), which only verifies webhooks; the API token \
         (PT…) belongs here: create one in the Space under API, with the scopes Numbers, \
         Messaging, Voice and Management, and give the signing key as the signing key"
    )]
    SigningKeyAsToken,
    /// There is no API token.
    #[error("the SignalWire API token (PT…) is missing: create one in the Space under API")]
    MissingToken,
}

impl Config {
    /// The Space at `api_base` in which `platform` is the root project, with every
    /// figure at its default. Its token is checked by [`check_token`], where there is one.
    pub fn new(api_base: &str, platform: &AccountId) -> Result<Self, ConfigError> {
        if !is_identifier(platform.as_str()) {
            return Err(ConfigError::MalformedProject);
        }
        Ok(Self {
            api_base: checked_base(api_base)?,
            platform: platform.clone(),
            placement: Placement::default(),
            release_hold: Duration::from_hours(14 * 24),
            settle: Duration::from_secs(30),
            timeout: Duration::from_secs(10),
            forward_max: Duration::from_hours(1),
            number_price: MicroDollars::from_dollars(1),
            page_size: 200,
        })
    }

    /// The Space's address, without a slash at its end.
    #[must_use]
    pub fn api_base(&self) -> &str {
        &self.api_base
    }

    /// The platform's own account.
    #[must_use]
    pub fn platform(&self) -> &AccountId {
        &self.platform
    }

    /// Whether the Space is reached over TLS: always, except for a simulator.
    pub(super) fn is_secure(&self) -> bool {
        self.api_base.starts_with("https://")
    }
}

/// Refuses what cannot be an API token. A mistaken signing key is the usual
/// cause of failing credentials there, and of failing verification elsewhere.
pub fn check_token(token: &Credentials) -> Result<(), ConfigError> {
    let token = token.expose();
    if token.trim().is_empty() {
        Err(ConfigError::MissingToken)
    } else if token.trim_start().starts_with("PSK") {
        Err(ConfigError::SigningKeyAsToken)
    } else {
        Ok(())
    }
}

/// Whether `text` can stand in a path as it is, as every identifier of SignalWire's
/// can: they are UUIDs.
pub(super) fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn checked_base(text: &str) -> Result<String, ConfigError> {
    let base = text.trim().trim_end_matches('/');
    let uri: Uri = base.parse().map_err(|_| ConfigError::MalformedBase)?;
    let authority = uri.authority().ok_or(ConfigError::MalformedBase)?.as_str();
    if authority.contains('@') || uri.query().is_some() || base.contains('#') {
        return Err(ConfigError::MalformedBase);
    }
    match uri.scheme_str() {
        Some("https") => Ok(base.to_owned()),
        Some("http") if uri.host().is_some_and(is_this_machine) => Ok(base.to_owned()),
        Some("http") => Err(ConfigError::Insecure),
        Some(_) | None => Err(ConfigError::MalformedBase),
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{AccountId, Config, ConfigError, Credentials, check_token};

    const PROJECT: &str = "7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55";

    fn config(base: &str, project: &str) -> Result<Config, ConfigError> {
        Config::new(base, &AccountId::new(project))
    }

    #[track_caller]
    fn check_base(base: &str, expected: Result<&str, ConfigError>) {
        let config = config(base, PROJECT);
        assert_eq!(
            config.as_ref().map(Config::api_base),
            expected.as_ref().copied()
        );
    }

    #[test]
    fn the_base_is_an_https_address() {
        check_base(
            "https://acme.signalwire.com",
            Ok("https://acme.signalwire.com"),
        );
        check_base(
            " https://acme.signalwire.com/ ",
            Ok("https://acme.signalwire.com"),
        );
        check_base("acme.signalwire.com", Err(ConfigError::MalformedBase));
        check_base(
            "https://PT@acme.signalwire.com",
            Err(ConfigError::MalformedBase),
        );
        check_base(
            "https://acme.signalwire.com?x=1",
            Err(ConfigError::MalformedBase),
        );
        check_base(
            "https://acme.signalwire.com/#x",
            Err(ConfigError::MalformedBase),
        );
        check_base("ftp://acme.signalwire.com", Err(ConfigError::MalformedBase));
        check_base("https://", Err(ConfigError::MalformedBase));
        check_base("", Err(ConfigError::MalformedBase));
    }

    #[test]
    fn tokens_travel_in_the_open_on_this_machine_only() {
        check_base(
            "http://127.0.0.1:4610/signalwire",
            Ok("http://127.0.0.1:4610/signalwire"),
        );
        check_base("http://localhost:4610", Ok("http://localhost:4610"));
        check_base("http://[::1]:4610", Ok("http://[::1]:4610"));
        check_base("http://acme.signalwire.com", Err(ConfigError::Insecure));
        check_base("http://localhost.example.com", Err(ConfigError::Insecure));
    }

    #[test]
    fn a_signing_key_is_not_an_api_token() {
        for token in ["PSK_kQ7vT2mX9dL4nR8sB1wZ", " PSKtest1234567890abcdef"] {
            let error = check_token(&Credentials::new(token)).unwrap_err();
            assert_eq!(error, ConfigError::SigningKeyAsToken);
            let said = error.to_string();
            assert!(said.contains("create one in the Space under API"), "{said}");
            assert!(!said.contains(token.trim()), "{said}");
        }
        let missing = check_token(&Credentials::new(" "));
        assert_eq!(missing, Err(ConfigError::MissingToken));
    }

    #[test]
    fn a_project_id_cannot_leave_its_place_in_a_path() {
        for project in ["", "..", "a/b", "a b", "a:b", "a?b"] {
            let refused = config("https://acme.signalwire.com", project);
            assert_eq!(refused, Err(ConfigError::MalformedProject), "{project}");
        }
    }
}
