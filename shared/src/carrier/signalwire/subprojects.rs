//! Subprojects: found again by name, and opened with secrets that are shown once.

use super::{SignalWire, errors, operation::Operation, wire};
use crate::{
    carrier::{Account, CreatedSubproject, Effect, Error, ErrorKind, Result},
    domain::AccountId,
};

const OPERATION: Operation = Operation::EnsureSubproject;

impl SignalWire {
    /// The subproject named `name`, new or taken over, with fresh secrets.
    ///
    /// From the moment it exists every failure is one of unknown effect, so that
    /// the next attempt looks first and takes it over. A token whose secret was
    /// lost that way stays valid, but nobody has it, and no request lists it.
    pub(super) async fn open(
        &self,
        platform: &Account,
        name: &str,
        known: Option<&AccountId>,
    ) -> Result<CreatedSubproject> {
        let caller = self.caller(platform);
        let project: wire::KeyedProject = if let Some(id) = known {
            let call = caller.rotate_signing_key(id.as_str())?;
            let rotated = self.client.fetch(&call).await;
            rotated.map_err(|error| errors::midway(OPERATION, error))?
        } else {
            let call = caller.create_project(name, self.config.is_secure())?;
            self.client.fetch(&call).await?
        };
        let call = caller.create_token(&project.id)?;
        let token: wire::Token = self
            .client
            .fetch(&call)
            .await
            .map_err(|error| errors::midway(OPERATION, error))?;
        Ok(CreatedSubproject {
            account: AccountId::new(project.id.clone()),
            credentials: token.into(),
            webhook_key: project.into_key(),
        })
    }

    /// The subproject named exactly `name`; of several the oldest, whoever asks.
    pub(super) async fn named(&self, platform: &Account, name: &str) -> Result<Option<AccountId>> {
        let first = self
            .caller(platform)
            .projects_like(name, self.config.page_size)?;
        let mut known = Vec::new();
        self.each_page(platform, first, |page: wire::Projects| {
            let projects = page.data.into_iter();
            known.extend(projects.filter(|project| project.is(name, &platform.id)));
        })
        .await?;
        let oldest = known
            .into_iter()
            .min_by(|a, b| (&a.created_at, &a.id).cmp(&(&b.created_at, &b.id)));
        Ok(oldest.map(|project| AccountId::new(project.id)))
    }

    /// Deletes a subproject; the carrier refuses while it owns numbers.
    pub(super) async fn close(&self, platform: &Account, subproject: &Account) -> Result<()> {
        if subproject.id == *self.config.platform() {
            let operation = Operation::CloseSubproject;
            let refused = Error::new(
                super::ID,
                operation.name(),
                ErrorKind::Rejected,
                Effect::None,
            );
            return Err(refused);
        }
        let call = self.caller(platform).close_subproject(&subproject.id)?;
        self.client.send(&call).await.map(drop)
    }
}
