//! Workspaces.

use super::{
    core::Core,
    error::Result,
    item::{body, item, s},
    keys::{Key, identity_partition},
    transaction::{Committed, Transaction},
};
use crate::domain::{Member, MemberId, Workspace, WorkspaceId};

/// A workspace with its first member, to be written together.
#[derive(Debug)]
pub struct Founding<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its first admin; the SaaS product's backend may found one without.
    pub admin: Option<&'a Member>,
    /// How many workspaces the admin's identity may found; nobody counts when the
    /// SaaS product's backend founds.
    pub founded_max: Option<u32>,
}

/// What came of founding a workspace.
#[derive(Debug)]
pub enum Founded {
    /// It stands.
    Yes,
    /// It stood before: the same request came again.
    Before(Box<Workspace>),
    /// Its external id names another workspace already.
    ExternalIdTaken(WorkspaceId),
    /// The identity has founded as many as it may.
    TooMany,
}

impl Core {
    /// Writes a new workspace: its item, its unique external id, its first member
    /// and the count of what that identity founded.
    pub async fn found(&self, founding: &Founding<'_>) -> Result<Founded> {
        let Founding {
            workspace,
            admin,
            founded_max,
        } = founding;
        let mut transaction = Transaction::default();
        transaction.put(
            self.put()
                .set_item(Some(item(
                    &Key::workspace(&workspace.id),
                    "workspace",
                    workspace,
                )?))
                .condition_expression("attribute_not_exists(pk)"),
        )?;
        let external = workspace.external_id.as_deref();
        if let Some(external_id) = external {
            let key = Key::external(external_id);
            transaction.put(
                self.put()
                    .set_item(Some(item(&key, "external id", &workspace.id)?))
                    .condition_expression("attribute_not_exists(pk)"),
            )?;
        }
        if let Some(admin) = admin {
            self.add_member_items(&mut transaction, admin)?;
        }
        if let (Some(admin), Some(founded_max)) = (admin, founded_max) {
            transaction.update(
                self.update(&founded_count(&admin.id))
                    .update_expression("ADD founded :one")
                    .condition_expression("attribute_not_exists(founded) OR founded < :max")
                    .expression_attribute_values(":one", super::item::n(1))
                    .expression_attribute_values(":max", super::item::n(founded_max)),
            )?;
        }
        Ok(match self.commit("found workspace", transaction).await? {
            Committed::Yes => Founded::Yes,
            Committed::Refused(0, Some(before)) => {
                Founded::Before(Box::new(body("workspace", &before)?))
            }
            Committed::Refused(1, Some(taken)) if external.is_some() => {
                Founded::ExternalIdTaken(body("external id", &taken)?)
            }
            Committed::Refused(..) => Founded::TooMany,
        })
    }

    /// The workspace.
    pub async fn workspace(&self, workspace: &WorkspaceId) -> Result<Option<Workspace>> {
        let item = self.get(&Key::workspace(workspace)).await?;
        item.as_ref()
            .map(|item| body("workspace", item))
            .transpose()
    }

    /// Renames a workspace. False if there is none.
    pub async fn rename_workspace(
        &self,
        workspace: &WorkspaceId,
        name: &str,
        by: &crate::domain::Actor,
    ) -> Result<bool> {
        let mut transaction = Transaction::default();
        transaction.update(
            self.update(&Key::workspace(workspace))
                .update_expression("SET body.#name = :name, body.changed_by = :by")
                .condition_expression("attribute_exists(pk)")
                .expression_attribute_names("#name", "name")
                .expression_attribute_values(":name", s(name))
                .expression_attribute_values(":by", super::item::attribute("actor", by)?),
        )?;
        let committed = self.commit("rename workspace", transaction).await?;
        Ok(matches!(committed, Committed::Yes))
    }
}

/// Where it is counted what an identity founded.
fn founded_count(member: &MemberId) -> Key {
    Key {
        pk: identity_partition(member),
        sk: "FOUNDED".to_owned(),
    }
}
