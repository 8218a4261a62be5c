//! What we say to SignalWire: one function per request, pure.
//!
//! Search is native, because only there a number's town is known; numbers are
//! bought, listed and changed through LaML, because only there the webhooks are
//! set in the very request that buys.

use std::ops::RangeInclusive;

use http::Method;
use serde_json::{Value, json};

use super::{
    call::{Body, Call, Caller, segment},
    operation::Operation,
};
use crate::{
    carrier::{
        Connection::{Fresh, Reused},
        NumberQuery, OutgoingMessage, OwnedNumber, PurchaseOrder, Result, Route, Routes,
        SipCredentialId, SipCredentialRequest, SipUsername,
    },
    domain::{
        AccountId, E164, Filters, Pattern, Place, Region, Webhooks, vanity::Position,
        webhooks::WebhookKind,
    },
};

/// What a subproject's token may do: own numbers, send messages and have phones
/// (the scope that the API description calls Voice). Projects and tokens stay
/// with the platform's.
const PERMISSIONS: [&str; 3] = ["numbers", "messaging", "calling"];

/// Numbers one search lists at most.
const RESULTS_MAX: u8 = 100;

/// How many digits in a row a search takes.
const ROW: RangeInclusive<usize> = 3..=7;

/// Where the classic SIP endpoints are: see `sip`.
const SIP_ENDPOINTS: &str = "/api/relay/rest/endpoints/sip";

