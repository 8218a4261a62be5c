use std::{convert::Infallible, sync::Arc};

use http::Method;
use lambda_http::{Body, Request, Response};
use numberline::{
    app::{Base, Caller, Error, provision::Shop, workspaces},
    domain::{Plan, WorkspaceId},
    edge::{
        ConfigError, Keyed, Log, Problem, Reply, Sink, Wiring, caller, json_body,
        optional_idempotency_key, page, path_id, report_missing_number, respond, segments,
        views::{MeView, MemberView, OrderView, PageView, PlanView, SignedUpView, WorkspaceView},
    },
};

use crate::body::{NewMember, NewWorkspace, WorkspaceChange};

/// What signing up needs.
pub(crate) struct App {
    base: Base,
    shop: Shop,
    self_service: Vec<Plan>,
    plan_claim: Option<String>,
    metrics: Arc<dyn Sink>,
}

impl App {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            shop: wiring.shop(),
            self_service: wiring.self_service_plans(),
            plan_claim: wiring.plan_claim(),
            metrics: Arc::new(Log),
        };
        wiring.finish(app)
    }

    fn caller(&self, request: &Request) -> Result<Caller, Problem> {
        caller(request, self.plan_claim.as_deref())
    }

    /// The caller in the workspace that the path names.
    fn caller_in(&self, request: &Request, workspace: &str) -> Result<Caller, Problem> {
        let caller = self.caller(request)?;
        let named: WorkspaceId = path_id(workspace)?;
        Ok(Caller {
            workspace: Some(named),
            ..caller
        })
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let reply = match (request.method(), segments(&request).as_slice()) {
        (&Method::GET, ["me"]) => me(app, &request).await,
        (&Method::GET, ["plans"]) => plans(app, &request),
        (&Method::POST, ["workspaces"]) => sign_up(app, &request).await,
        (&Method::GET, ["workspaces"]) => list(app, &request).await,
        (&Method::GET, ["workspaces", id]) => get(app, &request, id).await,
        (&Method::PATCH, ["workspaces", id]) => edit(app, &request, id).await,
        (&Method::DELETE, ["workspaces", id]) => delete(app, &request, id).await,
        (&Method::GET, ["workspaces", id, "members"]) => members(app, &request, id).await,
        (&Method::POST, ["workspaces", id, "members"]) => add_member(app, &request, id).await,
        (&Method::GET, ["workspaces", id, "members", who]) => member(app, &request, id, who).await,
        (&Method::DELETE, ["workspaces", id, "members", member]) => {
            remove_member(app, &request, id, member).await
        }
        _ => Err(Error::NotFound.into()),
    };
    Ok(respond(&request, reply))
}

async fn me(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = app.caller(request)?;
    let workspaces = workspaces::memberships(&app.base, &caller).await?;
    let plans = Plan::ALL
        .into_iter()
        .filter(|plan| workspaces::may_choose(&caller, &app.self_service, *plan))
        .collect();
    Ok(Reply::ok(&MeView::new(&caller, &workspaces, plans)))
}

fn plans(app: &App, request: &Request) -> Result<Reply, Problem> {
    app.caller(request)?;
    let view = |plan| PlanView::new(plan, app.self_service.contains(&plan));
    let items = Plan::ALL.into_iter().map(view).collect();
    Ok(Reply::ok(&PageView::whole(items)))
}

async fn sign_up(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = app.caller(request)?;
    let sign_up = json_body::<NewWorkspace>(request)?.read(&app.shop)?;
    let key = optional_idempotency_key(request)?;
    let replay = key.as_ref().map(Keyed::replay);
    let App {
        base,
        shop,
        self_service,
        ..
    } = app;
    let signed_up =
        workspaces::sign_up(base, shop, self_service, &caller, &sign_up, replay).await?;
    report_missing_number(request, &signed_up, app.metrics.as_ref(), base.clock.now());
    let location = format!("/api/workspaces/{}", signed_up.workspace.id);
    Ok(Reply::created(location, &SignedUpView::from(signed_up)))
}

async fn list(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = app.caller(request)?;
    let workspaces = workspaces::memberships(&app.base, &caller).await?;
    let items = workspaces
        .iter()
        .map(|(workspace, _)| WorkspaceView::from(workspace))
        .collect();
    Ok(Reply::ok(&PageView::whole(items)))
}

async fn get(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = app.caller_in(request, id)?;
    let workspace = workspaces::workspace(&app.base, &caller).await?;
    Ok(Reply::ok(&WorkspaceView::from(&workspace)))
}

async fn edit(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = app.caller_in(request, id)?;
    let edit = json_body::<WorkspaceChange>(request)?.read()?;
    let workspace = workspaces::edit(&app.base, &caller, &edit).await?;
    Ok(Reply::ok(&WorkspaceView::from(&workspace)))
}

async fn delete(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = app.caller_in(request, id)?;
    let order = workspaces::delete(&app.base, &app.shop, &caller).await?;
    let view = OrderView::from(&order);
    Ok(Reply::accepted(view.location(), &view).retry_after(view.poll_after_ms()))
}

async fn members(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = app.caller_in(request, id)?;
    let page = page(request)?;
    let listed = workspaces::members(&app.base, &caller, page.cursor.as_ref(), page.limit).await?;
    Ok(Reply::ok(&PageView::of(&listed, MemberView::from)))
}

async fn member(app: &App, request: &Request, id: &str, who: &str) -> Result<Reply, Problem> {
    let caller = app.caller_in(request, id)?;
    let member = workspaces::member(&app.base, &caller, &path_id(who)?).await?;
    Ok(Reply::ok(&MemberView::from(&member)))
}

async fn add_member(app: &App, request: &Request, id: &str) -> Result<Reply, Problem> {
    let caller = app.caller_in(request, id)?;
    let (identity, role) = json_body::<NewMember>(request)?.read(&caller)?;
    let member = workspaces::add_member(&app.base, &caller, &identity, role).await?;
    let location = format!("/api/workspaces/{id}/members/{}", member.id);
    Ok(Reply::created(location, &MemberView::from(&member)))
}

async fn remove_member(
    app: &App,
    request: &Request,
    id: &str,
    member: &str,
) -> Result<Reply, Problem> {
    let caller = app.caller_in(request, id)?;
    workspaces::remove_member(&app.base, &caller, &path_id(member)?).await?;
    Ok(Reply::no_content())
}

#[cfg(test)]
mod tests;
