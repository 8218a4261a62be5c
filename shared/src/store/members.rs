//! Members, kept twice: in their workspace, and under their identity, so that a
//! caller who names no workspace is found with one read.

use super::{
    core::{Core, Paging},
    cursor::{Cursor, Listed},
    error::{Error, Result},
    item::{attribute, body, item},
    keys::{Key, MEMBER, identity_partition, partition},
    transaction::{Committed, Transaction},
};
use crate::domain::{Actor, Member, MemberId, Role, WorkspaceId, audit::Departure};

/// Memberships that are read in one go.
const MEMBERSHIPS_PAGE: i32 = 100;

/// Pages of an identity's memberships that are read at most. Those of deleted
/// workspaces are among them.
const MEMBERSHIP_PAGES_MAX: u32 = 20;

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

    /// The workspaces of an identity: in one read, unless it has been in very many.
    pub async fn memberships(&self, member: &MemberId) -> Result<Vec<Member>> {
        let mut memberships = Vec::new();
        let mut cursor = None;
        for _ in 0..MEMBERSHIP_PAGES_MAX {
            let page = Paging {
                cursor: cursor.as_ref(),
                limit: MEMBERSHIPS_PAGE,
                oldest_first: true,
            };
            let listed = self.list(identity_partition(member), "WS#", page).await?;
            let listed = listed.try_map(|item| body("member", item))?;
            memberships.extend(listed.items);
            cursor = listed.next;
            if cursor.is_none() {
                return Ok(memberships);
            }
        }
        Err(Error::TooLong {
            what: "memberships",
        })
    }
}