impl Caller<'_> {
    /// Toll-free numbers are searched apart from local ones. Whatever is filtered here is
    /// filtered from as many as the carrier lists at once; that goes for digits too,
    /// which it also finds in area codes.
    pub(super) fn search(&self, query: &NumberQuery) -> Result<Call> {
        let mut wanted = place(&query.place);
        let rows = query.filters.pattern.as_ref().map(row_of_digits);
        wanted.extend(rows.flatten());
        let filtered = query.filters != Filters::default();
        let results = if filtered {
            RESULTS_MAX
        } else {
            query.limit.clamp(1, RESULTS_MAX)
        };
        let results = results.to_string();
        wanted.push(("max_results", &results));
        self.get(
            Operation::Search,
            "/api/relay/rest/phone_numbers/search",
            &wanted,
        )
    }

    pub(super) fn purchase(&self, order: &PurchaseOrder) -> Result<Call> {
        let wiring = Wiring::of(&order.webhooks);
        let mut fields = vec![
            ("PhoneNumber", order.e164.as_str()),
            ("FriendlyName", order.reference.as_str()),
        ];
        fields.extend(wiring.fields());
        let path = self.laml("/IncomingPhoneNumbers");
        self.call(
            Operation::Purchase,
            Fresh,
            Method::POST,
            &path,
            Body::Form(&fields),
        )
    }

    /// The numbers that match `e164`. How the filter reads a pattern is not documented,
    /// so the answer is still to be compared, and an empty one proves nothing.
    pub(super) fn numbers_like(
        &self,
        operation: Operation,
        e164: &E164,
        page_size: u16,
    ) -> Result<Call> {
        let size = page_size.to_string();
        let query = [("PhoneNumber", e164.as_str()), ("PageSize", &size)];
        self.get(operation, &self.laml("/IncomingPhoneNumbers"), &query)
    }

    pub(super) fn numbers(&self, operation: Operation, page_size: u16) -> Result<Call> {
        let size = page_size.to_string();
        let path = self.laml("/IncomingPhoneNumbers");
        self.get(operation, &path, &[("PageSize", &size)])
    }

    pub(super) fn configure(&self, number: &OwnedNumber, webhooks: &Webhooks) -> Result<Call> {
        let wiring = Wiring::of(webhooks);
        let mut fields = wiring.fields().to_vec();
        fields.extend(detaching(&number.routes));
        self.update(Operation::Configure, number, &fields)
    }

    pub(super) fn transfer(&self, number: &OwnedNumber, to: &AccountId) -> Result<Call> {
        self.update(Operation::Transfer, number, &[("AccountSid", to.as_str())])
    }

    pub(super) fn release(&self, number: &OwnedNumber) -> Result<Call> {
        let path = self.number(Operation::Release, number)?;
        self.call(
            Operation::Release,
            Reused,
            Method::DELETE,
            &path,
            Body::Empty,
        )
    }

    /// Subprojects by name. What the filter matches is not documented, so the
    /// answer is still to be compared.
    pub(super) fn projects_like(&self, name: &str, page_size: u16) -> Result<Call> {
        let size = page_size.to_string();
        let query = [("name", name), ("page_size", &size)];
        self.get(Operation::ListProjects, "/api/projects", &query)
    }

    /// `https_only` keeps the carrier from posting in the open, whatever URL it
    /// is given.
    pub(super) fn create_project(&self, name: &str, https_only: bool) -> Result<Call> {
        let body = json!({ "name": name, "force_https_requests": https_only });
        let (operation, path) = (Operation::CreateProject, "/api/projects");
        self.call(operation, Fresh, Method::POST, path, Body::Json(body))
    }

    pub(super) fn rotate_signing_key(&self, project: &str) -> Result<Call> {
        let operation = Operation::RotateSigningKey;
        let project = segment(operation, project)?;
        let path = format!("/api/projects/{project}/signing-key/rotate");
        self.call(operation, Fresh, Method::POST, &path, Body::Empty)
    }

    pub(super) fn create_token(&self, project: &str) -> Result<Call> {
        let body = json!({
            "name": "numberline",
            "permissions": PERMISSIONS,
            "subproject_id": project,
        });
        let (operation, path) = (Operation::CreateToken, "/api/project/tokens");
        self.call(operation, Fresh, Method::POST, path, Body::Json(body))
    }

    pub(super) fn close_subproject(&self, project: &AccountId) -> Result<Call> {
        let operation = Operation::CloseSubproject;
        let path = format!("/api/projects/{}", segment(operation, project.as_str())?);
        self.call(operation, Reused, Method::DELETE, &path, Body::Empty)
    }

    /// News of a message comes only to the address given with it.
    pub(super) fn send_message(&self, message: &OutgoingMessage) -> Result<Call> {
        let fields = [
            ("From", message.from.as_str()),
            ("To", message.to.as_str()),
            ("Body", &message.body),
            ("StatusCallback", &message.status_url),
        ];
        let (operation, path) = (Operation::SendMessage, self.laml("/Messages"));
        self.call(operation, Fresh, Method::POST, &path, Body::Form(&fields))
    }

    /// The host that phones of this account register at.
    pub(super) fn sip_profile(&self, operation: Operation) -> Result<Call> {
        self.get(operation, "/api/relay/rest/sip_profile", &[])
    }

    /// SIP endpoints whose names contain `username`: the filter matches parts, so
    /// the answer is still to be compared.
    pub(super) fn sip_endpoints_like(
        &self,
        operation: Operation,
        username: &SipUsername,
        page_size: u16,
    ) -> Result<Call> {
        let size = page_size.to_string();
        let query = [("filter_username", username.as_str()), ("page_size", &size)];
        self.get(operation, SIP_ENDPOINTS, &query)
    }

    pub(super) fn create_sip_credential(&self, request: &SipCredentialRequest) -> Result<Call> {
        let (operation, body) = (
            Operation::CreateSipCredential,
            Body::Json(sip_endpoint(request)),
        );
        self.call(operation, Fresh, Method::POST, SIP_ENDPOINTS, body)
    }

    /// Makes of an existing one what `request` says. Harmless to repeat.
    pub(super) fn update_sip_credential(
        &self,
        id: &str,
        request: &SipCredentialRequest,
    ) -> Result<Call> {
        let (operation, body) = (
            Operation::CreateSipCredential,
            Body::Json(sip_endpoint(request)),
        );
        let path = format!("{SIP_ENDPOINTS}/{}", segment(operation, id)?);
        self.call(operation, Reused, Method::PUT, &path, body)
    }

    pub(super) fn delete_sip_credential(&self, id: &SipCredentialId) -> Result<Call> {
        let operation = Operation::DeleteSipCredential;
        let path = format!("{SIP_ENDPOINTS}/{}", segment(operation, id.as_str())?);
        self.call(operation, Reused, Method::DELETE, &path, Body::Empty)
    }

    /// The cheapest read that an account must be able to do to be of use.
    pub(super) fn check_numbers(&self) -> Result<Call> {
        self.numbers(Operation::CheckCredentials, 1)
    }

    /// And the cheapest that takes the scope that only the platform's token needs.
    pub(super) fn check_projects(&self) -> Result<Call> {
        let one = [("page_size", "1")];
        self.get(Operation::CheckCredentials, "/api/projects", &one)
    }

    fn update(
        &self,
        operation: Operation,
        number: &OwnedNumber,
        fields: &[(&str, &str)],
    ) -> Result<Call> {
        let path = self.number(operation, number)?;
        self.call(operation, Reused, Method::POST, &path, Body::Form(fields))
    }

    fn number(&self, operation: Operation, number: &OwnedNumber) -> Result<String> {
        let id = segment(operation, number.id.as_str())?;
        Ok(self.laml(&format!("/IncomingPhoneNumbers/{id}")))
    }
}

