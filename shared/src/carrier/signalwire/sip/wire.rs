//! What SignalWire says of SIP endpoints; they are never shown with a password.

use serde::Deserialize;

use crate::carrier::{
    SipUsername,
    signalwire::wire::{Links, Paged},
};

/// The SIP settings of a project.
#[derive(Deserialize)]
pub(super) struct Profile {
    domain: Option<String>,
}

/// One page of SIP endpoints.
#[derive(Deserialize)]
pub(super) struct Endpoints {
    pub(super) data: Vec<Endpoint>,
    pub(super) links: Links,
}

impl Paged for Endpoints {
    fn next(&self) -> Option<&str> {
        self.links.next.as_deref()
    }
}

/// A SIP endpoint.
#[derive(Deserialize)]
pub(super) struct Endpoint {
    pub(super) id: String,
    username: String,
}

impl Profile {
    /// The host that phones register at. It is handed to people and to their
    /// phones, so nothing but a host name is taken for one.
    pub(super) fn registrar(self) -> Option<String> {
        let label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        self.domain
            .filter(|domain| domain.contains('.') && domain.split('.').all(label))
    }
}

impl Endpoint {
    /// Whether this is the one named `username`: lists match parts of names.
    pub(super) fn is(&self, username: &SipUsername) -> bool {
        self.username == username.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoints, Profile};

    #[track_caller]
    fn check(profile: &str, registrar: Option<&str>) {
        let profile: Profile = serde_json::from_str(profile).unwrap();
        assert_eq!(profile.registrar().as_deref(), registrar);
    }

    #[test]
    fn a_registrar_is_a_host_name() {
        check(
            r#"{"domain":"acme-7b1f.sip.signalwire.com","default_encryption":"optional"}"#,
            Some("acme-7b1f.sip.signalwire.com"),
        );
        for domain in [
            "",
            "acme",
            "acme..com",
            "acme.com/x",
            "a@b.com",
            "a.com:5061",
        ] {
            check(&format!(r#"{{"domain":"{domain}"}}"#), None);
        }
        check(r#"{"domain":null}"#, None);
        check("{}", None);
    }

    #[test]
    fn only_the_very_name_is_meant() {
        let page: Endpoints = serde_json::from_str(
            r#"{"links":{"next":"/api/relay/rest/endpoints/sip?page_number=1"},"data":[
                {"type":"sip_endpoint","id":"e1","username":"line_1","caller_id":null},
                {"id":"e2","username":"line_12"}]}"#,
        )
        .unwrap();
        let username = "line_1".parse().unwrap();
        let named: Vec<bool> = page.data.iter().map(|found| found.is(&username)).collect();
        assert_eq!(named, [true, false]);
        assert!(page.links.next.is_some());
    }
}
