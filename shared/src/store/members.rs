//! Members, kept twice: in their workspace, and under their identity, so that a
//! caller who names no workspace is found with one read.

use super::{
    core::{Core, Paging},
    cursor::{Cursor, Listed},
    error::Result,
    item::{attribute, body, item},
    keys::{Key, MEMBER, identity_partition, partition},
    transaction::{Committed, Transaction},
};
use crate::domain::{Actor, Member, MemberId, Role, WorkspaceId, audit::Departure};

/// An identity belongs to at most this many workspaces that are listed.
const MEMBERSHIPS_MAX: i32 = 100;

impl Core {
    pub(super) fn add_member_items(&self, to: &mut Transaction, member: &Member) -> Result<()> {
        for key in [
            Key::member(&member.workspace, &member.id),
            Key::identity(&member.id, &member.workspace),
        ] {
            to.put(
                self.put()
                    .set_item(Some(item(&key, "member", member)?))
                    .condition_expression("attribute_not_exists(pk)"),
            )?;
        }
        Ok(())
    }

    /// Adds a member. False if they are one already, or there is no such workspace.
    pub async fn add_member(&self, member: &Member) -> Result<bool> {
        let mut transaction = Transaction::default();
        self.add_member_items(&mut transaction, member)?;
        transaction.check(
            aws_sdk_dynamodb::types::ConditionCheck::builder()
                .table_name(&self.table)
                .set_key(Some(Key::workspace(&member.workspace).attributes()))
                .condition_expression("attribute_exists(pk)"),
        )?;
        Ok(matches!(
            self.commit("add member", transaction).await?,
            Committed::Yes
        ))
    }

    /// Removes a member, and writes down who did it. False if there is none, or if the
    /// admin who removes is none any more: two admins cannot remove each other.
    pub async fn remove_member(
        &self,
        workspace: &WorkspaceId,
        member: &MemberId,
        by: Option<&MemberId>,
        actor: &Actor,
    ) -> Result<bool> {
        let Some(known) = self.get(&Key::member(workspace, member)).await? else {
            return Ok(false);
        };
        let mut transaction = Transaction::default();
        if let Some(by) = by {
            transaction.check(
                aws_sdk_dynamodb::types::ConditionCheck::builder()
                    .table_name(&self.table)
                    .set_key(Some(Key::member(workspace, by).attributes()))
                    .condition_expression("body.#role = :admin")
                    .expression_attribute_names("#role", "role")
                    .expression_attribute_values(":admin", attribute("role", &Role::Admin)?),
            )?;
        }
        let in_workspace = self.delete(&Key::member(workspace, member));
        transaction.delete(in_workspace.condition_expression("attribute_exists(pk)"))?;
        transaction.delete(self.delete(&Key::identity(member, workspace)))?;
        let departure = Departure {
            member: body("member", &known)?,
            by: actor.clone(),
            at: self.clock.now(),
        };
        let key = Key::departure(workspace, member);
        transaction.put(
            self.put()
                .set_item(Some(item(&key, "departure", &departure)?)),
        )?;
        Ok(matches!(
            self.commit("remove member", transaction).await?,
            Committed::Yes
        ))
    }

    /// One page of a workspace's members.
    pub async fn members(
        &self,
        workspace: &WorkspaceId,
        cursor: Option<&Cursor>,
        limit: u8,
    ) -> Result<Listed<Member>> {
        let page = Paging {
            cursor,
            limit: i32::from(limit),
            oldest_first: true,
        };
        let listed = self.list(partition(workspace), MEMBER, page).await?;
        listed.try_map(|item| body("member", item))
    }

    /// The workspaces of an identity, in one read.
    pub async fn memberships(&self, member: &MemberId) -> Result<Vec<Member>> {
        let page = Paging {
            cursor: None,
            limit: MEMBERSHIPS_MAX,
            oldest_first: true,
        };
        let listed = self.list(identity_partition(member), "WS#", page).await?;
        listed
            .items
            .iter()
            .map(|item| body("member", item))
            .collect()
    }
}