/// The place to search, in the carrier's words.
fn place(place: &Place) -> Vec<(&str, &str)> {
    match place {
        Place::AreaCode(code) => {
            let toll_free = code.region() == Region::TollFree;
            let kind = toll_free.then_some(("number_type", "toll-free"));
            kind.into_iter()
                .chain([("areacode", code.as_str())])
                .collect()
        }
        Place::Region { region, locality } => {
            let town = locality.as_ref().map(|town| ("city", town.as_str()));
            [("region", region.as_str())]
                .into_iter()
                .chain(town)
                .collect()
        }
    }
}

/// As much of a pattern as the carrier can search for: a row of digits, at the end if
/// all of the pattern is one.
fn row_of_digits(pattern: &Pattern) -> Option<(&str, &str)> {
    let row = pattern.longest_row();
    let at_the_end = pattern.position() == Position::End && pattern.digits().is_some();
    let name = if at_the_end { "ends_with" } else { "contains" };
    ROW.contains(&row.len()).then_some((name, row))
}

/// A SIP endpoint as it shall be: every member we decide on, so that an existing
/// one keeps none of its own. Voices are encrypted, whatever the project's
/// default is; codecs and ciphers are the project's.
fn sip_endpoint(request: &SipCredentialRequest) -> Value {
    let number = request.caller_id.as_str();
    json!({
        "username": request.username.as_str(),
        "password": request.password.expose(),
        "send_as": number,
        "caller_id": request.display_name.as_deref().unwrap_or(number),
        "encryption": "required",
    })
}

/// What takes applications off a number: they go before its addresses. Only where
/// one is shown, because no document says that an empty one is always taken. There
/// is no field for a trunk.
fn detaching(routes: &Routes) -> impl Iterator<Item = (&str, &str)> {
    let applications = [
        ("VoiceApplicationSid", &routes.voice),
        ("SmsApplicationSid", &routes.sms),
    ];
    let attached = applications
        .into_iter()
        .filter(|(_, route)| **route == Route::Application);
    attached.map(|(field, _)| (field, ""))
}

/// The webhook fields of a number.
struct Wiring {
    voice: String,
    sms: String,
    status: String,
}

impl Wiring {
    fn of(webhooks: &Webhooks) -> Self {
        Self {
            voice: webhooks.url(WebhookKind::Voice),
            sms: webhooks.url(WebhookKind::Sms),
            status: webhooks.url(WebhookKind::Status),
        }
    }

    /// The fallback is the same address: a webhook is not retried, but its
    /// fallback is asked, which makes a second try of it.
    fn fields(&self) -> [(&str, &str); 10] {
        [
            ("VoiceUrl", &self.voice),
            ("VoiceMethod", "POST"),
            ("VoiceFallbackUrl", &self.voice),
            ("VoiceFallbackMethod", "POST"),
            ("SmsUrl", &self.sms),
            ("SmsMethod", "POST"),
            ("SmsFallbackUrl", &self.sms),
            ("SmsFallbackMethod", "POST"),
            ("StatusCallback", &self.status),
            ("StatusCallbackMethod", "POST"),
        ]
    }
}

#[cfg(test)]
mod tests;
