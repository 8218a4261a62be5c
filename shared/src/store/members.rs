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

/// So often somebody's leaving is tried while other admins come and go.
const LEAVE_TRIES: u32 = 5;

/// What came of leaving a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departed {
    /// They are a member no more.
    Yes,
    /// They were none.
    NoMember,
    /// They are the only admin, and stay.
    LastAdmin,
}

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
        let departure = self.departure(body("member", &known)?, actor);
        let committed = self.depart(&departure, by).await?;
        Ok(matches!(committed, Committed::Yes))
    }

    /// Lets a member go who wants to, and writes it down. The last admin stays: another
    /// one must be there when they go, so that of two who go at once one does.
    pub async fn leave(
        &self,
        workspace: &WorkspaceId,
        member: &MemberId,
        actor: &Actor,
    ) -> Result<Departed> {
        for _ in 0..LEAVE_TRIES {
            let Some(known) = self.get(&Key::member(workspace, member)).await? else {
                return Ok(Departed::NoMember);
            };
            let departure = self.departure(body("member", &known)?, actor);
            let other = match departure.member.role {
                Role::Member => None,
                Role::Admin => match self.admin_beside(&departure.member).await? {
                    Some(other) => Some(other.id),
                    None => return Ok(Departed::LastAdmin),
                },
            };
            let committed = self.depart(&departure, other.as_ref()).await?;
            if let Committed::Yes = committed {
                return Ok(Departed::Yes);
            }
        }
        Err(Error::Contended {
            operation: "leave",
            tries: LEAVE_TRIES,
        })
    }

    /// An admin of the workspace other than this member.
    async fn admin_beside(&self, member: &Member) -> Result<Option<Member>> {
        let mut cursor = None;
        loop {
            let page = self.members(&member.workspace, cursor.as_ref(), u8::MAX);
            let page = page.await?;
            let mut others = page.items.into_iter();
            let other = others.find(|other| other.role == Role::Admin && other.id != member.id);
            cursor = page.next;
            if other.is_some() || cursor.is_none() {
                return Ok(other);
            }
        }
    }

    fn departure(&self, member: Member, actor: &Actor) -> Departure {
        Departure {
            member,
            by: actor.clone(),
            at: self.clock.now(),
        }
    }

    /// Takes a member out who is as they were read, provided that `admin` is one.
    async fn depart(&self, departure: &Departure, admin: Option<&MemberId>) -> Result<Committed> {
        let Member {
            id,
            workspace,
            role,
            ..
        } = &departure.member;
        let mut transaction = Transaction::default();
        if let Some(admin) = admin {
            transaction.check(
                aws_sdk_dynamodb::types::ConditionCheck::builder()
                    .table_name(&self.table)
                    .set_key(Some(Key::member(workspace, admin).attributes()))
                    .condition_expression("body.#role = :admin")
                    .expression_attribute_names("#role", "role")
                    .expression_attribute_values(":admin", attribute("role", &Role::Admin)?),
            )?;
        }
        let in_workspace = self
            .delete(&Key::member(workspace, id))
            .condition_expression("body.#role = :role")
            .expression_attribute_names("#role", "role")
            .expression_attribute_values(":role", attribute("role", role)?);
        transaction.delete(in_workspace)?;
        transaction.delete(self.delete(&Key::identity(id, workspace)))?;
        let key = Key::departure(workspace, id);
        transaction.put(
            self.put()
                .set_item(Some(item(&key, "departure", departure)?)),
        )?;
        self.commit("remove member", transaction).await
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
