//! SIP credentials: written down, and good for nothing, since no phone can register
//! anywhere.

use super::{
    Local,
    errors::{refused, unread, unwritten},
};
use crate::{
    carrier::{Account, ErrorKind, Result, SipCredential, SipCredentialId, SipCredentialRequest},
    store::{body_hash, local::SipEntry},
};

/// The host that phones are told to register at: `.invalid` is nobody's, ever (RFC 2606).
const REGISTRAR: &str = "sip.local.invalid";

impl Local {
    pub(super) async fn enrol(
        &self,
        account: &Account,
        request: &SipCredentialRequest,
        look_first: bool,
    ) -> Result<SipCredential> {
        let operation = "create_sip_credential";
        let username = request.username.as_str();
        let known = async {
            let known = self.books.sip_entry(&account.id, username).await;
            known.map_err(|error| unread(operation, error))
        };
        let (theirs, known) =
            tokio::try_join!(self.has(operation, account, &request.caller_id), known)?;
        if !theirs || (known.is_some() && !look_first) {
            return Err(refused(operation, ErrorKind::Rejected));
        }
        let entry = SipEntry {
            id: match &known {
                Some(known) => known.id.clone(),
                None => self.id_of(username),
            },
            account: account.id.clone(),
            username: username.to_owned(),
            password_hash: password_hash(request),
            caller_id: request.caller_id.clone(),
            display_name: request.display_name.clone(),
        };
        let written = match known {
            Some(_) => self.books.replace_sip_entry(&entry).await,
            None => self.books.add_sip_entry(&entry).await,
        };
        if written.map_err(|error| unwritten(operation, error))? {
            Ok(SipCredential {
                id: SipCredentialId::new(entry.id),
                username: request.username.clone(),
                registrar: REGISTRAR.to_owned(),
            })
        } else {
            // Somebody else made or removed it meanwhile.
            Err(refused(operation, ErrorKind::Rejected))
        }
    }

    pub(super) async fn strike_off(&self, account: &Account, id: &SipCredentialId) -> Result<()> {
        let operation = "delete_sip_credential";
        self.enter(operation, account).await?;
        let gone = || refused(operation, ErrorKind::NotFound);
        let username = username_of(id).ok_or_else(gone)?;
        let removed = self
            .books
            .remove_sip_entry(&account.id, username, id.as_str())
            .await;
        if removed.map_err(|error| unwritten(operation, error))? {
            Ok(())
        } else {
            Err(gone())
        }
    }

    /// An identifier that says under which name the entry is filed, and that no later
    /// entry of the name has.
    fn id_of(&self, username: &str) -> String {
        format!("{}-{username}", self.fresh_name())
    }
}

fn username_of(id: &SipCredentialId) -> Option<&str> {
    id.as_str().split_once('-').map(|(_, username)| username)
}

/// What a registrar would compare with: the password itself is kept nowhere.
fn password_hash(request: &SipCredentialRequest) -> String {
    let password = request.password.expose();
    body_hash(format!("{}:{REGISTRAR}:{password}", request.username).as_bytes())
}
