//! Signing up: workspaces and their members.

use crate::{
    domain::{
        Member, MemberId, NumberStatus, OrderId, Plan, Role, Workspace, WorkspaceId,
        WorkspaceStatus, member_id,
        order::{Close, Order, Owner, Wish, Work},
        workspace::{NAME_MAX, NUMBER_LIMIT_MAX, Reservations, workspace_id},
    },
    store::{
        Closing, Core, Cursor, Departed, Founded, Founding, Listed, Placed, Refusal, Replay,
        Wanted, WorkspaceEdit,
    },
};

use super::{
    Base,
    access::{Access, Caller, Door},
    error::{Error, Result},
    limits::{FOUNDED_MAX, PAGE_MAX, PLACE_TRIES},
    provision::{Attempt, Request, Shop, place, placed_before, wake},
};

/// Pages of a workspace's numbers that are looked through: more than it may hold, and
/// those it released in ten years.
const NUMBER_PAGES_MAX: u32 = 100;

/// What signing up asks for.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The workspace's name.
    pub name: String,
    /// Its plan.
    pub plan: Plan,
    /// The SaaS product's own name for it.
    pub external_id: Option<String>,
    /// Its first admin, when the SaaS product's backend signs it up.
    pub admin: Option<Identity>,
    /// The number to order at once, if any.
    pub number: Option<Wish>,
}

/// Somebody a token can be issued for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The token's issuer.
    pub issuer: String,
    /// The token's subject.
    pub subject: String,
}

/// A new workspace, and what came of its number.
#[derive(Debug)]
pub struct SignedUp {
    /// The workspace: it stands whatever became of the number.
    pub workspace: Workspace,
    /// The number's order.
    pub order: Option<Order>,
    /// Why there is none, if one was wanted.
    pub warning: Option<Error>,
}

/// Whether the caller may sign a workspace up on this plan: everybody may, or their token
/// says so, or they are the product's own backend.
#[must_use]
pub fn may_choose(caller: &Caller, self_service: &[Plan], plan: Plan) -> bool {
    caller.service || caller.plan == Some(plan) || self_service.contains(&plan)
}

/// Founds a workspace and orders its number, once per idempotency key. Whatever goes
/// wrong with the order, the workspace stands.
pub async fn sign_up(
    base: &Base,
    shop: &Shop,
    self_service: &[Plan],
    caller: &Caller,
    sign_up: &SignUp,
    replay: Option<Replay<'_>>,
) -> Result<SignedUp> {
    if !may_choose(caller, self_service, sign_up.plan) {
        return Err(Error::PlanNotAllowed);
    }
    if sign_up.number.is_some() && replay.is_none() {
        return Err(Error::KeyRequired);
    }
    let workspace = found(base, caller, sign_up, replay).await?;
    let Some(wish) = &sign_up.number else {
        return Ok(SignedUp {
            workspace,
            order: None,
            warning: None,
        });
    };
    match order_first_number(base, shop, caller, &workspace, wish).await {
        Ok(order) => Ok(SignedUp {
            workspace: with_reservation(workspace, shop, &order),
            order: Some(order),
            warning: None,
        }),
        Err(warning) => Ok(SignedUp {
            workspace,
            order: None,
            warning: Some(warning),
        }),
    }
}

/// Founds the workspace, or finds the one that the same request founded before.
async fn found(
    base: &Base,
    caller: &Caller,
    sign_up: &SignUp,
    replay: Option<Replay<'_>>,
) -> Result<Workspace> {
    let workspace = new_workspace(base, caller, sign_up, replay)?;
    let admin = first_admin(caller, sign_up, &workspace);
    let founding = Founding {
        workspace: &workspace,
        admin: admin.as_ref(),
        founded_max: (!caller.service).then_some(FOUNDED_MAX),
    };
    match base.core.found(&founding).await? {
        Founded::Yes => Ok(workspace),
        Founded::Before(before) if before.request_hash == workspace.request_hash => {
            // Who was removed since comes to a closed door, like anybody else (P8).
            let named = Caller {
                workspace: Some(before.id.clone()),
                ..caller.clone()
            };
            Door(&base.core).open(&named).await?.admin()?;
            Ok(*before)
        }
        Founded::Before(_) => Err(Error::KeyReused),
        Founded::ExternalIdTaken(_) => Err(Error::ExternalIdTaken),
        Founded::TooMany => Err(Error::TooManyWorkspaces),
    }
}

