//! What a message goes out through: read before the message is written down, so that
//! nothing is written that then cannot be sent.

use std::sync::Arc;

use crate::{
    app::{
        Base, Platform,
        access::Access,
        error::{Error, Result},
    },
    carrier::{Account, Carrier},
    domain::{
        AccountId, CarrierId, Direction, E164, Message, MessageId, MessageStatus, Number,
        SharedNumber, Timestamp, Webhooks, message::conversation_of, subproject::SubprojectState,
    },
    store,
};

use super::{Post, Text};

/// A number of ours with the account that owns it.
pub(super) struct Outlet {
    /// The carrier.
    pub(super) carrier: Arc<dyn Carrier>,
    /// The account.
    pub(super) account: Account,
    /// Where news of what goes out goes.
    pub(super) webhooks: Webhooks,
    /// The number.
    pub(super) ours: E164,
    /// The platform, if the account is its own: its credentials can be read anew.
    pub(super) platform: Option<Platform>,
}

impl Outlet {
    /// A workspace's own number.
    pub(super) async fn of_workspace(base: &Base, post: &Post, number: &Number) -> Result<Self> {
        let Number {
            workspace,
            carrier,
            account,
            ..
        } = number;
        let (known, opened) = tokio::try_join!(
            base.core.subproject(workspace, carrier),
            post.accounts.open(workspace, carrier, account),
        )?;
        let adapter = post.carriers.of(carrier);
        let state = known.map(|subproject| subproject.state);
        let (Some(adapter), Some(SubprojectState::Open { token, .. }), Some(account)) =
            (adapter, state, opened)
        else {
            let detail = format!("{} is active without its account", number.id);
            return Err(store::Error::corrupt("number", detail).into());
        };
        Ok(Self {
            webhooks: Webhooks::new(&post.webhook_base, carrier, token),
            carrier: Arc::clone(&adapter.carrier),
            account,
            ours: number.e164.clone(),
            platform: None,
        })
    }

    /// A number of the platform's own account.
    pub(super) async fn of_platform(post: &Post, number: &SharedNumber) -> Result<Self> {
        let platform = post.carriers.of(&number.carrier);
        let platform = platform.filter(|platform| *platform.id() == number.account);
        let platform = platform.ok_or(Error::NoNumber)?;
        let token = number.token.clone();
        Ok(Self {
            webhooks: Webhooks::new(&post.webhook_base, &number.carrier, token),
            carrier: Arc::clone(&platform.carrier),
            account: platform.account().await,
            ours: number.e164.clone(),
            platform: Some(platform.clone()),
        })
    }

    /// The carrier's name, and the account's.
    fn place(&self) -> (CarrierId, AccountId) {
        (self.carrier.id(), self.account.id.clone())
    }
}

/// A message before it is known which number it leaves from.
pub(super) struct Draft<'a> {
    /// Its identifier.
    pub(super) id: MessageId,
    /// Who sends it.
    pub(super) access: &'a Access,
    /// What, and to whom.
    pub(super) text: &'a Text,
    /// Hash of the request.
    pub(super) request_hash: &'a str,
    /// When.
    pub(super) at: Timestamp,
}

impl Draft<'_> {
    /// The message as it leaves from `outlet`.
    pub(super) fn message(&self, outlet: &Outlet) -> Message {
        let (workspace, to) = (&self.access.workspace, self.text.to.as_str());
        let (carrier, account) = outlet.place();
        Message {
            id: self.id.clone(),
            workspace: workspace.clone(),
            conversation: conversation_of(workspace, &outlet.ours, to),
            direction: Direction::Outbound,
            ours: outlet.ours.clone(),
            theirs: to.to_owned(),
            body: self.text.body.clone(),
            status: MessageStatus::Sending,
            failure: None,
            segments: 0,
            at: self.at,
            carrier,
            account,
            carrier_message: None,
            request_hash: Some(self.request_hash.to_owned()),
            changed_by: self.access.actor.clone(),
        }
    }
}
