//! SIP credentials: SignalWire's classic SIP endpoints, found again by name.
//!
//! The API description (`signalwire-rest/openapi.yaml` of `signalwire/docs`,
//! 2026-08-21) marks them as deprecated in favour of the SIP credentials of Call
//! Fabric, and describes a request for those that has no password. So these are
//! used: the ones whose creation is described whole.

mod wire;

use http::Method;

use self::wire::{Endpoint, Endpoints, Profile};
use super::{SignalWire, errors, operation::Operation};
use crate::carrier::{
    Account, Result, SipCredential, SipCredentialId, SipCredentialRequest, SipUsername,
};

const OPERATION: Operation = Operation::CreateSipCredential;

impl SignalWire {
    /// The credential that `request` describes, new or taken over.
    ///
    /// Whatever has to be read is read first, so that the effect of a failure is
    /// that of the one request which changes something.
    pub(super) async fn enrol(
        &self,
        account: &Account,
        request: &SipCredentialRequest,
        look_first: bool,
    ) -> Result<SipCredential> {
        let caller = self.caller(account);
        let profile: Profile = self.client.fetch(&caller.sip_profile(OPERATION)?).await?;
        let registrar = profile.registrar().ok_or_else(|| {
            errors::unreadable(OPERATION, &Method::GET, "the project has no SIP domain")
        })?;
        let known = if look_first {
            self.known_endpoint(account, &request.username).await?
        } else {
            None
        };
        let call = match known {
            Some(id) => caller.update_sip_credential(&id, request),
            None => caller.create_sip_credential(request),
        }?;
        let made: Endpoint = self.client.fetch(&call).await?;
        if !made.is(&request.username) {
            let what = "an endpoint of another name was made";
            return Err(errors::unreadable(OPERATION, call.request.method(), what));
        }
        Ok(SipCredential {
            id: SipCredentialId::new(made.id),
            username: request.username.clone(),
            registrar,
        })
    }

    /// The endpoint named exactly `username`: a project has no two of them.
    async fn known_endpoint(
        &self,
        account: &Account,
        username: &SipUsername,
    ) -> Result<Option<String>> {
        let caller = self.caller(account);
        let first = caller.sip_endpoints_like(OPERATION, username, self.config.page_size)?;
        self.seek(account, first, |page: Endpoints| {
            let mut endpoints = page.data.into_iter();
            let known = endpoints.find(|endpoint| endpoint.is(username))?;
            Some(known.id)
        })
        .await
    }
}