/// The workspace as it is with its first order's reservation, while that holds.
fn with_reservation(mut workspace: Workspace, shop: &Shop, order: &Order) -> Workspace {
    if !order.status.is_final() {
        let held = &mut workspace.reservations.held;
        held.insert(order.id.clone(), shop.number_price);
    }
    workspace
}

fn new_workspace(
    base: &Base,
    caller: &Caller,
    sign_up: &SignUp,
    replay: Option<Replay<'_>>,
) -> Result<Workspace> {
    let name = name(&sign_up.name)?;
    if sign_up.external_id.is_some() && !caller.service {
        let detail = "only the product's own backend may set it";
        return Err(Error::invalid(
            "/externalId",
            "external_id_not_allowed",
            detail,
        ));
    }
    if sign_up.admin.is_some() && !caller.service {
        let detail = "only the product's own backend may name the admin";
        return Err(Error::invalid("/admin", "admin_not_allowed", detail));
    }
    let now = base.clock.now();
    Ok(Workspace {
        id: match replay {
            Some(replay) => workspace_id(&caller.member(), replay.key),
            None => WorkspaceId::new(now, base.chance.draw()),
        },
        name,
        plan: sign_up.plan,
        status: WorkspaceStatus::Active,
        external_id: sign_up.external_id.clone(),
        request_hash: replay.map(|replay| replay.request_hash.to_owned()),
        created_at: now,
        reservations: Reservations::default(),
        number_limit: None,
        closing_order: None,
        changed_by: caller.actor(),
    })
}

/// A workspace's name as it is kept: without the blanks around it.
fn name(text: &str) -> Result<String> {
    let name = text.trim();
    match name.chars().count() {
        0 => Err(Error::invalid(
            "/name",
            "name_missing",
            "give the workspace a name",
        )),
        _ if name.chars().any(char::is_control) => Err(Error::invalid(
            "/name",
            "name_invalid",
            "a name is one line of plain text",
        )),
        length if length > NAME_MAX => {
            let detail = format!("a name has at most {NAME_MAX} characters");
            Err(Error::invalid("/name", "name_too_long", detail))
        }
        _ => Ok(name.to_owned()),
    }
}

fn first_admin(caller: &Caller, sign_up: &SignUp, workspace: &Workspace) -> Option<Member> {
    let identity = match (&sign_up.admin, caller.service) {
        (Some(admin), true) => admin.clone(),
        (None, true) => return None,
        (_, false) => Identity {
            issuer: caller.issuer.clone(),
            subject: caller.subject.clone(),
        },
    };
    Some(new_member(
        caller,
        &workspace.id,
        &identity,
        Role::Admin,
        workspace.created_at,
    ))
}

fn new_member(
    caller: &Caller,
    workspace: &WorkspaceId,
    identity: &Identity,
    role: Role,
    since: crate::domain::Timestamp,
) -> Member {
    Member {
        id: member_id(&identity.issuer, &identity.subject),
        workspace: workspace.clone(),
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        role,
        since,
        changed_by: caller.actor(),
    }
}

