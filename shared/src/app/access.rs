//! Who asks, and what they may do where.

use crate::{
    domain::{Actor, Member, MemberId, Plan, Role, WorkspaceId, actor::ActorKind, member_id},
    store::{Core, Fetched, Wanted},
};

use super::error::{Error, Result};

/// Whoever calls, as their token says.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who vouches for them: the token's issuer.
    pub issuer: String,
    /// The token's subject.
    pub subject: String,
    /// Whether this is the SaaS product's own backend (scope `numberline/admin`).
    pub service: bool,
    /// The plan a configured claim of the token grants.
    pub plan: Option<Plan>,
    /// The workspace the request names.
    pub workspace: Option<WorkspaceId>,
    /// Where the request came from.
    pub address: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
}

/// A caller inside a workspace: the proof that they may be there. Use cases take
/// this and never a bare workspace id.
#[derive(Clone, Debug)]
pub struct Access {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// What they may do.
    pub role: Role,
    /// Who they are, for the record.
    pub actor: Actor,
}

impl Caller {
    /// The caller's identity as a member.
    #[must_use]
    pub fn member(&self) -> MemberId {
        member_id(&self.issuer, &self.subject)
    }

    /// Who they are, for the record.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            kind: if self.service {
                ActorKind::Service
            } else {
                ActorKind::Member
            },
            subject: self.subject.clone(),
            address: self.address.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

impl Access {
    /// Passes the SaaS product's own backend only.
    pub fn service(self) -> Result<Self> {
        if self.actor.kind == ActorKind::Service {
            Ok(self)
        } else {
            Err(Error::ServiceOnly)
        }
    }

    /// Passes admins only.
    pub fn admin(self) -> Result<Self> {
        if self.role == Role::Admin {
            Ok(self)
        } else {
            Err(Error::AdminOnly)
        }
    }
}

/// Where callers come in.
#[derive(Clone, Copy, Debug)]
pub struct Door<'a>(pub &'a Core);

impl Door<'_> {
    /// Lets a caller into the workspace they name, or into their only one, and reads
    /// what else the request needs: in one round trip when they name it, else in two.
    ///
    /// Somebody else's workspace is not found (P8). Who names none is asked to where
    /// their only one was deleted.
    pub async fn enter(
        self,
        caller: &Caller,
        and_read: &[Wanted<'_>],
    ) -> Result<(Access, Fetched)> {
        let Some(workspace) = &caller.workspace else {
            let access = self.only_workspace(caller).await?;
            let wanted = with(and_read, Wanted::Workspace);
            let fetched = self.0.fetch(&access.workspace, &wanted).await?;
            let workspace = fetched.workspace()?;
            let stands = workspace.is_some_and(|workspace| !workspace.is_deleted());
            return if stands {
                Ok((access, fetched))
            } else {
                Err(Error::WorkspaceRequired)
            };
        };
        let member = caller.member();
        let proof = if caller.service {
            Wanted::Workspace
        } else {
            Wanted::Member(&member)
        };
        let wanted = with(and_read, proof);
        let fetched = self.0.fetch(workspace, &wanted).await?;
        let role = if caller.service {
            fetched.workspace()?.map(|_| Role::Admin)
        } else {
            fetched.member(&member)?.map(|member| member.role)
        };
        let role = role.ok_or(Error::NotFound)?;
        let access = Access {
            workspace: workspace.clone(),
            role,
            actor: caller.actor(),
        };
        Ok((access, fetched))
    }

    /// Lets a caller in with nothing else to read.
    pub async fn open(self, caller: &Caller) -> Result<Access> {
        Ok(self.enter(caller, &[]).await?.0)
    }

    async fn only_workspace(self, caller: &Caller) -> Result<Access> {
        if caller.service {
            return Err(Error::WorkspaceRequired);
        }
        let mut memberships = self.0.memberships(&caller.member()).await?;
        if memberships.len() > 1 {
            self.leave_out_deleted(&mut memberships).await?;
        }
        let [only] = memberships.as_slice() else {
            return Err(Error::WorkspaceRequired);
        };
        Ok(Access {
            workspace: only.workspace.clone(),
            role: only.role,
            actor: caller.actor(),
        })
    }

    /// A workspace that is gone is not one to choose from.
    async fn leave_out_deleted(self, memberships: &mut Vec<Member>) -> Result<()> {
        let ids: Vec<_> = memberships.iter().map(|member| &member.workspace).collect();
        let workspaces = self.0.workspaces(&ids).await?;
        memberships.retain(|member| {
            let known = workspaces
                .iter()
                .find(|workspace| workspace.id == member.workspace);
            known.is_some_and(|workspace| !workspace.is_deleted())
        });
        Ok(())
    }
}

fn with<'w>(wanted: &[Wanted<'w>], one_more: Wanted<'w>) -> Vec<Wanted<'w>> {
    let mut wanted = wanted.to_vec();
    if !wanted.contains(&one_more) {
        wanted.push(one_more);
    }
    wanted
}
