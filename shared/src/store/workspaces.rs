//! Workspaces.

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

use super::{
    core::Core,
    error::{Error, Result},
    item::{attribute, body, item, n, s},
    keys::{Key, identity_partition},
    orders::condition_failed,
    transaction::{Committed, Transaction},
};
use crate::domain::{Actor, Member, MemberId, Workspace, WorkspaceId, WorkspaceStatus};

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
                    .expression_attribute_values(":one", n(1))
                    .expression_attribute_values(":max", n(founded_max)),
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

    /// Changes a workspace and answers with it as it is then; nothing if there is none,
    /// or it is going.
    pub async fn edit_workspace(
        &self,
        workspace: &WorkspaceId,
        edit: &WorkspaceEdit,
        by: &Actor,
    ) -> Result<Option<Workspace>> {
        let mut parts = vec!["body.changed_by = :by"];
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::workspace(workspace).attributes()))
            .condition_expression("body.#status IN (:active, :suspended)")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":active", attribute("status", &WorkspaceStatus::Active)?)
            .expression_attribute_values(
                ":suspended",
                attribute("status", &WorkspaceStatus::Suspended)?,
            )
            .expression_attribute_values(":by", attribute("actor", by)?);
        if let Some(name) = &edit.name {
            parts.push("body.#name = :name");
            update = update
                .expression_attribute_names("#name", "name")
                .expression_attribute_values(":name", s(name));
        }
        match edit.suspended {
            Some(true) => parts.push("body.#status = :suspended"),
            Some(false) => parts.push("body.#status = :active"),
            None => {}
        }
        if let Some(limit) = edit.number_limit {
            parts.push("body.number_limit = :limit");
            update = update.expression_attribute_values(":limit", n(limit));
        }
        let sent = update
            .update_expression(format!("SET {}", parts.join(", ")))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                Ok(Some(body("workspace", &item)?))
            }
            Err(error) if condition_failed(&error).is_some() => Ok(None),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}

/// What is changed about a workspace. Absent: left as it is.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceEdit {
    /// A new name.
    pub name: Option<String>,
    /// Active or suspended; a workspace that is going does not come back.
    pub suspended: Option<bool>,
    /// How many numbers it may hold.
    pub number_limit: Option<u32>,
}

/// Where it is counted what an identity founded.
fn founded_count(member: &MemberId) -> Key {
    Key {
        pk: identity_partition(member),
        sk: "FOUNDED".to_owned(),
    }
}