/// The order of a new workspace's number, placed once: its idempotency key is the
/// workspace's own id, under which nobody else places. The key is looked up before the
/// plan's limit is, which the first order may have reached. Why there is none is kept
/// under the key, too: the same sign-up, repeated a month later, buys nothing (P4).
async fn order_first_number(
    base: &Base,
    shop: &Shop,
    caller: &Caller,
    workspace: &Workspace,
    wish: &Wish,
) -> Result<Order> {
    let access = Access {
        workspace: workspace.id.clone(),
        role: Role::Admin,
        actor: caller.actor(),
    };
    let request = Request {
        wish: wish.clone(),
        label: None,
    };
    let key = format!("sign-up {}", workspace.id);
    let replay = Replay {
        key: &key,
        request_hash: "sign-up",
    };
    let wanted = [Wanted::Workspace, Wanted::IdempotencyKey(replay.key)];
    let read = base.core.fetch(&access.workspace, &wanted).await?;
    if let Some(used) = read.key_use(replay.key)? {
        return placed_before(base, &access, &used, replay).await;
    }
    let workspace = read.workspace()?.ok_or(Error::NotFound)?;
    let refusal = match place(base, shop, &access, &workspace, &request, replay).await {
        Ok(Attempt::Placed(order)) => return Ok(*order),
        Ok(Attempt::Before(used)) => return placed_before(base, &access, &used, replay).await,
        Ok(Attempt::Again) => return Err(Error::Busy),
        Ok(Attempt::Claimed) => Refusal::NumberTaken,
        Err(Error::OverLimit(limit)) => Refusal::OverLimit(limit),
        Err(Error::PurchasesDisabled) => Refusal::PurchasesDisabled,
        Err(error) => return Err(error),
    };
    let core = &base.core;
    let kept = core.keep_refusal(&access.workspace, replay, refusal.clone());
    match kept.await? {
        None => Err(refusal.into()),
        Some(used) => placed_before(base, &access, &used, replay).await,
    }
}

/// The caller's workspaces with their role in each.
pub async fn memberships(base: &Base, caller: &Caller) -> Result<Vec<(Workspace, Role)>> {
    let members = base.core.memberships(&caller.member()).await?;
    let ids: Vec<_> = members.iter().map(|member| &member.workspace).collect();
    let workspaces = base.core.workspaces(&ids).await?;
    let role_in = |workspace: &Workspace| {
        members
            .iter()
            .find(|member| member.workspace == workspace.id)
            .map(|member| member.role)
    };
    Ok(workspaces
        .into_iter()
        .filter(|workspace| !workspace.is_deleted())
        .filter_map(|workspace| role_in(&workspace).map(|role| (workspace, role)))
        .collect())
}

/// The workspace the caller is in.
pub async fn workspace(base: &Base, caller: &Caller) -> Result<Workspace> {
    let (_, read) = Door(&base.core).enter(caller, &[Wanted::Workspace]).await?;
    read.workspace()?.ok_or(Error::NotFound)
}

/// Changes the workspace. Its name is its admins'; whether it may act and how many
/// numbers it may hold is the SaaS product's.
pub async fn edit(base: &Base, caller: &Caller, edit: &WorkspaceEdit) -> Result<Workspace> {
    let edit = WorkspaceEdit {
        name: edit.name.as_deref().map(name).transpose()?,
        ..edit.clone()
    };
    if edit
        .number_limit
        .is_some_and(|limit| limit > NUMBER_LIMIT_MAX)
    {
        let detail = format!("a workspace holds at most {NUMBER_LIMIT_MAX} numbers");
        return Err(Error::invalid(
            "/numberLimit",
            "invalid_number_limit",
            detail,
        ));
    }
    let mut access = Door(&base.core).open(caller).await?.admin()?;
    if edit.suspended.is_some() || edit.number_limit.is_some() {
        access = access.service()?;
    }
    let core = &base.core;
    let edited = core
        .edit_workspace(&access.workspace, &edit, &access.actor)
        .await?;
    let workspace = edited.ok_or(Error::WorkspaceClosing)?;
    if let Some(suspended) = edit.suspended {
        suspend_numbers(core, &access, suspended).await?;
    }
    Ok(workspace)
}

/// Switches the numbers of a workspace off with it, and on again. Where this is cut
/// short the workspace's own status holds, and the same request asked again completes it.
async fn suspend_numbers(core: &Core, access: &Access, suspended: bool) -> Result<()> {
    let (from, to) = if suspended {
        (NumberStatus::Active, NumberStatus::Suspended)
    } else {
        (NumberStatus::Suspended, NumberStatus::Active)
    };
    let mut cursor = None;
    for _ in 0..NUMBER_PAGES_MAX {
        let page = core
            .numbers(&access.workspace, cursor.as_ref(), PAGE_MAX)
            .await?;
        for number in page.items.iter().filter(|number| number.status == from) {
            core.set_number_status(number, to, &access.actor).await?;
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(())
}

/// Places the order that deletes the workspace: nothing new begins there, its orders are
/// canceled and its numbers given back. Asked again, it answers with the same order.
pub async fn delete(base: &Base, shop: &Shop, caller: &Caller) -> Result<Order> {
    for _ in 0..PLACE_TRIES {
        let (access, read) = Door(&base.core).enter(caller, &[Wanted::Workspace]).await?;
        let access = access.admin()?;
        let workspace = read.workspace()?.ok_or(Error::NotFound)?;
        if let Some(order) = &workspace.closing_order {
            let wanted = [Wanted::Order(order)];
            let read = base.core.fetch(&access.workspace, &wanted).await?;
            return read.order(order)?.ok_or(Error::NotFound);
        }
        let now = base.clock.now();
        let order = Order::new(
            OrderId::new(now, base.chance.draw()),
            Owner::Workspace(workspace.id.clone()),
            shop.carrier.clone(),
            Work::Close(Close::of(&workspace)),
            &access.actor,
            now,
        );
        let closing = Closing {
            order: &order,
            workspace: &workspace,
        };
        if let Placed::Yes = base.core.place_closing(&closing).await? {
            wake(&shop.queue, &order).await;
            return Ok(order);
        }
    }
    Err(Error::Busy)
}

/// One page of the workspace's members.
pub async fn members(
    base: &Base,
    caller: &Caller,
    cursor: Option<&Cursor>,
    limit: u8,
) -> Result<Listed<Member>> {
    let access = Door(&base.core).open(caller).await?;
    Ok(base.core.members(&access.workspace, cursor, limit).await?)
}

/// One member of the workspace.
pub async fn member(base: &Base, caller: &Caller, member: &MemberId) -> Result<Member> {
    let wanted = [Wanted::Member(member)];
    let (_access, read) = Door(&base.core).enter(caller, &wanted).await?;
    read.member(member)?.ok_or(Error::NotFound)
}

/// Adds a member, unless the workspace is going or gone.
pub async fn add_member(
    base: &Base,
    caller: &Caller,
    identity: &Identity,
    role: Role,
) -> Result<Member> {
    let (access, read) = Door(&base.core).enter(caller, &[Wanted::Workspace]).await?;
    let access = access.admin()?;
    let workspace = read.workspace()?.ok_or(Error::NotFound)?;
    if matches!(
        workspace.status,
        WorkspaceStatus::Deleting | WorkspaceStatus::Deleted
    ) {
        return Err(Error::WorkspaceClosing);
    }
    let now = base.clock.now();
    let member = new_member(caller, &access.workspace, identity, role, now);
    if base.core.add_member(&member).await? {
        Ok(member)
    } else {
        Err(Error::AlreadyMember)
    }
}

/// Removes a member: admins remove others, and everybody may go. A workspace keeps an
/// admin, unless the product's own backend removes the last one.
pub async fn remove_member(base: &Base, caller: &Caller, member: &MemberId) -> Result<()> {
    let access = Door(&base.core).open(caller).await?;
    let own = caller.member();
    if !caller.service && *member == own {
        return leave(base, &access, &own).await;
    }
    let access = access.admin()?;
    let by = (!caller.service).then_some(&own);
    let removed = base
        .core
        .remove_member(&access.workspace, member, by, &access.actor)
        .await?;
    removed.then_some(()).ok_or(Error::NotFound)
}

async fn leave(base: &Base, access: &Access, member: &MemberId) -> Result<()> {
    let Access {
        workspace, actor, ..
    } = access;
    match base.core.leave(workspace, member, actor).await? {
        Departed::Yes => Ok(()),
        Departed::NoMember => Err(Error::NotFound),
        Departed::LastAdmin => Err(Error::LastAdmin),
    }
}
